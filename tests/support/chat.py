"""A chat with the dialog, without Telegram: one person, their acts, and the screen they see."""

from dataclasses import replace
from itertools import count

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import Answer, Edited, Event, Heard, Person, Pressed, Said, SentMedia
from chatbot.screens.screen import Press, Screen

_update_ids = count(700_000_001)
_message_ids = count(101)
_MESSAGE = 5


class Chat:
    """One person's side of the conversation."""

    def __init__(self, dialog: Dialog, person: Person) -> None:
        self.dialog = dialog
        self.person = person
        self.screen = Screen(text="")  # type: ignore[arg-type]
        self.first: list[str] = []
        """Texts of the screens sent above the current one."""
        self.receipt = ""
        """Text of the screen that a question was sent below, if the last act brought two."""
        self.answer: Answer | None = None
        self.heard: Heard | None = None
        self.written = 0
        """Message id of the text they typed last."""

    @property
    def text(self) -> str:
        """Text of the screen they see."""
        return str(self.screen.text)

    @property
    def notice(self) -> str | None:
        """Notice in the answer to the last tap."""
        return self.answer.notice if self.answer else None

    @property
    def labels(self) -> list[str]:
        """Labels of all buttons they see."""
        return [button.label for row in self.screen.rows for button in row]

    @property
    def actions(self) -> list[str]:
        """Data of all buttons they see."""
        return [button.action for row in self.screen.rows for button in row if isinstance(button, Press)]

    async def does(self, event: Event) -> Answer | None:
        """Send any event from this chat."""
        self.heard = Heard(next(_update_ids), self.person, event)
        return await self._hear()

    async def again(self) -> Answer | None:
        """Deliver their last update again."""
        return await self._hear()

    async def says(self, text: str) -> Answer | None:
        """Type a text or a /command."""
        self.written = next(_message_ids)
        if text.startswith("/"):
            command, _, payload = text[1:].partition(" ")
            return await self.does(Said(text, command, payload, message_id=self.written))
        return await self.does(Said(text, message_id=self.written))

    async def edits(self, text: str, message_id: int | None = None) -> Answer | None:
        """Edit the text they typed last, or an earlier one."""
        return await self.does(Edited(Said(text, message_id=message_id or self.written)))

    async def sends(self, kind: str, file_id: str | None = None, caption: str = "") -> Answer | None:
        """Send something without text, or a file with an optional caption."""
        return await self.does(SentMedia(kind, file_id, caption))

    async def taps(self, label: str) -> Answer | None:
        """Tap the button whose label contains `label`; fail unless there is exactly one."""
        found = [
            button for row in self.screen.rows for button in row if isinstance(button, Press) and label in button.label
        ]
        assert len(found) == 1, f"{label!r} is on {len(found)} of the buttons {self.labels}"
        return await self.presses(found[0].action)

    async def presses(self, action: str, message_id: int = _MESSAGE) -> Answer | None:
        """Press a button by its data, even one of an old screen."""
        return await self.does(Pressed(action, f"query-{next(_update_ids)}", message_id))

    def renamed(self, name: str) -> None:
        """Change the name in their Telegram profile."""
        self.person = replace(self.person, name=name)

    async def begins(self) -> None:
        """Begin to sign as somebody for whom nothing can be filled in: the bot asks for the name, then the country."""
        person = self.person
        spoken = "ko-KP" if (person.language_code or "").startswith("ko") else "en"
        self.person = replace(person, name="", language_code=spoken)
        await self.says("/sign")
        self.person = person

    async def signs(self) -> None:
        """Sign with as few taps as possible, from Korea unless the bot fills in a country."""
        await self.says("/sign")
        for needed in ("name.profile", "country.KR"):
            if needed in self.actions:
                await self.presses(needed)
        await self.taps("✍️")

    async def _hear(self) -> Answer | None:
        assert self.heard is not None
        self.answer = await self.dialog.hear(self.heard)
        self.receipt = ""
        if self.answer and self.answer.screen:
            self.screen = self.answer.screen
        if self.answer and self.answer.then:
            self.receipt, self.screen = self.text, self.answer.then
        self.first = [str(screen.text) for screen in self.answer.first] if self.answer else []
        return self.answer
