"""One person of the cast with their phone: what they do, and the screen that follows."""

import asyncio
from collections.abc import Callable
from typing import Any

from chatbot.emulator import EmulatedPerson, Watch, World
from tests.support.limits import GIVE_UP
from tests.support.recorded_calls import Wire

Json = dict[str, Any]


class Actor:
    """A person in a story. An act returns once the bot has answered it, with at most one screen.

    If the bot edits a message that stays, such as the thanks, one new message may follow. Organizers may get more:
    posts above the answer, and reports of a broadcast at any time.
    """

    def __init__(self, world: World, wire: Wire, person: EmulatedPerson, reads: Callable[[str], str] = str) -> None:
        self.world = world
        self.reads = reads
        """Reads a screen in the language of the story."""
        self.wire = wire
        self.person = person
        self.watch: Watch = world.watch(person)
        self.is_organizer = False
        self.message: Json = {}
        """The bot's newest message."""
        self.came: list[Json] = []
        """The "message" and "edited" events that followed the last act."""
        self.notice: str | None = None
        """The text of the answer to the last tap."""
        self._seen: dict[str, int] = {}
        """By the data of each button, the message in which they last saw it."""

    @property
    def id(self) -> int:
        """Their Telegram id."""
        return self.person.id

    @property
    def screen(self) -> str:
        """The screen they see: the text, and below it each row of buttons as `[label]` or `[label](address)`."""
        return self.reads(draw(self.message))

    @property
    def above(self) -> str:
        """The screens that followed the last act above the one they see."""
        return "\n".join(self.reads(draw(event["message"])) for event in self.came[:-1])

    @property
    def buttons(self) -> list[Json]:
        """The buttons they see, as the Bot API has them."""
        return [button for row in self.message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]

    @property
    def edited(self) -> bool:
        """Whether the last screen replaced the one before."""
        return [event["type"] for event in self.came][-1:] == ["edited"]

    def find(self, label: str) -> Json:
        """Return the button with this label, or else the only one whose label contains it."""
        exact = [button for button in self.buttons if self.reads(button["text"]) == label]
        found = exact or [button for button in self.buttons if label in self.reads(button["text"])]
        assert len(found) == 1, f"[{label}] is on {len(found)} of the buttons {self.person.first_name} sees:\n{self}"
        return found[0]

    def __str__(self) -> str:
        return "\n".join(f"    | {line}" for line in self.screen.splitlines())

    # Acts

    async def says(self, text: str) -> str:
        """Send a text; `/start payload` follows a deep link."""
        await self._discard_earlier()
        command, _, payload = text.partition(" ")
        if command == "/start":
            self.world.starts(self.person, payload)
        else:
            self.world.says(self.person, text)
        return await self.waits()

    async def taps(self, label: str) -> str:
        """Tap a button of the newest message."""
        return await self.presses(self.find(label)["callback_data"])

    async def presses(self, action: str, message_id: int | None = None, *, stale: bool = False) -> str:
        """Press the button with the data `action`, on the newest message or the given one."""
        await self._discard_earlier()
        tapped = message_id or self.message["message_id"]
        query_id = self.world.presses(self.person, tapped, action, stale=stale)
        await self.waits(query_id)
        if self.is_organizer:
            self._set_apart(tapped)
        return self.screen

    async def presses_old(self, start: str) -> str:
        """Press a button that they saw in an earlier screen, by the beginning of its data."""
        action, message_id = next((data, seen) for data, seen in self._seen.items() if data.startswith(start))
        return await self.presses(action, message_id, stale=True)

    def _set_apart(self, tapped: int) -> None:
        """Take the change of the tapped message as the answer, and leave other events in the watch."""
        answers = [event for event in self.came if event["message"]["message_id"] == tapped]
        if answers:
            for event in self.came:
                if event not in answers:
                    self.watch.note(event)
            self.came = answers
            self.message = answers[-1]["message"]

    async def sends(self, kind: str) -> str:
        """Send a sample of this kind."""
        await self._discard_earlier()
        self.world.sends(self.person, kind)
        return await self.waits()

    async def sends_photo(self, caption: str) -> str:
        """Send a picture with a caption."""
        await self._discard_earlier()
        self.world.sends_photo(self.person, caption=caption)
        return await self.waits()

    async def _discard_earlier(self) -> None:
        """Discard what an organizer got before the act, because it is no answer to the act."""
        if self.is_organizer:
            for event in self.watch.taken_so_far():
                await self.watch.next(event["type"])

    async def waits(self, query_id: str | None = None) -> str:
        """Wait until the bot has processed everything. Check that a tap got one answer, with at most one screen."""
        await self.wire.until_heard(self.world)
        events = self.watch.taken_so_far()
        for event in events:
            await self.watch.next(event["type"])
        answered = [event for event in events if event["type"] == "answered"]
        assert [event["query_id"] for event in answered] == ([query_id] if query_id else [])
        self.notice = self.reads(answered[0]["text"] or "") if answered else None
        self.came = [event for event in events if event.get("message", {}).get("from", {}).get("is_bot")]
        if not self.is_organizer:
            self.came = [event for nth, event in enumerate(self.came) if not nth or not _is_removal(event)]
            came = [event["type"] for event in self.came]
            assert len(came) < 2 or came == ["edited", "message"], f"one act brought {came} to {self.person.first_name}"
        if self.came:
            self.message = self.came[-1]["message"]
            message_id = self.message["message_id"]
            self._seen |= {each["callback_data"]: message_id for each in self.buttons if "callback_data" in each}
        return self.screen

    async def awaits(self, pieces: Callable[[str], bool], within: float = GIVE_UP) -> None:
        """Wait for a new or changed screen without an act."""
        found = (event["message"] for event in self.came if pieces(self.reads(draw(event["message"]))))
        self.message = next(found, self.message)
        async with asyncio.timeout(within):
            while not pieces(self.screen):
                self.message = await self.watch.next_screen(timeout=within)


def _is_removal(event: Json) -> bool:
    """Whether an event after a screen only takes the buttons off an answered question."""
    return event["type"] == "edited" and "reply_markup" not in event["message"]


def draw(message: Json) -> str:
    """Return a message as people see it: its text or caption, and below it its buttons."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    shown = [" ".join(_show(button) for button in row) for row in rows]
    return "\n".join([message.get("text") or message.get("caption", ""), *shown])


def _show(button: Json) -> str:
    return f"[{button['text']}]" + (f"({button['url']})" if "url" in button else "")
