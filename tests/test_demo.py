"""The demo has people, subscribers and a history, and keeps them between its runs."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatbot.__main__ import main
from chatbot.demo import CAST, CROWD, SIGNERS, add_crowd, list_languages, name_roles, seed_weeks
from chatbot.emulator import Emulator
from chatbot.emulator.world import saving
from chatbot.petition.campaign import load_campaign
from chatbot.petition.model import Campaign
from chatbot.settings import Settings
from chatbot.storage import open_database
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.people import counters, signatures, subscriptions
from tests.support.signature_history import read_history


@pytest.mark.parametrize("found", ["{", '{"format": 1}', '{"format": 2}'])
def test_demo_refuses_an_unreadable_state_and_says_how_to_start_fresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], found: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo/world.json").write_text(found)
    assert main(["demo", "--port", "0"]) == 1
    told = capsys.readouterr()
    assert told.err == "demo/world.json: cannot be read; begin anew with `python -m chatbot demo --fresh`\n"
    assert told.out == ""


def test_fresh_demo_deletes_sent_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "demo"
    (folder / "world.files").mkdir(parents=True)
    (folder / "world.files/photo").write_bytes(b"secret")

    async def unreachable(_emulator: Emulator) -> None:
        raise OSError(98, "Address already in use")

    monkeypatch.setattr(Emulator, "start", unreachable)
    assert main(["demo", "--port", "0", "--fresh"]) == 1
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("again", "subscribers"), [((), 0), (("--fresh",), len(CROWD))])
def test_empty_demo_stays_empty_until_a_fresh_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, again: tuple[str, ...], subscribers: int
) -> None:
    monkeypatch.chdir(tmp_path)
    counted: list[int] = []

    async def count_subscribers(settings: Settings) -> None:
        database = await open_database(settings.database_url)
        counted.append(await database.transact(subscriptions.count))
        await database.close()

    monkeypatch.setattr("chatbot.demo.run", count_subscribers)
    for arguments in (("--empty",), again):
        assert main(["demo", "--port", "0", *arguments]) == 0
    assert counted == [0, subscribers]


async def test_demo_adds_its_crowd_once(tmp_path: Path, campaign: Campaign) -> None:
    emulator = Emulator(people=CAST, state_file=tmp_path / "world.json")
    url = f"sqlite:///{tmp_path}/chatbot.db"
    for _restart in range(2):
        add_crowd(emulator.world)
        await seed_weeks(url, campaign)
    assert [person.id for person in emulator.world.people() if person.listed] == [each["person_id"] for each in CAST]
    crowd = [emulator.world.person(each) for each in CROWD]
    assert all(person.started for person in crowd)
    assert {person.blocked for person in crowd} == {person.deactivated for person in crowd} == {True, False}
    database = await open_database(url)
    assert await database.transact(subscriptions.count) == len(CROWD)

    async def leave(tx) -> None:
        await subscriptions.end(tx, next(iter(CROWD)), "asked", datetime.now(UTC))

    await database.transact(leave)
    await seed_weeks(url, campaign)
    assert await database.transact(subscriptions.count) == len(CROWD) - 1
    await database.close()


def test_demo_names_the_roles_of_its_cast(tmp_path: Path) -> None:
    path = tmp_path / "world.json"
    older = [{name: fact for name, fact in each.items() if name != "role"} for each in CAST]
    emulator = Emulator(people=older, state_file=path)
    name_roles(emulator.world)
    assert [person.role for person in emulator.world.people()] == ["supporter", "supporter", "organizer"]
    saving.save(emulator.world, path)
    assert [person.role for person in Emulator(state_file=path).world.people()][2] == "organizer"
    name_roles(Emulator().world)  # a world without the cast must not fail


async def test_demo_has_three_weeks_of_history(tmp_path: Path, campaign: Campaign) -> None:
    url = f"sqlite:///{tmp_path}/chatbot.db"
    await seed_weeks(url, campaign)
    database = await open_database(url)
    assert await find_problems(database) == []
    assert await database.transact(signatures.count) == SIGNERS
    written = await database.transact(read_history)
    assert len(written) > 300
    assert written[-1][1] == SIGNERS
    steps = await database.transact(counters.read_all, counters.STEPS)
    assert steps["opened"] > steps["began"] > steps["check"] > steps["signed"] > steps["subscribed"]
    await database.close()


async def test_crowd_of_the_demo_reads_languages_of_the_campaign(tmp_path: Path, campaign: Campaign) -> None:
    url = f"sqlite:///{tmp_path}/chatbot.db"
    await seed_weeks(url, replace(campaign, languages={"en": campaign.languages["en"]}))
    database = await open_database(url)
    assert await database.transact(subscriptions.count_by_language) == {"en": len(CROWD)}
    await database.close()


def test_demo_lists_the_languages_of_the_campaign_first(made_up_locales: Path) -> None:
    names = list_languages(load_campaign(made_up_locales))
    assert list(names)[:7] == ["ko", "en", "qps", "qar", "ar", "ja", "zh-hans"]
    assert (names["qps"], names["ar"]) == ("ÁÁççééññţšš", "العربية")
