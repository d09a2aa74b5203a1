"""kill -9 at every button of a signature that an owner excludes and counts again: nothing is lost or done twice."""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chatbot.emulator import EmulatedPerson, Emulator
from chatbot.storage import Transaction, open_database
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.organizer import audit_log
from chatbot.storage.people import signatures
from tests.support.actor import draw
from tests.support.bot_process import BotProcess
from tests.support.cast import YUNA
from tests.support.limits import GIVE_UP
from tests.support.recorded_calls import Wire
from tests.support.signers import FIRST_NUMBER, add_signer

pytestmark = pytest.mark.slow

PEOPLE = 40
NUMBER = FIRST_NUMBER + 7


@pytest.fixture
def wire() -> Wire:
    return Wire(checked=False)


class Phone:
    """유나's phone. The bot is killed at the first call after each act, and started again."""

    def __init__(self, emulator: Emulator, bot: BotProcess, wire: Wire) -> None:
        self.world, self.bot, self.wire = emulator.world, bot, wire
        self.person: EmulatedPerson = emulator.world.add_person("유나", person_id=YUNA)
        self.inbox = emulator.world.watch(self.person)
        self.message: dict[str, Any] = {}
        self._last = "", ""

    async def says(self, text: str, sees: str) -> None:
        await self._act(lambda: self.world.says(self.person, text), sees)

    async def presses(self, start: str, sees: str) -> None:
        if not self._find_button(start):
            # A job that was killed before it noted its end showed that again, over what she had opened in its message.
            await self._press(*self._last)
        self._last = start, sees
        await self._press(start, sees)

    async def _press(self, start: str, sees: str) -> None:
        message_id, action = self.message["message_id"], self._find_button(start)
        assert action is not None, draw(self.message)
        await self._act(lambda: self.world.presses(self.person, message_id, action), sees)

    def _find_button(self, start: str) -> str | None:
        """Find a button of the message as it stands now."""
        self.message = self.world.message(self.person.id, self.message["message_id"]) or self.message
        rows = self.message["reply_markup"]["inline_keyboard"]
        actions = [each["callback_data"] for row in rows for each in row]
        return next((action for action in actions if action.startswith(start)), None)

    async def _act(self, act: Callable[[], object], sees: str) -> None:
        self.wire.at_call = self._kill
        act()
        await self.bot.ended()
        await self.bot.starts()
        async with asyncio.timeout(GIVE_UP):
            while sees not in draw(self.message):
                try:
                    self.message = await self.inbox.next_screen(timeout=2)
                except TimeoutError:  # what the bot had said was lost with it
                    act()

    def _kill(self, method: str) -> None:
        if method not in ("getUpdates", "getMe", "deleteWebhook", "getWebhookInfo"):
            self.wire.at_call = lambda _method: None
            self.bot.kill()


async def test_kill_9_at_every_button_excludes_one_signature_once(
    emulator: Emulator, wire: Wire, tmp_path: Path
) -> None:
    database = await open_database(f"sqlite:///{tmp_path}/chatbot.db")

    async def sign(tx: Transaction) -> None:
        for person in random.Random(3).sample(range(10**8, 8 * 10**9), PEOPLE):
            await add_signer(tx, person, name="박철수")

    await database.transact(sign)
    await database.close()
    async with BotProcess(emulator, tmp_path, ORGANIZERS=str(YUNA)) as bot:
        phone = Phone(emulator, bot, wire)
        await phone.says("/start", "SaveMyFriend")
        await phone.says("/doubts", "Signatures to review")
        await phone.presses("doubts:choose", "Which signatures?")
        await phone.presses("doubts:with:fast:on", "Matching")
        await phone.says(f"№ {NUMBER}", "It counts.")
        await phone.presses("doubts:exclude", "Reason?")
        await phone.says("she says it is not hers", "from the count?")
        await phone.presses("doubts:start", "Excluded: one")
        await phone.presses("doubts:one", "It is excluded")
        await phone.presses("doubts:again", "again?")
        await phone.presses("doubts:count", "It counts.")
    database = await open_database(f"sqlite:///{tmp_path}/chatbot.db")
    assert await database.transact(signatures.count) == PEOPLE
    assert await find_problems(database) == []
    entries = [entry.action for entry in await database.transact(audit_log.read, 0, 100)]
    assert [entries.count(f"doubts.{what}") for what in ("started", "done", "one_back")] == [1, 1, 1]
    await database.close()
