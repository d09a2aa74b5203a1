"""Broadcasts that the code without places began: the code of today finishes, corrects and recalls them."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from chatbot import storage
from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import BroadcastState
from chatbot.screens.screen import Screen
from chatbot.storage import Database, Transaction, open_database
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.engine.migrate import bundled, migrate, split
from tests.support import linked_places
from tests.support.broadcast_worker import RunningWorker, WorkerDriver
from tests.support.fake_broadcast_sender import Telegram

OLD_ROWS = Path(__file__).parent / "schema_0028.sql"
ENDED, PAUSED, CORRECTION, INTERRUPTED, SCHEDULED, DRAFT = range(1, 7)
KOREAN, ENGLISH = range(1, 7), range(7, 9)
CORRECTED_BEFORE = (1, 2)
"""The people who had the correction of ENDED already."""
OLD_TEXT = "before"
LATER = timedelta(hours=2)
CHANNEL = -1001


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("worker.IDLE", "worker.TICK", "places.IDLE", "progress.CHECK_EVERY"):
        monkeypatch.setattr(f"chatbot.broadcasting.{name}", 0.02)


@pytest.fixture
async def database(new_url: str) -> AsyncIterator[Database]:
    """A database that the code without places wrote, opened by the code of today."""
    written = await storage.connect(new_url)
    await migrate(written, [migration for migration in bundled() if migration.number <= 28])

    async def fill(tx: Transaction) -> None:
        for statement in split(OLD_ROWS.read_text("utf-8")):
            await tx.run(statement)

    await written.transact(fill)
    await written.close()
    opened = await open_database(new_url)
    yield opened
    await opened.close()


@pytest.fixture
async def telegram(database: Database) -> Telegram:
    """A Telegram that has the messages of the stored deliveries."""
    telegram = Telegram()
    for row in await database.transact(lambda tx: tx.all("SELECT * FROM deliveries WHERE message_id IS NOT NULL")):
        telegram.chats[row["supporter_id"]][row["message_id"]] = Screen(OLD_TEXT)  # type: ignore[arg-type]
    return telegram


def read(telegram: Telegram, person_id: int) -> Counter[str]:
    return Counter(str(each.text) for each in telegram.seen_by(person_id))


@pytest.mark.slow
async def test_broadcasts_from_before_are_finished_corrected_and_recalled(
    database: Database, telegram: Telegram, translators: Mapping[str, Translator]
) -> None:
    assert await find_problems(database) == []
    driver = WorkerDriver(database, translators)
    driver.now = (await driver.get(SCHEDULED)).created_at + LATER / 4
    telegram._message_id = 1_000
    async with RunningWorker(driver.worker(telegram)):
        for each in (CORRECTION, INTERRUPTED):
            assert (await driver.until(each)).ending == "done"
        assert (await driver.get(PAUSED)).state is BroadcastState.PAUSED
        assert await driver.count_states(INTERRUPTED) == {"sent": 6, "unknown": 2}
        await driver.send_again(INTERRUPTED, "unknown")
        await driver.until(INTERRUPTED)
        await driver.resume(PAUSED)
        await driver.until(PAUSED)
        driver.now += LATER / 2 + timedelta(minutes=1)
        await driver.until(SCHEDULED)
        place = await linked_places.link(driver, CHANNEL, "길동네")
        await linked_places.choose(driver, DRAFT, [place])
        await driver.send(DRAFT)
        await driver.until(DRAFT)
        await driver.until(await driver.start(kind="correction", of=INTERRUPTED, ko="고친 나가는 소식"))
        for each in (PAUSED, DRAFT):
            await driver.until(await driver.start(kind="recall", of=each))
    assert await linked_places.outcomes(driver, DRAFT) == {"길동네": ("sent", "")}
    assert telegram.seen_by(CHANNEL) == []
    sent = [each for each in await driver.list_all() if each.kind == "update"]
    assert all(each.ending in ("done", "cancelled") for each in sent)
    for each in sent[: SCHEDULED - 1]:
        assert (await driver.tally(each.id)).count("sent") == len(KOREAN) + len(ENGLISH)
    for person_id in KOREAN:
        # ENDED, INTERRUPTED and SCHEDULED remain, and nothing of PAUSED and DRAFT.
        ended = OLD_TEXT if person_id in CORRECTED_BEFORE else "고친 소식"
        assert read(telegram, person_id) == Counter([ended, "고친 나가는 소식", "예약한 소식"])
    assert await find_problems(database) == []
