"""`page` writes the public page as files for any web host."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from chatbot.__main__ import main
from chatbot.storage import open_database
from chatbot.storage.organizer import owner_links


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> pytest.MonkeyPatch:
    """The settings of a bot, on an English system. Pictures are drawn without a process."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "ORGANIZERS", "PAGE_URL", "PAGE_DIR", "WEBHOOK_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setattr("chatbot.app.public_page.command.draw_picture", draw)
    return monkeypatch


async def draw(_folder: object, described: Mapping[str, Any]) -> bytes:
    """Stand in for the process that draws, which takes a second."""
    return repr(described["figure"]).encode()


async def remember(url: str) -> None:
    database = await open_database(url)
    await database.transact(owner_links.remember_username, "SaveMyFriendBot")
    await database.close()


def test_page_needs_a_bot_that_has_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["page", str(tmp_path / "page")]) == 1
    assert "start it first: python -m chatbot run" in capsys.readouterr().err
    assert not (tmp_path / "page").exists()


def test_page_is_written_with_its_picture(
    tmp_path: Path, sqlite_url: str, environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(remember(sqlite_url))
    folder = tmp_path / "page"
    assert main(["page", str(folder)]) == 0
    told = capsys.readouterr().out
    assert told.splitlines() == [
        f"{folder} holds the public page: 10 files.",
        "Set PAGE_URL to its address, so that other sites show its picture beside a link to it.",
    ]
    index = (folder / "index.html").read_text("utf-8")
    assert 'href="https://t.me/SaveMyFriendBot?start=web"' in index
    assert "og:image" not in index
    assert (folder / "card.ko.png").read_text("utf-8") == "('', '178,921', '명이 서명했습니다')"
    environment.setenv("WEBHOOK_URL", "https://petition.example.org/telegram")
    assert main(["page", str(folder)]) == 0
    assert 'content="https://petition.example.org/card.en.png"' in (folder / "index.html").read_text("utf-8")
    assert "PAGE_URL" not in capsys.readouterr().out


def test_page_replaces_no_file_of_somebody_else(
    tmp_path: Path, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(remember(sqlite_url))
    index = tmp_path / "index.html"
    index.write_text("<h1>Our choir</h1>")
    assert main(["page", str(tmp_path)]) == 1
    told = f"{index}: is there already, and the bot did not write it; move it away, or choose another folder\n"
    assert capsys.readouterr().err == told
    assert index.read_text() == "<h1>Our choir</h1>"


def test_page_names_a_folder_that_cannot_be_written(
    tmp_path: Path, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(remember(sqlite_url))
    (tmp_path / "file").touch()
    assert main(["page", str(tmp_path / "file")]) == 1
    assert f"{tmp_path / 'file'}: cannot be written" in capsys.readouterr().err
