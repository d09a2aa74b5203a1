"""The guided set-up: what it asks, what it refuses, and what it writes. The answers come from a list."""

import asyncio
import stat
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from chatbot.__main__ import main
from chatbot.app import database
from chatbot.app.setup import guided
from chatbot.emulator import Emulator
from chatbot.settings import SettingsError, read_settings
from chatbot.storage import open_database
from chatbot.storage.organizer import owner_links, team
from tests.app.setup.typist import FOREST, Typist, end_early, list_new_campaign, read_files, set_up
from tests.support.cast import NOW, YUNA
from tests.support.free_ports import find_free_port
from tests.support.postgres_server import PostgresServer

pytestmark = pytest.mark.usefixtures("folder")


async def test_bundled_petition_needs_six_answers(
    telegram: Emulator, folder: Path, type_in: Callable[..., Typist]
) -> None:
    typist = type_in("1", telegram.token, "1", "", "", "")
    assert await set_up(typist)
    assert (folder / "petition.env").read_text().splitlines()[1:] == [
        "TELEGRAM_TOKEN_FILE=telegram.token",
        "DATABASE_URL=sqlite:///chatbot.db",
    ]
    assert (folder / "telegram.token").read_text() == f"{telegram.token}\n"
    for name in ("petition.env", "telegram.token", "owner-link.txt"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600, name
    settings = read_settings()
    assert settings.read_token() == telegram.token
    assert f"This is @{telegram.world.bot.username}." in typist.told
    assert telegram.token not in typist.told
    link = (folder / "owner-link.txt").read_text().strip()
    shown = f"    {link}\n\nIf Telegram only opens the chat, send the bot this line:\n\n"
    assert typist.told.endswith(f"{shown}    /start {link.partition('=')[2]}\n")


async def test_new_campaign_is_accepted_by_check_at_once(
    telegram: Emulator, folder: Path, type_in: Callable[..., Typist], capsys: pytest.CaptureFixture[str]
) -> None:
    typist = type_in(*list_new_campaign(telegram.token))
    assert await set_up(typist), typist.told
    assert typist.answers == []
    assert "LOCALES_DIR=our-petition\n" in (folder / "petition.env").read_text()
    assert await asyncio.to_thread(main, ["check"]) == 0
    told = capsys.readouterr().out
    assert "ko: 숲을 지켜 주세요" in told
    assert "en: Save the forest" in told
    files = "".join(content.decode() for content in read_files(folder / "our-petition").values())
    assert "TODO" not in files
    assert 'starter = "숲 모임"\nlead = "The last forest' in files, "the starter of the first language is offered"
    assert "<p><b>개발 허가를 거두어 주십시오.</b></p>" in files
    assert "청원 제목: 숲을 지켜 주세요\n" in typist.told
    assert "저장했습니다: our-petition/, telegram.token, petition.env" in typist.told


async def test_campaign_in_one_language_is_whole(
    telegram: Emulator, type_in: Callable[..., Typist], capsys: pytest.CaptureFixture[str]
) -> None:
    answers = ["2", telegram.token, "2", "forest", "1", *FOREST, "", "", "1", "1", "1"]
    assert await set_up(type_in(*answers))
    assert await asyncio.to_thread(main, ["check"]) == 0
    assert "ko: 숲을 지켜 주세요" in capsys.readouterr().out


@pytest.mark.parametrize("end", [KeyboardInterrupt, EOFError])
async def test_end_at_any_question_changes_nothing(
    telegram: Emulator, folder: Path, type_in: Callable[..., Typist], end: type[BaseException]
) -> None:
    assert await set_up(type_in("1", telegram.token, "1", "", "", ""))
    before = read_files(folder)
    answers = list_new_campaign(telegram.token)
    for count in range(len(answers)):
        typist = type_in(*answers[:count])
        await end_early(typist, end)
        assert typist.told.endswith(("Nothing has changed.\n", "아무것도 바뀌지 않았습니다.\n"))
        assert read_files(folder) == before, f"after {count} answers"


async def test_no_at_the_end_changes_nothing(telegram: Emulator, folder: Path, type_in: Callable[..., Typist]) -> None:
    assert not await set_up(type_in(*list_new_campaign(telegram.token)[:-1], "2"))
    assert read_files(folder) == {}


async def test_enter_at_every_question_changes_nothing_the_second_time(
    telegram: Emulator, folder: Path, type_in: Callable[..., Typist]
) -> None:
    assert await set_up(type_in(*list_new_campaign(telegram.token)))
    (folder / "petition.env").write_text((folder / "petition.env").read_text() + "# mine\nPORT=9000\n")
    before = read_files(folder)
    typist = type_in(*[""] * 6)
    assert await set_up(typist)
    after = read_files(folder)
    assert {name: after[name] for name in before if "chatbot.db" not in name} == {
        name: content for name, content in before.items() if "chatbot.db" not in name
    }
    assert f"[@{telegram.world.bot.username}] > " in typist.hidden
    assert "1. As before: our-petition, Save the forest" in typist.told
    assert "Nothing has changed." in typist.told


async def test_only_what_is_answered_changes(telegram: Emulator, folder: Path, type_in: Callable[..., Typist]) -> None:
    assert await set_up(type_in(*list_new_campaign(telegram.token)))
    typist = type_in(
        "1", "", "", "", "2", "http://petition.example.org/telegram", "https://petition.example.org/t", "1"
    )
    assert await set_up(typist)
    assert "WEBHOOK_URL: must look like https://petition.example.org/telegram\n" in typist.told
    lines = (folder / "petition.env").read_text().splitlines()
    assert "WEBHOOK_URL=https://petition.example.org/t" in lines
    assert "LOCALES_DIR=our-petition" in lines
    assert "python -m chatbot web" in typist.told


async def test_wrong_answers_about_a_campaign_are_asked_again(
    telegram: Emulator, folder: Path, type_in: Callable[..., Typist]
) -> None:
    (folder / "taken").mkdir()
    answers = ["en", "3", "1", telegram.token, "9", "2", "taken", "../x", "forest", "de", "2"]
    answers += [
        "",
        "\u200b",
        "<b>Forest</b>",
        "R&amp;D",
        "Forest",
        "The Mayor",
        "We",
        "x" * 161,
        "Trees fall.",
        "Stop it.",
        "#a b",
        "#forest",
    ]
    answers += ["call me", "tel:+82 2-123-4567", "1", "1", "1"]
    typist = type_in(*answers)
    assert await set_up(typist), typist.told
    for told in (
        "Please type a number from 1 to 2.",
        "taken exists already.",
        "Please type a name of letters, digits, - and _",
        "This needs an answer.",
        "\nTelegram cannot show all of its letters.",
        "\n<b> would be shown as it is written; take it out\n",
        "\n&amp; would be shown as it is written; write the sign itself, &\n",
        "That has 161 letters, and 160 fit.",
        "A hashtag is # and one word of letters",
        "Please type a mail address, a phone number",
    ):
        assert told in typist.told, told
    assert 'contact = "+82 2-123-4567"' in (folder / "forest" / "campaign.toml").read_text()


async def test_postgresql_is_tried_and_its_password_not_shown(
    telegram: Emulator, folder: Path, server: PostgresServer, type_in: Callable[..., Typist]
) -> None:
    nowhere = f"postgresql://petition:s3cr3t@127.0.0.1:{find_free_port()}/petition"
    with server.fresh_database() as url:
        typist = type_in("1", telegram.token, "1", "2", "mysql://a@b", nowhere, url, "", "")
        assert await set_up(typist), typist.told
        assert f"DATABASE_URL={url}" in (folder / "petition.env").read_text()
        assert len(typist.hidden) == 4
        assert "The address begins with postgresql://" in typist.told
        assert "s3cr3t" not in typist.told
        assert not [name for name in read_files(folder) if ".db" in name]
        again = type_in(*[""] * 6)
        assert await set_up(again)
        assert "1. As before: 127.0.0.1/" in again.told


async def test_petition_with_an_owner_gets_no_link(
    telegram: Emulator, folder: Path, type_in: Callable[..., Typist]
) -> None:
    assert await set_up(type_in("1", telegram.token, "1", "", "", ""))
    database = await open_database("sqlite:///chatbot.db")
    await database.transact(team.add_member, YUNA, "유나", "owner", None, NOW)
    stored = await database.transact(owner_links.find)
    await database.close()
    typist = type_in(*[""] * 6)
    assert await set_up(typist)
    assert typist.told.endswith("The petition has an owner already.\n")
    assert stored is not None


async def test_container_without_a_volume_is_asked_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, type_in: Callable[..., Typist]
) -> None:
    mounts = folder / "mounts"
    mounts.write_text("1 0 8:1 / / rw - overlay overlay rw\n")
    monkeypatch.setattr(guided, "refuse_container_disk", partial(guided.refuse_container_disk, mounts=mounts))
    monkeypatch.setenv("VOLUME_REQUIRED", "true")
    typist = type_in()
    with pytest.raises(SettingsError, match=f"{folder} is no volume, so everything would be lost"):
        await set_up(typist)
    assert typist.told == ""
    assert {*read_files(folder)} == {"mounts"}


async def test_setup_in_a_container_names_the_command_of_compose(
    telegram: Emulator, folder: Path, monkeypatch: pytest.MonkeyPatch, type_in: Callable[..., Typist]
) -> None:
    monkeypatch.setattr(guided, "refuse_container_disk", lambda _file: None)
    monkeypatch.setenv("VOLUME_REQUIRED", "true")
    monkeypatch.setenv("TELEGRAM_TOKEN", telegram.token)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///chatbot.db")
    monkeypatch.setattr(database, "refuse_container_disk", lambda _file: None)
    typist = type_in("1", "1", "", "")
    assert await set_up(typist), typist.told
    assert "Now start the bot, with -f and its file if you named one: docker compose up -d\n" in typist.told
    assert "It answers only while it runs" not in typist.told


async def test_setup_does_not_ask_for_what_the_environment_sets(
    telegram: Emulator, folder: Path, monkeypatch: pytest.MonkeyPatch, type_in: Callable[..., Typist]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///other.db")
    monkeypatch.setenv("TELEGRAM_TOKEN", telegram.token)
    typist = type_in("1", "1", "", "")
    assert await set_up(typist), typist.told
    assert "Set in the environment, so not asked for: TELEGRAM_TOKEN, DATABASE_URL\n" in typist.told
    assert f"Bot: @{telegram.world.bot.username}\n" in typist.told
    assert "Title of the petition: Save North Korean Refugees #SaveMyFriend\n" in typist.told
    assert "Database: other.db\n" in typist.told
    assert {*read_files(folder)} == {"petition.env", "other.db", "owner-link.txt"}
    assert telegram.token not in (folder / "petition.env").read_text()


async def test_setup_keeps_the_campaign_that_the_environment_names(
    telegram: Emulator, folder: Path, monkeypatch: pytest.MonkeyPatch, type_in: Callable[..., Typist]
) -> None:
    """As in docs/your-petition.md: without the line, `run` in a new terminal would start the bundled petition."""
    assert await set_up(type_in(*list_new_campaign(telegram.token)))
    (folder / "petition.env").unlink()
    monkeypatch.setenv("LOCALES_DIR", "our-petition")
    typist = type_in("2", "", "1", "1", "1")
    assert await set_up(typist), typist.told
    assert "숲을 지켜 주세요\n" in typist.told
    monkeypatch.delenv("LOCALES_DIR")
    assert read_settings().locales_dir == Path("our-petition")


async def test_failed_write_changes_nothing(
    telegram: Emulator, folder: Path, monkeypatch: pytest.MonkeyPatch, type_in: Callable[..., Typist]
) -> None:
    assert await set_up(type_in("1", telegram.token, "1", "", "", ""))
    before = read_files(folder)
    (folder / "petition.env").unlink()
    (folder / "petition.env").mkdir()
    (folder / "petition.env" / "x").touch()
    monkeypatch.setenv("SETTINGS_FILE", "other.env")
    (folder / "other.env").touch()
    monkeypatch.setattr("chatbot.app.setup.writing.change_lines", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        await set_up(type_in(*list_new_campaign(telegram.token)))
    assert not (folder / "our-petition").exists()
    assert (folder / "telegram.token").read_bytes() == before["telegram.token"]
    assert [name for name in read_files(folder) if name.startswith(".")] == []


def test_setup_needs_a_terminal(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert main(["setup"]) == 1
    told = capsys.readouterr()
    assert told.err.startswith("setup asks questions, so it needs a terminal where somebody types.")
    assert list(folder.iterdir()) == []


async def test_error_names_a_mistake_in_the_settings_file(folder: Path, type_in: Callable[..., Typist]) -> None:
    (folder / "petition.env").write_text("PORT 9000\n")
    with pytest.raises(SettingsError, match=r"^petition\.env, line 1: must look like NAME=value"):
        await set_up(type_in())
