"""Review: signatures are filtered, counted, set aside in batches and put back."""

import asyncio
from datetime import timedelta

import pytest

from chatbot.app.anomaly_watch import detect_in_new_signatures
from chatbot.petition.review.detector import WINDOW
from chatbot.storage import Database
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.organizer import audit_log
from chatbot.storage.organizer.review import set_asides
from chatbot.storage.people import signatures
from tests.support.cast import HANA, MALLORY, YUNA
from tests.support.chat import Chat
from tests.support.cut_off_jobs import cut_off
from tests.support.set_asides import ask_about, give_reason, read_set_aside
from tests.support.team_chats import TeamChats

pytestmark = pytest.mark.usefixtures("small_review")


@pytest.fixture
async def yuna(chats: TeamChats) -> Chat:
    return await chats.open_owner()


@pytest.fixture
async def hana(chats: TeamChats) -> Chat:
    return await chats.open_organizer()


async def total(chats: TeamChats) -> int:
    return await chats.database.transact(signatures.count)


async def test_owner_counts_a_flood_sets_it_aside_and_puts_it_back(yuna: Chat, hana: Chat, chats: TeamChats) -> None:
    await chats.sign(0, [("CA", "flood")] * 7 + [("KR", "flood"), ("KR", None)])
    await chats.run_jobs()
    asked = await ask_about(yuna, chats, "Canada source: flood")
    assert asked.found == 7
    shown = chats.jobs.chat_sender.shown[-1][1]
    assert "Matching: <b>19 at most</b> of 9 signed here" in shown
    assert "하나" not in shown
    await yuna.presses(f"doubts:why:{asked.id}")
    await yuna.says("x")
    assert "3 to" in yuna.text
    await yuna.says("a flood by one link")
    assert "Signatures: <b>19 at most</b>" in yuna.text
    assert "The total, now 178,930 (here 9), falls by as many" in yuna.text
    assert await total(chats) == 9
    await yuna.taps("Yes, exclude them")
    assert "Excluding: 19 at most so far" in yuna.text
    told = await chats.run_jobs()
    assert "<b>Excluded: 19 at most</b>" in told[YUNA][-1]
    assert [line for line in told[HANA] if "has begun to exclude signatures" in line]
    assert [line for line in told[HANA] if "Excluded by 유나: 19 at most" in line]
    assert await total(chats) == 2
    by_country = await chats.database.transact(signatures.count_by_country)
    assert by_country == {"KR": 2}
    assert await find_problems(chats.database) == []
    await yuna.presses(f"doubts:back:{asked.id}")
    await yuna.taps("Yes, count them again")
    await chats.run_jobs()
    assert await total(chats) == 9
    await yuna.says("/doubts")
    assert any(label.endswith(": counted") for label in yuna.labels)
    assert await find_problems(chats.database) == []
    assert await chats.list_entries() == [
        "doubts.counted",
        *("doubts.started", "doubts.done", "doubts.back", "doubts.restored"),
    ]
    entries = await chats.database.transact(audit_log.read, 0, 10)
    assert entries[0].details == {"country": "CA", "by_link": 1}
    assert {entry.details["count"] for entry in entries if "count" in entry.details} == {0}, "few are no number"
    assert all("하나" not in str(entry.details) for entry in entries)


async def test_set_aside_is_stopped_between_batches_and_put_back(yuna: Chat, hana: Chat, chats: TeamChats) -> None:
    await chats.sign(0, [("CA", "flood")] * 7)
    asked = await give_reason(yuna, chats)
    await yuna.taps("Yes, exclude them")
    await chats.database.transact(set_asides.set_aside_some, asked.id, 0)
    await hana.says("/doubts")
    await hana.presses(f"doubts:open:{asked.id}")
    assert "Excluding: 19 at most so far" in hana.text
    await hana.taps("Stop")
    assert "Stopped. Excluded: 19 at most" in hana.text
    told = await chats.run_jobs()
    assert await total(chats) == 5
    assert [line for line in told[YUNA] if "하나 has stopped it. Excluded: 19 at most" in line]
    await yuna.presses(f"doubts:stop:{asked.id}")
    assert "already decided" in yuna.text
    await hana.presses(f"doubts:back:{asked.id}")
    await hana.taps("Yes, count them again")
    await chats.run_jobs()
    assert await total(chats) == 7
    assert await find_problems(chats.database) == []


async def test_runner_that_dies_between_batches_loses_nothing(
    yuna: Chat, chats: TeamChats, monkeypatch: pytest.MonkeyPatch
) -> None:
    await chats.sign(0, [("CA", "flood")] * 7)
    asked = await give_reason(yuna, chats)
    await yuna.taps("Yes, exclude them")
    await cut_off(chats, monkeypatch)
    assert (await read_set_aside(chats, asked.id)).done == 2
    assert await total(chats) == 5
    await chats.run_jobs()
    after = await read_set_aside(chats, asked.id)
    assert (after.state, after.done) == ("done", 7)
    assert await total(chats) == 0
    assert (await chats.list_entries()).count("doubts.done") == 1


async def test_second_confirmation_is_told_it_was_decided(yuna: Chat, hana: Chat, chats: TeamChats) -> None:
    await chats.sign(0, [("CA", "flood")] * 3)
    asked = await give_reason(yuna, chats)
    [yes] = [action for action in yuna.actions if ":start:" in action]
    await hana.presses(yes)
    assert "already decided" in hana.text
    assert (await read_set_aside(chats, asked.id)).state == "counted"
    await yuna.presses(yes)
    await yuna.presses(yes)
    assert "already decided" in yuna.text
    await chats.run_jobs()
    for chat in (yuna, hana):
        await chat.presses(f"doubts:back:{asked.id}")
    await asyncio.gather(yuna.taps("Yes, count them again"), hana.taps("Yes, count them again"))
    assert sorted("already decided" in chat.text for chat in (yuna, hana)) == [False, True]
    await chats.run_jobs()
    assert (await chats.list_entries()).count("doubts.back") == 1
    assert await total(chats) == 3


async def test_signer_who_is_set_aside_sees_nothing_unusual(yuna: Chat, chats: TeamChats) -> None:
    mallory = chats.chat(MALLORY, "Mallory")
    await mallory.says("/start flood")
    await mallory.signs()
    thanks = mallory.receipt
    await mallory.says("/sign")
    signed = mallory.text
    asked = await give_reason(yuna, chats)
    await yuna.taps("Yes, exclude them")
    await chats.run_jobs()
    assert (await read_set_aside(chats, asked.id)).done == 1
    assert await total(chats) == 0
    await mallory.says("/sign")
    assert mallory.text == signed
    assert "178,922" in thanks
    assert "178,922" in signed
    await mallory.says("/withdraw")
    await mallory.taps("Withdraw my signature")
    assert await total(chats) == 0
    assert await find_problems(chats.database) == []
    await yuna.presses(f"doubts:back:{asked.id}")
    await yuna.taps("Yes, count them again")
    await chats.run_jobs()
    assert await total(chats) == 0
    assert await find_problems(chats.database) == []


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_team_is_told_of_a_signal_once_and_opens_it(language: str, chats: TeamChats, database: Database) -> None:
    yuna = await chats.open_owner(language)
    await detect_in_new_signatures(database, chats.driver.now)
    await chats.sign(0, [("CA", "flood")] * 30)
    chats.driver.now += WINDOW
    assert await detect_in_new_signatures(database, chats.driver.now) >= 2
    told = await chats.run_jobs()
    words = {"en": "with the same name", "ko": "같은 이름"}[language]
    assert [words in line for line in told[YUNA]] == [True], "one notice of one flood, whatever it has in common"
    await chats.sign(100, [("CA", "flood")] * 30)
    chats.driver.now += WINDOW
    await detect_in_new_signatures(database, chats.driver.now)
    assert not [line for line in (await chats.run_jobs()).get(YUNA, []) if words in line]
    await yuna.says("/doubts")
    look = [action for action in yuna.actions if ":look:" in action]
    await yuna.presses(look[0])
    assert {"en": "counting", "ko": "세고 있습니다"}[language] in yuna.text
    await chats.run_jobs()
    asked = await database.transact(set_asides.find_asked, YUNA)
    assert asked is not None
    assert asked.found == 30


async def test_unreadable_filter_is_asked_again_until_left(yuna: Chat) -> None:
    await yuna.says("/doubts")
    await yuna.taps("Find signatures")
    await yuna.says("whatever")
    assert "could not read" in yuna.text
    await yuna.says("/cancel")
    assert "Signatures to review" in yuna.text
    for action in ("doubts:start:1:x", "doubts:why:", "doubts:look:99", "doubts:back:-1", "doubts:restore:1"):
        await yuna.presses(action)
        assert "Signatures to review" in yuna.text


async def test_time_of_signing_is_stored(chats: TeamChats, hana: Chat) -> None:
    await hana.says("/sign")
    await hana.presses("country.KR")
    chats.driver.now += timedelta(seconds=42)
    await hana.taps("✍️")
    signature = await chats.database.transact(signatures.find, HANA)
    assert signature is not None
    assert signature.seconds == 42
