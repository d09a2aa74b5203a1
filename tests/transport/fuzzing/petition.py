"""A petition with people at various steps, and what must hold for it after arbitrary updates."""

import json
import logging
import re
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from itertools import count
from types import TracebackType
from typing import Any, Final, Self

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import Answer, Heard, Person
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.petition.signing.human_check import Mode
from chatbot.petition.team import TeamAccess
from chatbot.screens.screen import Press
from chatbot.storage import Transaction, open_database
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.organizer import human_check, petition_status
from tests.support.broadcasts import BroadcastDriver
from tests.support.chat import Chat
from tests.transport.fuzzing.shapes import CAST

YUNA, HANA, SAM, MALLORY = (each["id"] for each in CAST)
_SIGNED: Final = ("/sign", "Sam", "Canada", "because", "[check.sign")
_WRITTEN: Final = ("/broadcast", "친구가 풀려났습니다.", "Our friend is free.")
_SENT: Final = (*_WRITTEN, "[broadcast:ask", "[broadcast:start")
_ENDED: Final = (*_SENT, "(out)", "/broadcasts", "[broadcast:open")
SUPPORTING: Final = (
    *(_SIGNED[:steps] for steps in range(len(_SIGNED) + 1)),
    (*_SIGNED, "[join:"),
    (*_SIGNED[:4], "[check.country"),
    ("(checked)", *_SIGNED, "(unchecked)"),
    ("/updates",),
)
"""How supporters reach each step: by the texts they say, and by buttons whose data begins like this after the [.

`(checked)` switches the human check on and `(unchecked)` off. Who signs in between gets its question.
"""
WRITING: Final = (
    (),
    *(_WRITTEN[:steps] for steps in range(1, len(_WRITTEN) + 1)),
    (*_WRITTEN, "[broadcast:settings", "[broadcast:button"),
    (*_WRITTEN, "[broadcast:settings", "[broadcast:who", "[broadcast:countries"),
    (*_WRITTEN, "[broadcast:later"),
    (*_WRITTEN, "[broadcast:settings", "[broadcast:discard"),
    _SENT,
    (*_SENT, "/broadcast"),
    (*_SENT, "/broadcasts", "[broadcast:open", "[broadcast:pause"),
    (*_ENDED, "[broadcast:recall"),
    (*_ENDED, "[broadcast:correct"),
)
"""How an organizer reaches each step; `(out)` lets the worker send the broadcast."""
KNOWN: Final = re.compile("could not be read|that is no object was left out")
"""Warnings that arbitrary updates may cause."""
_NUMBERS: Final = count(2**40)


class Petition(logging.Handler):
    """`async with Petition(…) as petition:` runs a petition; it is a `Conversation`."""

    unavailable = Dialog.unavailable

    def __init__(
        self,
        url: str,
        campaign: Campaign,
        translators: Mapping[str, Translator],
        steps: Mapping[int, Sequence[str]],
    ) -> None:
        super().__init__(logging.WARNING)
        self._url = url
        self._campaign = replace(campaign, is_open=True)
        self._translators = translators
        self._steps = steps
        self.complaints: list[str] = []
        """All other warnings and errors."""
        self.answers: dict[int, Answer | None] = {}
        """The answer to each update."""
        self._begun, self._done = 0, 0
        """How many turns of the organizer have begun, and how many are done."""
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self.database = await open_database(self._url)
        self._stack.push_async_callback(self.database.close)
        access = TeamAccess(frozenset({YUNA}), 25.0, paid=False)
        link = "https://t.me/petition_bot"
        self._dialog = Dialog(self.database, self._campaign, self._translators, link, team=access)
        driver = BroadcastDriver(self.database)
        await driver.subscribe([SAM])
        for person_id, lines in self._steps.items():
            chat = Chat(self._dialog, Person(person_id, "Sam", "en"))
            for line in lines:
                await _does(chat, line, driver)
        logging.getLogger().addHandler(self)
        self._stack.callback(logging.getLogger().removeHandler, self)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def emit(self, record: logging.LogRecord) -> None:
        """Record a line of the log."""
        if not KNOWN.search(record.getMessage()):
            self.complaints.append(f"{record.name}: {record.getMessage()}")

    async def hear(self, heard: Heard) -> Answer | None:
        """See `Dialog.hear`; checks the chat of the answer, and that only the organizer changes broadcasts."""
        if heard.person.id == YUNA:
            self._begun += 1
            answer = await self._hear(heard)
            self._done += 1
            return answer
        begun, is_alone = self._begun, self._begun == self._done
        before = await self.database.transact(_read_broadcasts)
        answer = await self._hear(heard)
        after = await self.database.transact(_read_broadcasts)
        # Turns of different people run at once, and a change while the organizer's turn runs may be hers.
        assert after == before or not is_alone or self._begun > begun
        return answer

    async def _hear(self, heard: Heard) -> Answer | None:
        self.answers[heard.update_id] = answer = await self._dialog.hear(heard)
        assert answer is None or answer.chat_id in (heard.person.id, getattr(heard.event, "chat_id", None))
        return answer

    def apologise(self, heard: Heard) -> Answer:
        """See `Dialog.apologise`. The bug that made it necessary is among the complaints."""
        return self._dialog.apologise(heard)

    async def ask_to_wait(self, heard: Heard) -> Answer:
        """See `Dialog.ask_to_wait`."""
        return await self._dialog.ask_to_wait(heard)

    def slow_down(self, heard: Heard) -> Answer:
        """See `Dialog.slow_down`."""
        return self._dialog.slow_down(heard)

    async def mark_unreachable(self, supporter_id: int) -> None:
        """See `Dialog.mark_unreachable`."""
        await self._dialog.mark_unreachable(supporter_id)

    async def assert_in_order(self, asked: Sequence[dict[str, Any]]) -> None:
        """Check that the updates `asked` got the welcome, that no bug was logged, and that the database is in order."""
        assert self.complaints == []
        for update in asked:
            answer = self.answers[update["update_id"]]
            assert answer is not None
            assert answer.screen is not None
            buttons = [button.action for row in answer.screen.rows for button in row if isinstance(button, Press)]
            assert "read:1" in buttons, "everybody can get back to the welcome"
        assert await find_problems(self.database) == []


def write_starts() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Write updates in which everybody leaves their step, and others in which they ask for the welcome."""
    left, asked = ([_write(person, line) for person in CAST] for line in ("/cancel", "/start"))
    return left, asked


def encode(update: Any) -> bytes:
    """Encode an update as Telegram does, which escapes half a surrogate pair."""
    return json.dumps(update).encode()


def _write(person: dict[str, Any], text: str) -> dict[str, Any]:
    chat = {"id": person["id"], "type": "private"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": person, "text": text}
    return {"update_id": next(_NUMBERS), "message": message}


async def _does(chat: Chat, line: str, driver: BroadcastDriver) -> None:
    if line == "(out)":
        await driver.deliver_all()
    elif line in ("(checked)", "(unchecked)"):
        mode: Mode = "on" if line == "(checked)" else "off"
        check = (await driver.database.transact(petition_status.find)).human
        await driver.database.transact(human_check.switch, check.revision, mode, 100, YUNA)
    elif line.startswith("["):
        action = next((each for each in chat.actions if each.startswith(line[1:])), None)
        assert action, f"no button of {chat.actions} begins like {line}"
        await chat.presses(action)
    else:
        await chat.says(line)


async def _read_broadcasts(tx: Transaction) -> list[list[str]]:
    return [
        [str(dict(row)) for row in await tx.all(sql)]  # type: ignore[call-overload]
        for sql in ("SELECT * FROM broadcasts ORDER BY id", "SELECT * FROM posts ORDER BY broadcast_id, language")
    ]
