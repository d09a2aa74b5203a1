"""An owner finds one signature by its number or its name, excludes it with a reason, and counts it again."""

import asyncio

import pytest

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import Person
from chatbot.petition.sealing.keys import Seal, make_pair
from chatbot.petition.team import TeamAccess
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.organizer import audit_log
from chatbot.storage.organizer.review import set_asides
from chatbot.storage.people import signatures
from tests.support.cast import HANA, MALLORY, SAM, YUNA
from tests.support.chat import Chat
from tests.support.hostile_text import LONGEST, UNITS
from tests.support.set_asides import give_reason
from tests.support.team_chats import LINK, TeamChats

FIRST = 178_922
"""The first number that is given here."""


@pytest.fixture
async def yuna(chats: TeamChats) -> Chat:
    return await chats.open_owner()


async def total(chats: TeamChats) -> int:
    return await chats.database.transact(signatures.count)


async def find(chat: Chat, typed: str) -> str:
    await chat.says("/doubts")
    await chat.taps("Find signatures")
    await chat.says(typed)
    return chat.text


@pytest.mark.parametrize(
    "typed", ["178923", "178,923", "№ 178,923", "№178923", "#178923", "no. 178923", "번호 178.923"]
)
async def test_number_is_read_as_people_write_it(typed: str, yuna: Chat, chats: TeamChats) -> None:
    await chats.sign(0, [("CA", "flyer"), ("KR", None)])
    text = await find(yuna, typed)
    assert "Signature № 178,923" in text
    assert "South Korea" in text
    assert "May not be named in public" in text
    assert "It counts." in text
    await yuna.says(f"/doubts {typed}")
    assert "Signature № 178,923" in yuna.text


@pytest.mark.usefixtures("small_review")
async def test_signature_that_is_being_excluded_with_others_is_excluded_once(yuna: Chat, chats: TeamChats) -> None:
    """Otherwise the second owner would read that hers is excluded, and counting hers again would change nothing."""
    hana = await chats.open_organizer("owner")
    await chats.sign(0, [("CA", "flood")] * 3)
    await give_reason(yuna, chats, "source: flood")
    await hana.presses(f"doubts:exclude:{FIRST}")
    await hana.says("she says it is not hers")
    await yuna.presses(next(each for each in yuna.actions if each.startswith("doubts:start:")))
    await hana.presses(next(each for each in hana.actions if each.startswith("doubts:start:")))
    assert "already decided" in hana.text
    assert "by this link: flood" in hana.text
    await chats.run_jobs()
    assert await total(chats) == 0
    assert (await chats.list_entries()).count("doubts.started") == 1


async def test_owner_excludes_one_signature_and_counts_it_again(yuna: Chat, chats: TeamChats) -> None:
    hana = await chats.open_organizer()
    await chats.sign(0, [("CA", None)] * 3)
    await find(yuna, str(FIRST))
    await yuna.taps("Exclude it …")
    await yuna.says("she says it is not hers")
    assert "Exclude signature № 178,922 from the count?" in yuna.text
    assert "The total, now 178,924 (here 3), falls by one." in yuna.text
    assert "Leave it as it is" in yuna.labels
    await yuna.taps("Yes, exclude it")
    told = await chats.run_jobs()
    assert "Total: 178,924 → 178,923 (here: 3 → 2)" in told[YUNA][-1]
    assert len([text for text in told[YUNA] if "Excluded: one" in text]) == 1, "an edit may replace what she opens next"
    assert any("she says it is not hers" in text for text in told[HANA])
    assert any("Excluded by 유나: one" in text for text in told[HANA])
    assert await total(chats) == 2
    await hana.says("/doubts")
    assert any("One signature: one" in label for label in hana.labels)
    await hana.taps("One signature")
    assert "178,922" not in "".join([hana.text, *hana.labels])
    await find(yuna, str(FIRST))
    assert "<b>It is excluded</b>: <i>she says it is not hers</i>" in yuna.text
    await yuna.taps("Count it again …")
    await yuna.taps("Yes, count it again")
    assert "✅ It counts again." in yuna.text
    assert await total(chats) == 3
    assert any("counts one excluded signature again" in text for text in (await chats.run_jobs())[HANA])
    assert await find_problems(chats.database) == []
    entries = await chats.database.transact(audit_log.read, 0, 20)
    assert [entry.action for entry in entries] == [
        *("doubts.counted", "doubts.started", "doubts.done", "doubts.counted", "doubts.one_back")
    ]
    assert entries[0].details == {"by_number": 1}
    assert "178922" not in str([entry.details for entry in entries])


async def test_signature_is_called_excluded_only_while_it_is(yuna: Chat, chats: TeamChats) -> None:
    hana = await chats.open_organizer()
    await chats.sign(0, [("CA", None)] * 3)
    await yuna.presses(f"doubts:exclude:{FIRST}")
    await yuna.says("a mistake")
    await yuna.taps("Yes, exclude it")
    assert "Excluding: none so far" in yuna.text
    await yuna.taps("Stop")
    assert "Stopped. Excluded: none" in yuna.text
    told = await chats.run_jobs()
    assert any("has stopped it. Excluded: none" in text for text in told[HANA])
    await hana.says("/doubts")
    assert any("One signature: none" in label for label in hana.labels)
    assert await total(chats) == 3


async def test_one_signature_of_many_that_are_excluded_counts_again(yuna: Chat, chats: TeamChats) -> None:
    await chats.sign(0, [("CA", "flood")] * 25)
    await find(yuna, "source: flood")
    await chats.run_jobs()
    asked = await chats.database.transact(set_asides.find_asked, YUNA)
    assert asked is not None
    await yuna.presses(f"doubts:why:{asked.id}")
    await yuna.says("a flood")
    await yuna.taps("Yes, exclude them")
    await chats.run_jobs()
    await find(yuna, str(FIRST + 7))
    await yuna.taps("Count it again …")
    await yuna.taps("Yes, count it again")
    assert await total(chats) == 1
    after = await chats.database.transact(set_asides.find, asked.id)
    assert after is not None
    assert (after.state, after.done) == ("done", 24)
    await yuna.presses(f"doubts:back:{asked.id}")
    await yuna.taps("Yes, count them again")
    await chats.run_jobs()
    assert await total(chats) == 25
    assert await find_problems(chats.database) == []


async def test_two_owners_count_one_signature_again_once(yuna: Chat, chats: TeamChats) -> None:
    sam = await chats.add_member(chats.chat(SAM, "Sam"), "owner")
    await chats.sign(0, [("CA", None)] * 2)
    await find(yuna, str(FIRST))
    await yuna.taps("Exclude it …")
    await yuna.says("a mistake")
    await yuna.taps("Yes, exclude it")
    await chats.run_jobs()
    for chat in (yuna, sam):
        await chat.presses(f"doubts:again:{FIRST}")
    await asyncio.gather(yuna.taps("Yes, count it again"), sam.taps("Yes, count it again"))
    assert sorted("already decided" in chat.text for chat in (yuna, sam)) == [False, True]
    assert await total(chats) == 2
    assert (await chats.list_entries()).count("doubts.one_back") == 1
    assert await find_problems(chats.database) == []


async def test_owner_finds_a_signature_by_the_name_that_a_person_gives(yuna: Chat, chats: TeamChats) -> None:
    sam = await chats.add_member(chats.chat(SAM, "Sam"), "owner")
    await chats.jobs.sign(7_001, 7_001, country="CA", name="Hana Kim")
    await chats.sign(0, [("KR", None)])
    await yuna.says("/doubts")
    await yuna.taps("Find signatures")
    await yuna.taps("👤 Name …")
    await yuna.says("  hana   KIM ")
    assert "all with the same name: “hana KIM”" in yuna.text
    told = await chats.run_jobs()
    assert "all with the same name: “Hana Kim”" in told[YUNA][-1]
    assert any("asked about signatures by a name" in text for text in told[sam.person.id])
    await yuna.presses(f"doubts:one:{FIRST}")
    assert "👤 Hana Kim" in yuna.text


async def test_sealed_names_say_so(yuna: Chat, chats: TeamChats) -> None:
    await chats.jobs.sign(7_001, 7_001, country="CA", name=Seal.read(make_pair()[0]).close("Hana"))
    assert "sealed; only the private key opens it" in await find(yuna, str(FIRST))


async def test_sealed_names_are_not_searched(chats: TeamChats) -> None:
    access = TeamAccess(chats.configured_owners, 25.0, paid=False)
    seal = Seal.read(make_pair()[0])
    dialog = Dialog(chats.database, chats.campaign, chats.translators, LINK, team=access, seal=seal)
    yuna = Chat(dialog, Person(YUNA, "유나", "en"))
    for action in ("doubts:ask:name", "doubts:choose"):
        await yuna.says("/doubts")
        await yuna.presses(action)
        await yuna.says("name: Hana")
        assert "Names are sealed" in yuna.text
    assert await chats.database.transact(set_asides.find_undecided, YUNA) is None


async def test_number_of_a_withdrawn_signature_is_forgotten(yuna: Chat, chats: TeamChats) -> None:
    mallory = chats.chat(MALLORY, "Mallory")
    await mallory.says("/start")
    await mallory.signs()
    await find(yuna, str(FIRST))
    await yuna.taps("Exclude it …")
    await yuna.says("a mistake")
    await yuna.taps("Yes, exclude it")
    await chats.run_jobs()
    await mallory.says("/withdraw")
    await mallory.taps("Withdraw my signature")
    stored = await chats.database.transact(lambda tx: tx.all("SELECT conditions, example FROM set_asides"))
    assert [(row["conditions"], row["example"]) for row in stored] == [('{"number":0}', None)]
    assert "There is no signature № 178,922 here" in await find(yuna, str(FIRST))
    await yuna.says("/doubts")
    await yuna.taps("One signature")
    await yuna.taps("Count again")
    assert "The total rises by one, unless the signature was withdrawn since." in yuna.text
    await yuna.taps("Yes, count it again")
    told = await chats.run_jobs()
    assert "It is no longer excluded" in told[YUNA][-1], "it does not count either"
    assert await total(chats) == 0
    assert await find_problems(chats.database) == []


async def test_organizer_opens_no_single_signature(chats: TeamChats) -> None:
    hana = await chats.open_organizer()
    await chats.sign(0, [("CA", None)])
    for action in (
        f"doubts:one:{FIRST}",
        f"doubts:exclude:{FIRST}",
        f"doubts:again:{FIRST}",
        f"doubts:count:{FIRST}:x",
    ):
        await hana.presses(action)
        assert "Only owners" in hana.text
    await hana.says(f"/doubts {FIRST}")
    assert "178,922" not in hana.text
    for action in ("doubts:choose", "doubts:ask:name", "doubts:with:fast:on", "doubts:with:country:CA"):
        await hana.presses(action)
        assert "Only owners" in hana.text


@pytest.mark.parametrize("unit", ["one digit", "letters and spaces", "marks alone", "letters that become eighteen"])
async def test_hostile_text_is_answered_at_every_question(unit: str, yuna: Chat, chats: TeamChats) -> None:
    text = (UNITS[unit] * LONGEST)[:LONGEST]
    await chats.sign(0, [("CA", "flyer")])
    for what in ("typed", "days", "number", "name", "link", "country"):
        await yuna.says("/doubts")
        await yuna.taps("Find signatures")
        await yuna.presses(f"doubts:ask:{what}")
        await yuna.says(text)
        assert yuna.text
        await chats.run_jobs()
    await find(yuna, str(FIRST))
    await yuna.taps("Exclude it …")
    await yuna.says(text)
    assert await total(chats) == 1
    assert await find_problems(chats.database) == []
