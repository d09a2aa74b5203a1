"""One account cannot use up counters of links, numbers or questions. A link is deleted with its last signature."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import Person
from chatbot.conversation.supporter.repeated_signing import DAY, MOST, WithdrawalCounter
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.petition.review.detector import Detection
from chatbot.storage import Database, Transaction
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.organizer import jobs
from chatbot.storage.organizer.review import set_asides, signals
from chatbot.storage.people import confirmations, counters, history, signatures, sources
from chatbot.storage.privacy import erasure
from chatbot.transport.incoming.rate_limit import RateLimit
from tests.support.cast import HANA, MALLORY, SAM
from tests.support.chat import Chat
from tests.support.signers import add_signer
from tests.support.traces import find_traces

NOW = datetime(2026, 3, 1, 9, 12, 34, 567_890, tzinfo=UTC)
LINK = "https://t.me/SaveMyFriendBot"


async def sign(tx: Transaction, supporter_id: int, source: str | None) -> signatures.Signature | None:
    return await add_signer(tx, supporter_id, name="Mallory", source=source, first_number=1, now=NOW)


async def read_sources(tx: Transaction) -> dict[str, int]:
    return await counters.read_all(tx, counters.SOURCES)


async def find_columns_with(tx: Transaction, link: str) -> list[str]:
    """Find the columns that contain a link, apart from texts by organizers."""
    found = []
    for table, column in (
        *(("supporters", "source"), ("signatures", "source"), ("signatures", "counted_as"), ("sources", "name")),
        *(("counters", "name"), ("history", "name"), ("detection_state", "name")),
    ):
        row = await tx.one(f"SELECT count(*) AS n FROM {table} WHERE {column} LIKE :link", link=f"%{link}%")
        found += [f"{table}.{column}"] * bool(row and row["n"])
    return found


async def test_account_cannot_use_up_the_counters_of_links(database: Database) -> None:
    async def take(tx: Transaction) -> None:
        for each in range(sources.MOST + 5):
            await sign(tx, 555, f"garbage{each}")
            await erasure.erase(tx, 555, NOW)

    await database.transact(take)
    await database.transact(sign, 1, "radio")
    assert await database.transact(read_sources) == {"radio": 1}
    assert await database.transact(find_columns_with, "garbage") == []
    assert await find_problems(database) == []


async def test_made_up_links_leave_counters_for_campaign_links(database: Database) -> None:
    async def take(tx: Transaction) -> None:
        for each in range(sources.MOST + 5):
            await sign(tx, 10_000 + each, f"garbage{each}")

    await database.transact(take)
    for each in range(sources.FEWEST + 1):
        await database.transact(sign, each, "radio")
    counted = await database.transact(read_sources)
    # The first four signatures are counted with the other links: the fifth one gives the link its own counter.
    assert counted["radio"] == 2
    assert counted[sources.OTHER] == sources.MOST + 5 - sources.READILY + sources.FEWEST - 1
    assert len(counted) == sources.READILY + 2
    assert await find_problems(database) == []


@pytest.mark.parametrize("way", ["forgotten", "withdrawn", "set aside"])
async def test_link_is_deleted_with_its_last_signature(database: Database, tmp_path: Path, way: str) -> None:
    await database.transact(signals.read_state, NOW)
    await database.transact(sign, 1, "kim-cheolsu")
    second = await database.transact(sign, 2, "kim-cheolsu")
    assert second is not None
    await database.transact(history.write, NOW + timedelta(hours=1))
    await detect(database)

    async def take_back(tx: Transaction, supporter_id: int) -> None:
        if way == "set aside":
            await set_aside(tx)
        if way == "withdrawn":
            await signatures.take_back(tx, supporter_id)
            await tx.run("UPDATE supporters SET source = NULL WHERE id = :id", id=supporter_id)
        else:
            await erasure.erase(tx, supporter_id, NOW)

    async def set_aside(tx: Transaction) -> None:
        one = await set_asides.create(tx, 9, signals.ReviewFilter(faster_than=60), NOW)
        await tx.run("UPDATE signatures SET seconds = 1")
        await set_asides.note_count(tx, one.id, 2)
        await set_asides.give_reason(tx, one.id, "too fast")
        assert await set_asides.change_state(tx, one.id, ["counted"], "running")
        await set_asides.set_aside_some(tx, one.id, 0)

    await database.transact(take_back, 1)
    expected = {} if way == "set aside" else {"kim-cheolsu": 1}
    assert await database.transact(read_sources) == expected
    assert await find_problems(database) == []
    await database.transact(take_back, 2)
    assert await database.transact(find_columns_with, "kim-cheolsu") == []
    assert await find_problems(database) == []
    await database.purge_deleted()
    assert find_traces(tmp_path, [b"kim-cheolsu"]) == []


async def test_new_link_is_stored_with_its_day_alone(database: Database) -> None:
    await database.transact(sign, 1, "radio")
    row = await database.transact(lambda tx: tx.one("SELECT admitted_at FROM sources"))
    assert row is not None
    assert row["admitted_at"] == "2026-03-01T00:00:00.000000Z"


async def test_concurrent_signature_keeps_the_link(database: Database) -> None:
    """Somebody is erased while another person signs. In any order, the link and its counter stay for the other one."""
    for each in range(0, 40, 2):
        await database.transact(sign, each, "radio")  # type: ignore[misc]
        await asyncio.gather(
            database.transact(erasure.erase, each, NOW),  # type: ignore[misc]
            database.transact(sign, each + 1, "radio"),  # type: ignore[misc]
        )
        assert await database.transact(read_sources) == {"radio": 1}
        assert await find_problems(database) == []
        await database.transact(signatures.take_back, each + 1)  # type: ignore[misc]
        assert await database.transact(read_sources) == {}


async def detect(database: Database) -> None:
    """Search the new signatures for signals, as the periodic job does."""

    async def work(tx: Transaction) -> None:
        state = await signals.read_state(tx, NOW)
        last = await counters.read(tx, counters.NUMBERS)
        some, number = await signatures.list_after(tx, state.number, last, 1_000)
        found = Detection(state.searched_at, NOW, state.frontier, newest=state.newest).add(some)
        await signals.add_detected(tx, state, number, found, NOW)

    await database.transact(work)


async def test_detection_forgets_rare_links(database: Database) -> None:
    await database.transact(signals.read_state, NOW)
    for each in range(3):
        await database.transact(sign, each, f"made-up-{each}")  # type: ignore[misc]
        await detect(database)
    assert await database.transact(find_columns_with, "made-up") != []
    for _ in range(20):  # as within more than three hours
        await detect(database)
    rows = await database.transact(
        lambda tx: tx.all("SELECT name FROM detection_state WHERE name LIKE 'usual:source:made%'")
    )
    assert rows == []


@pytest.fixture
def dialog(database: Database, campaign: Campaign, translators: Mapping[str, Translator]) -> Dialog:
    return Dialog(database, replace(campaign, is_open=True), translators, LINK)


async def sign_and_erase(chat: Chat, link: str, way: str) -> bool:
    """Sign, then withdraw or get erased; False if the bot refuses to begin."""
    await chat.says(f"/start {link}")
    await chat.says("/sign")
    if "too many times" in chat.text:
        return False
    await chat.says("Norway")
    await chat.taps("✍")
    await chat.says(way)
    await chat.taps("Erase everything" if way == "/forget" else "Withdraw my signature")
    return True


@pytest.mark.parametrize("way", ["/forget", "/withdraw"])
async def test_account_cannot_use_up_the_numbers(database: Database, dialog: Dialog, way: str) -> None:
    mallory, hana = Chat(dialog, Person(MALLORY, "Mallory", "en")), Chat(dialog, Person(HANA, "Hana", "en"))
    done = [await sign_and_erase(mallory, f"garbage{each}", way) for each in range(MOST + 3)]
    assert done == [True] * MOST + [False] * 3
    before = await database.transact(counters.read, counters.NUMBERS)
    assert await sign_and_erase(hana, "radio", way)  # other people can sign and withdraw
    assert await database.transact(counters.read, counters.NUMBERS) == before + 1
    assert before - dialog._campaign.carried_over == MOST


def test_frequent_withdrawer_may_sign_the_next_day() -> None:
    now = 1000.0
    withdrawals = WithdrawalCounter(lambda: now)
    for _ in range(MOST):
        assert not withdrawals.is_over_limit(MALLORY)
        withdrawals.add(MALLORY)
    assert withdrawals.is_over_limit(MALLORY)
    assert not withdrawals.is_over_limit(HANA)
    now += DAY
    assert not withdrawals.is_over_limit(MALLORY)
    withdrawals.add(HANA)
    assert len(withdrawals._times) == 1  # the account whose day is over was removed
    assert str(HANA).encode() not in b"".join(withdrawals._times), "only a hash is kept"


def test_counter_of_withdrawals_remembers_a_bounded_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatbot.conversation.supporter.repeated_signing._REMEMBERED", 10)
    withdrawals = WithdrawalCounter(lambda: 0.0)
    for each in range(1_000):
        withdrawals.add(each)
    assert len(withdrawals._times) == 10


async def test_account_leaves_few_stored_questions(database: Database) -> None:
    codes = [await database.transact(confirmations.ask, MALLORY, "forget", NOW) for _ in range(confirmations.MOST * 3)]
    await database.transact(confirmations.ask, HANA, "forget", NOW)
    rows = await database.transact(lambda tx: tx.all("SELECT supporter_id FROM confirmations"))
    assert len(rows) == confirmations.MOST + 1
    assert await database.transact(confirmations.take, codes[-1], MALLORY, "forget", NOW)


async def test_person_may_ask_for_three_files_at_once(database: Database) -> None:
    """All people share one queue: a person who asks for a hundred files would delay those of all others."""

    async def ask(tx: Transaction, person_id: int) -> bool:
        if enough := await jobs.is_at_limit(tx, "picture", person_id):
            return enough
        await jobs.add(tx, "picture", {}, NOW, chat_id=person_id)
        return enough

    refused = [await database.transact(ask, MALLORY) for _ in range(5)]
    assert refused == [False, False, False, True, True]
    assert not await database.transact(ask, HANA)


def test_rate_limit_reads_few_people_for_each_update() -> None:
    """It used to search through all people that it remembers for each new one."""
    reads = 0

    class Counting(RateLimit):
        def _read_bucket(self, person_id: int) -> tuple[float, bool]:
            nonlocal reads
            reads += 1
            return super()._read_bucket(person_id)

    rate_limit = Counting(clock=lambda: 0.0)
    for each in range(12_000):
        rate_limit.spend(each)
    assert reads < 3 * 12_000
    assert len(rate_limit._spent) == 12_000


async def test_own_share_link_is_not_stored_as_source(database: Database, dialog: Dialog) -> None:
    sam, hana = Chat(dialog, Person(SAM, "Sam", "en")), Chat(dialog, Person(HANA, "Hana", "en"))
    codes = []
    for chat in (sam, hana):
        await chat.says("/share")
        row = await database.transact(
            lambda tx, chat=chat: tx.one("SELECT share_code FROM supporters WHERE id = :id", id=chat.person.id)  # type: ignore[misc]
        )
        codes.append(row["share_code"])
    await sam.says(f"/start {codes[0]}")
    assert await database.transact(find_columns_with, codes[0]) == []
    await sam.says(f"/start {codes[1]}")
    assert await database.transact(find_columns_with, codes[1]) == ["supporters.source"]
