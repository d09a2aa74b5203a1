"""The link for the first owner: in a file or on a terminal, never in the log, and void when it is used."""

import asyncio
import io
import logging
import os
import re
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chatbot.__main__ import main
from chatbot.app.setup import owner_link
from chatbot.settings import Settings
from chatbot.storage import Database, Transaction, open_database
from chatbot.storage.organizer import owner_links, team
from tests.support.cast import NOW, YUNA

LINK = re.compile(r"https://t\.me/SaveMyFriendBot\?start=own_[A-Za-z0-9_-]{22}")
DAY = timedelta(days=1)


class FakeTerminal(io.StringIO):
    """The output of a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Path:
    """An empty working directory, and an English system."""
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "ORGANIZERS", "DATABASE_URL", "container"):
        monkeypatch.delenv(name, raising=False)
    caplog.set_level(logging.INFO)
    return place


@pytest.fixture
def settings(url: str) -> Settings:
    return Settings(database_url=url, organizers=())


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = await open_database(url)
    yield opened
    await opened.close()


def read_link(settings: Settings) -> str:
    return owner_link.find_place(settings).read_text().strip()


async def announce(database: Database, settings: Settings) -> str:
    """Start a bot whose output is a log; return what it wrote there."""
    out = io.StringIO()
    await owner_link.announce(database, settings, "SaveMyFriendBot", out)
    return out.getvalue()


async def test_link_is_in_a_private_file_and_not_in_the_log(
    database: Database, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    before = os.umask(0)
    try:
        assert await announce(database, settings) == ""
    finally:
        os.umask(before)
    place = owner_link.find_place(settings)
    assert LINK.fullmatch(read_link(settings))
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert f"nobody owns this petition yet: the link in {place} makes an owner, once, until 20" in caplog.text
    assert "own_" not in caplog.text
    assert [each.name for each in place.parent.glob(".owner-link*")] == []


async def test_link_is_beside_a_sqlite_file_and_otherwise_in_the_working_directory(folder: Path) -> None:
    assert owner_link.find_place(Settings(database_url="sqlite:////srv/a.db")) == Path("/srv/owner-link.txt")
    assert owner_link.find_place(Settings(database_url="sqlite:///a.db")) == Path("owner-link.txt")
    assert owner_link.find_place(Settings(database_url="postgresql://a@b/c")) == Path("owner-link.txt")


async def test_restart_keeps_the_link(database: Database, settings: Settings) -> None:
    await announce(database, settings)
    link = read_link(settings)
    await announce(database, settings)
    assert read_link(settings) == link


async def test_terminal_shows_the_link_and_a_code(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    out = FakeTerminal()
    await owner_link.announce(database, settings, "SaveMyFriendBot", out)
    told = out.getvalue()
    assert told.startswith("이 청원에는 아직 책임자가 없습니다.\n휴대전화로 코드를 찍거나")
    link = read_link(settings)
    assert f"    {link}\n" in told
    assert f"    /start {link.partition('=')[2]}\n" in told
    assert "▀" in told


async def test_two_processes_make_one_link(
    database: Database, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    await asyncio.gather(*(announce(database, settings) for _ in range(4)))
    stored = await database.transact(owner_links.find)
    assert stored is not None
    assert stored.opens_with(read_link(settings).partition("own_")[2])
    owner_link.find_place(settings).unlink()
    caplog.clear()
    await announce(database, settings)
    assert "a link that makes an owner was made before and works until 20" in caplog.text
    assert not owner_link.find_place(settings).exists()


async def test_petition_with_an_owner_gets_no_link(database: Database, settings: Settings) -> None:
    await announce(database, settings)
    await database.transact(team.add_member, YUNA, "유나", "owner", None, NOW)
    await announce(database, settings)
    assert not owner_link.find_place(settings).exists()


async def test_petition_with_an_owner_in_the_settings_gets_no_link(database: Database, url: str) -> None:
    named = Settings(database_url=url, organizers=(YUNA,))
    await announce(database, named)
    assert not owner_link.find_place(named).exists()
    assert await database.transact(owner_links.find) is None


async def test_file_is_removed_when_the_link_was_used(database: Database, settings: Settings) -> None:
    place = owner_link.find_place(settings)
    await announce(database, settings)
    link = await database.transact(owner_links.find)
    assert link is not None
    await owner_link.keep_current(database, settings, datetime.now(UTC))
    assert place.exists()
    assert await database.transact(owner_links.redeem, link, datetime.now(UTC))
    await owner_link.keep_current(database, settings, datetime.now(UTC))
    assert not place.exists()


async def test_expired_link_is_replaced_while_nobody_owns_the_petition(
    database: Database, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    await announce(database, settings)
    place, first, tomorrow = owner_link.find_place(settings), read_link(settings), datetime.now(UTC) + DAY
    await owner_link.keep_current(database, settings, tomorrow)
    second = read_link(settings)
    stored = await database.transact(owner_links.find)
    assert second != first
    assert stored is not None
    assert stored.is_valid(tomorrow + timedelta(hours=23))
    assert stored.opens_with(second.partition("own_")[2])
    assert not stored.opens_with(first.partition("own_")[2])
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert f"there is a new link in {place}" in caplog.text
    assert "own_" not in caplog.text
    await owner_link.keep_current(database, settings, tomorrow)
    assert read_link(settings) == second
    await database.transact(team.add_member, YUNA, "유나", "owner", None, NOW)
    await owner_link.keep_current(database, settings, tomorrow + DAY)
    assert not place.exists(), "the petition has an owner now"


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(days=365)])
async def test_wrong_clock_leaves_one_link_that_works(database: Database, settings: Settings, jump: timedelta) -> None:
    await announce(database, settings)
    now = datetime.now(UTC)
    for moment in (now + jump, now, now + jump):
        await owner_link.keep_current(database, settings, moment)
        stored = await database.transact(owner_links.find)
        assert stored is not None
        assert stored.is_valid(moment)
        assert stored.opens_with(read_link(settings).partition("own_")[2])
    assert await database.transact(owner_links.redeem, stored, now + jump)
    await database.transact(team.add_member, YUNA, "유나", "owner", None, NOW)
    await owner_link.keep_current(database, settings, now)
    assert not owner_link.find_place(settings).exists()
    assert await database.transact(owner_links.find) is None


async def test_terminal_of_a_container_shows_no_link(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("container", "oci")
    out = FakeTerminal()
    await owner_link.announce(database, settings, "SaveMyFriendBot", out)
    assert out.getvalue() == ""
    assert LINK.fullmatch(read_link(settings))
    assert f"the link in {owner_link.find_place(settings)} makes an owner" in caplog.text


async def test_file_of_somebody_else_is_left_alone(database: Database, settings: Settings) -> None:
    place = owner_link.find_place(settings)
    place.write_text("my notes\n")
    await owner_link.keep_current(database, settings, datetime.now(UTC))
    owner_link.remove(place)
    assert place.read_text() == "my notes\n"


@pytest.mark.skipif(os.name == "nt", reason="folders are writable there")
async def test_log_names_the_command_if_the_link_cannot_be_written(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(owner_link, "find_place", lambda _settings: Path("/proc/owner-link.txt"))
    await announce(database, settings)
    assert "nobody owns this petition yet: `python -m chatbot owner` makes the link" in caplog.text
    assert await database.transact(owner_links.find) is None


# The command


async def _fill(database: Database, username: str | None, *, owner: bool) -> None:
    async def work(tx: Transaction) -> None:
        if username:
            await owner_links.remember_username(tx, username)
        if owner:
            await team.add_member(tx, YUNA, "유나", "owner", None, NOW)

    await database.transact(work)


async def test_command_replaces_the_link(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await announce(database, settings)
    old = await database.transact(owner_links.find)
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    assert await asyncio.to_thread(main, ["owner"]) == 0
    told = capsys.readouterr().out
    [link] = LINK.findall(told)
    assert f"/start {link.partition('=')[2]}\n" in told
    new = await database.transact(owner_links.find)
    assert new is not None
    assert new != old
    assert new.opens_with(link.partition("own_")[2])
    assert not owner_link.find_place(settings).exists(), "the old link is void"


async def test_command_asks_for_a_flag_when_there_is_an_owner(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await _fill(database, None, owner=True)
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    assert await asyncio.to_thread(main, ["owner"]) == 1
    assert "python -m chatbot owner --another" in capsys.readouterr().out
    assert await asyncio.to_thread(main, ["owner", "--another"]) == 0
    told = capsys.readouterr().out
    assert re.search(r"Send the bot this line.*\n\n    /start own_[\w-]{22}\n", told), (
        "the bot does not know its name yet"
    )


def test_command_needs_a_database(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["owner"]) == 1
    assert capsys.readouterr().err.startswith("DATABASE_URL: there is no such database")
    assert list(folder.iterdir()) == []


def test_check_warns_of_a_petition_without_owners(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    assert main(["check"]) == 0
    assert "Nobody owns this petition: python -m chatbot owner\n" in capsys.readouterr().out
    monkeypatch.setenv("ORGANIZERS", "3003")
    assert main(["check"]) == 0
    assert "Nobody owns" not in capsys.readouterr().out
