"""The folder of a running bot's page: changed files are written, and files of lost languages are removed."""

import logging
import os
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chatbot.app.public_page.keeper import PICTURE_PAUSE, PageKeeper
from chatbot.app.public_page.written_files import LIST
from chatbot.i18n import Translators, load_translators
from chatbot.petition.model import Campaign
from chatbot.settings import BUNDLED_LOCALES
from chatbot.storage import Database
from tests.app.public_page.conftest import Brush
from tests.support.cast import HANA, NOW
from tests.support.signers import add_signer

MINUTE = timedelta(minutes=1)


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


async def test_folder_has_the_page_and_changed_files_only_are_written(
    database: Database, campaign: Campaign, translators: Translators, brush: Brush, tmp_path: Path
) -> None:
    folder = tmp_path / "srv" / "page"
    link = "https://t.me/SaveMyFriendBot"
    keeper = PageKeeper(database, campaign, translators, brush, bot_link=link, folder=folder)
    before = os.umask(0o077)
    try:
        await keeper.refresh(NOW)
    finally:
        os.umask(before)
    site = keeper.site
    assert site is not None
    assert names(folder) == {*site.files, LIST}
    assert "index.html" in site.files
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o644}, "a web server can read them"
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE(folder.parent.stat().st_mode) == 0o755
    written = {file.name: file.stat().st_ino for file in folder.iterdir()}
    await keeper.refresh(NOW + MINUTE)  # nothing has changed
    assert written == {file.name: file.stat().st_ino for file in folder.iterdir()}
    await database.transact(add_signer, HANA)
    await keeper.refresh(NOW + 2 * MINUTE)
    changed = {file.name for file in folder.iterdir() if file.stat().st_ino != written[file.name]}
    assert {"index.html", "ko.html", "en.html", "count.json", "badge.svg"} <= changed
    assert "card.png" not in changed
    (folder / "count.json").unlink()
    await keeper.refresh(NOW + 3 * MINUTE)
    assert (folder / "count.json").exists()


async def test_log_names_once_a_folder_that_cannot_be_written(
    database: Database,
    campaign: Campaign,
    translators: Translators,
    brush: Brush,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    file = tmp_path / "file"
    file.touch()
    keeper = PageKeeper(database, campaign, translators, brush, bot_link="https://t.me/x", folder=file / "page")
    with caplog.at_level(logging.WARNING):
        await keeper.refresh(NOW)
        await keeper.refresh(NOW + MINUTE)
    assert len(caplog.messages) == 1
    assert caplog.messages[0].startswith("PAGE_DIR: the public page cannot be written (")
    assert keeper.site is not None


async def test_folder_of_somebody_else_is_left_as_it_is(
    database: Database,
    campaign: Campaign,
    translators: Translators,
    brush: Brush,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    folder = tmp_path / "page"
    index = folder / "index.html"
    folder.mkdir()
    index.write_bytes(b"<h1>Our choir</h1>")
    keeper = PageKeeper(database, campaign, translators, brush, bot_link="https://t.me/x", folder=folder)
    with caplog.at_level(logging.WARNING):
        await keeper.refresh(NOW)
        await keeper.refresh(NOW + MINUTE)
    assert caplog.messages == [
        f"PAGE_DIR: {index}: is there already, and the bot did not write it; move it away, or choose another folder"
    ]
    assert names(folder) == {"index.html"}
    assert index.read_bytes() == b"<h1>Our choir</h1>"
    index.unlink()
    await keeper.refresh(NOW + 2 * MINUTE)
    assert "Sign in Telegram" in index.read_text("utf-8")


async def test_page_of_a_lost_language_leaves_the_folder_and_pictures_stay_until_they_are_drawn(
    database: Database, campaign: Campaign, translators: Translators, brush: Brush, tmp_path: Path
) -> None:
    folder = tmp_path / "page"

    def restart(with_campaign: Campaign) -> PageKeeper:
        told = load_translators(with_campaign.listed, [BUNDLED_LOCALES])
        return PageKeeper(database, with_campaign, told, brush, bot_link="https://t.me/x", folder=folder)

    await restart(campaign).refresh(NOW)
    assert {"ko.html", "badge.ko.svg", "card.ko.png"} <= names(folder)
    assert 'hreflang="ko"' in (folder / "en.html").read_text("utf-8")
    english = {language: facts for language, facts in campaign.listed.items() if language == "en"}
    keeper = restart(replace(campaign, languages=english, listed=english))
    brush.fails = True
    await keeper.refresh(NOW + MINUTE)
    left = {"en.html", "badge.en.svg", "card.en.png", "index.html", "badge.svg", "card.png", "count.json"}
    assert names(folder) == left | {LIST}
    assert "ko.html" not in (folder / "en.html").read_text("utf-8")
    brush.fails = False
    await keeper.refresh(NOW + 2 * PICTURE_PAUSE)
    assert names(folder) == left | {LIST}
