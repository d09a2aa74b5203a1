"""Organizers and viewers cannot learn who signed: two petitions that differ in one signer look the same to them.

In one of them X has signed, whose account, name, country, link and speed Mallory knows. In the other one Y has signed
instead, because the public total is exact. Mallory opens all that the team can open and taps every button. She asks
with filters, and chooses each question by the answer to the last one.

She still sees large counts in steps of ten, and the public total: see docs/privacy.md.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chatbot.app.anomaly_watch import detect_in_new_signatures
from chatbot.conversation.organizer.records import counting
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.petition.review.detector import WINDOW, Detection, draw_noise
from chatbot.petition.team import Role
from chatbot.screens.organizer.records import charts
from chatbot.storage import Database, Transaction
from chatbot.storage.organizer import audit_log
from chatbot.storage.organizer.review import set_asides, signals
from tests.attacks.twin_petitions import FLOOD, Signer, X, Y, asks, explore, interrogate, petition, sets_aside, writes
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import MALLORY, SAM, YUNA
from tests.support.team_chats import TeamChats

pytestmark = pytest.mark.usefixtures("no_noise")


@pytest.mark.slow
@pytest.mark.parametrize("sealed", [False, True], ids=["clear", "sealed"])
@pytest.mark.parametrize("role", ["organizer", "viewer"])
async def test_petitions_that_differ_in_one_signer_read_the_same(
    role: Role, sealed: bool, tmp_path: Path, campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    read: list[list[str]] = []
    for signer in (X, Y):
        async with petition(tmp_path / signer.country, campaign, translators, signer, sealed=sealed) as chats:
            mallory = await chats.add_member(chats.chat(MALLORY, "Mallory"), role)
            read.append(await writes(chats, mallory) if role == "organizer" else [])
            read[-1] += [*await explore(chats, mallory), *await interrogate(chats, mallory)]
            if role == "organizer":
                read[-1] += [*await sets_aside(chats, mallory), *await explore(chats, mallory)]
            assert chats.jobs.chat_sender.files == []
    with_x, without = read
    assert len(with_x) > {"organizer": 60, "viewer": 20}[role]
    for one, other in zip(with_x, without, strict=True):
        assert one == other
    if role == "organizer":
        everything = "\n".join(with_x)
        assert "<b>Excluded: 40-plus</b>" in everything, "an organizer can still set a flood aside"
        assert "all with the same name" not in everything


async def test_signals_do_not_reveal_who_is_part_of_a_flood(
    tmp_path: Path,
    campaign: Campaign,
    translators: Mapping[str, Translator],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With or without one more signature, noise may give the same signal. Then all screens about it are the same."""
    read: list[list[str]] = []
    for signer in (Signer(7_651_000_000, "Sam", "CA", "flood", 4), Y):
        monkeypatch.setattr(
            Detection, "blur", lambda found, _noise: replace(found, counts=FLOOD if found.counts else {})
        )
        async with petition(tmp_path / signer.country, campaign, translators, signer, sealed=True) as chats:
            mallory = await chats.add_member(chats.chat(MALLORY, "Mallory"), "organizer")
            await mallory.says("/doubts")
            texts = ["\n".join([mallory.text, *mallory.labels])]
            for action in [action for action in mallory.actions if ":look:" in action]:
                await mallory.presses(action)
                texts += sorted((await chats.run_jobs())[MALLORY])
                await mallory.presses("doubts:why:")
                texts.append(mallory.text)
                await mallory.says("a flood by one link")
                texts.append(mallory.text)
            for view in ("country", "source", "language", "friends"):
                await mallory.presses(f"stats:{view}:all")
                texts.append(mallory.text)
            read.append(texts)
    assert "about 47" in read[0][0]
    assert "Exclude these signatures from the count?" in "".join(read[0])
    assert read[0] == read[1]


def test_noise_halves_its_probability_with_each_step() -> None:
    """So one signature changes the probability of a signal by a factor of two at most."""
    counts = Counter(draw_noise() for _ in range(60_000))
    for value in range(-4, 5):
        expected = 60_000 / 3 / 2 ** abs(value)
        assert abs(counts[value] - expected) < 6 * expected**0.5, value


async def test_owners_get_rounded_answers_and_the_audit_log_tells(
    tmp_path: Path, campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    async with petition(tmp_path / "x", campaign, translators, X, sealed=True) as chats:
        yuna, sam = chats.chat(YUNA, "유나"), await chats.add_member(chats.chat(SAM, "Sam"), "owner")
        await yuna.says("/start")
        for conditions in (f"id>{X.account}", "id>7709999999 Norway", f"source: {X.source}", "Norway <10s"):
            assert "19 at most" in await asks(chats, yuna, conditions)
            await yuna.presses("doubts:why:")
            assert "no longer open" in yuna.text, "so few are not set aside, because the total would reveal them"
        assert "<b>40-plus</b> of 104" in await asks(chats, yuna, "Canada")
        assert "<b>40-plus</b> of 104" in await asks(chats, yuna, "Canada id>7650000107"), "ids are rounded as well"
        assert "from about number 7700000000" in await asks(chats, yuna, f"id>{X.account}")
        entries = await chats.database.transact(audit_log.read, 0, 100)
        asked = [entry for entry in entries if entry.action == "doubts.counted"]
        assert [entry.details.get("ids_from") for entry in asked] == [
            *(7_700_000_000, 7_700_000_000, None, None, None, 7_650_000_000, 7_700_000_000)
        ]
        assert X.source not in str([entry.details for entry in entries])
        for nth in range(len(asked), counting.MANY):
            await yuna.says("/doubts")
            await yuna.presses("doubts:choose")
            await yuna.says(f"<{nth}s")
        told = await chats.run_jobs()
        assert f"{counting.MANY} times within an hour" in told[SAM][-1]
        await asks(chats, yuna, f"name: {X.name}")
        chats.driver.now += timedelta(hours=2)
        await sam.says("/log")
        assert "asked about signatures by a name" in sam.text


async def test_old_buttons_of_a_former_owner_count_nothing(
    tmp_path: Path, campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    async with petition(tmp_path / "x", campaign, translators, X, sealed=False) as chats:
        mallory = await chats.add_member(chats.chat(MALLORY, "Mallory"), "owner")
        await asks(chats, mallory, f"name: {X.name}")
        asked = await chats.database.transact(set_asides.find_asked, MALLORY)
        assert asked is not None
        await mallory.presses(f"doubts:why:{asked.id}")
        await mallory.says("because I want to know")
        [yes] = [action for action in mallory.actions if ":start:" in action]
        await mallory.says("/doubts")
        await mallory.presses("doubts:ask:typed")

        async def demote(tx: Transaction) -> None:
            await tx.run("UPDATE members SET role = 'organizer' WHERE id = :id", id=MALLORY)

        await chats.database.transact(demote)
        await mallory.says(f"id>{X.account}")
        assert "Only owners" in mallory.text
        await mallory.presses(yes)
        assert (await chats.database.transact(set_asides.find, asked.id)).state == "counted"
        await mallory.says("/doubts")
        assert not [label for label in mallory.labels if "Find signatures" in label]


def test_picture_names_no_country_with_few_signers(campaign: Campaign, translators: Mapping[str, Translator]) -> None:
    now = BroadcastDriver(None).now  # type: ignore[arg-type]
    drawn = [
        charts.ranks(translators["en"], campaign, "all", now, {"CA": 45, "KR": 30, country: 1}, 76)
        for country in ("NO", "SE")
    ]
    assert drawn[0] == drawn[1]
    assert "Norway" not in str(drawn)
    assert drawn[0]["remark"] == "2 countries with 20 or more"


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_flood_by_few_of_one_name_needs_an_owner(database: Database, chats: TeamChats) -> None:
    """An organizer sees that a few people with one name signed. Only an owner may set so few aside."""
    await detect_in_new_signatures(database, chats.driver.now)
    await chats.sign(0, [("CA", None)] * 12)
    chats.driver.now += WINDOW
    await detect_in_new_signatures(database, chats.driver.now)
    [signal] = await database.transact(signals.list_since, chats.driver.now - WINDOW, 5)
    assert signal.kind == "name"
    yuna, mallory = chats.chat(YUNA, "유나"), await chats.add_member(chats.chat(MALLORY, "Mallory"), "organizer")
    for chat, last in ((mallory, "Only an owner can exclude so few"), (yuna, "all with the same name: “하나”")):
        await chat.says("/doubts")
        assert "19 at most" in chat.labels[0]
        await chat.taps("①")
        assert any(last in text for text in (await chats.run_jobs())[chat.person.id])
