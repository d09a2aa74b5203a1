"""The public page of a running bot: files and pictures are made anew only after a change."""

import asyncio
import logging
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from markupsafe import Markup

from chatbot.app.public_page.keeper import LONGEST_TIMELINE, PICTURE_PAUSE, PageKeeper, draw_picture
from chatbot.i18n import Translators
from chatbot.jobs.private_files import Folder
from chatbot.petition.broadcasts.broadcast import Audience
from chatbot.petition.lifecycle import PetitionStatus
from chatbot.petition.model import Campaign
from chatbot.screens.organizer.petition.public_page import describe_picture
from chatbot.storage import Database, Transaction
from chatbot.storage.broadcasts import broadcasts, drafts
from chatbot.storage.organizer import petition_status
from tests.app.public_page.conftest import Brush
from tests.support.broadcasts import draft, start
from tests.support.cast import HANA, NOW, SAM, YUNA
from tests.support.signers import add_signer

MINUTE = timedelta(minutes=1)


@pytest.fixture
def keeper(database: Database, campaign: Campaign, translators: Translators, brush: Brush) -> PageKeeper:
    """The page of the bundled petition, which the bot serves."""
    link, address = "https://t.me/SaveMyFriendBot", "https://petition.example.org/"
    return PageKeeper(database, campaign, translators, brush, bot_link=link, address=address, serves=True)


def read(keeper: PageKeeper, path: str = "/") -> str:
    found = keeper.find(path, "", "en")
    assert found is not None
    return found.body.decode()


def count(keeper: PageKeeper) -> int:
    told: int = orjson.loads(read(keeper, "/count.json"))["count"]
    return told


async def test_page_is_missing_until_it_is_made(keeper: PageKeeper) -> None:
    assert keeper.find("/", "", "") is None
    assert [job.name for job in keeper.list_jobs()] == ["public page"]


async def test_page_is_made_only_if_it_is_served_or_has_a_folder(
    database: Database, campaign: Campaign, translators: Translators, brush: Brush, tmp_path: Path
) -> None:
    assert PageKeeper(database, campaign, translators, brush).list_jobs() == []
    [job] = PageKeeper(database, campaign, translators, brush, folder=tmp_path).list_jobs()
    assert job.wait(NOW) == 60, "the count stands still for a minute"


async def test_count_changes_only_with_a_refresh_and_names_nobody(keeper: PageKeeper, database: Database) -> None:
    await keeper.refresh(NOW)
    assert count(keeper) == 178_921
    await database.transact(add_signer, HANA, name="하나", reason="For my friend", named=True)
    assert count(keeper) == 178_921
    await keeper.refresh(NOW + MINUTE)
    assert count(keeper) == 178_922
    site = keeper.site
    assert site is not None
    for body in site.files.values():
        assert "하나".encode() not in body
        assert b"For my friend" not in body


async def test_page_that_has_not_changed_is_not_made_again(keeper: PageKeeper, database: Database) -> None:
    await keeper.refresh(NOW)
    before = keeper.site
    await keeper.refresh(NOW + MINUTE)
    assert keeper.site is before
    await database.transact(add_signer, SAM)
    await keeper.refresh(NOW + 2 * MINUTE)
    assert keeper.site is not before


async def test_page_follows_the_timeline(keeper: PageKeeper, database: Database) -> None:
    for nth in range(LONGEST_TIMELINE + 2):
        sent = await database.transact(draft, NOW, en=f"News {nth}.", ko=f"소식 {nth}.")
        sent = await database.transact(start, sent, NOW + nth * MINUTE)
    await database.transact(draft, NOW, en="A draft.")
    await keeper.refresh(NOW)
    page = read(keeper)
    assert f"News {LONGEST_TIMELINE + 1}." in page
    assert page.index("News 21.") < page.index("News 20.") < page.index("News 2.")
    assert "News 1." not in page
    assert "A draft." not in page
    assert "소식 21." in read(keeper, "/ko.html")


async def test_page_leaves_out_what_was_written_to_some_countries(keeper: PageKeeper, database: Database) -> None:
    for countries in (("CN", "KP"), ()):
        sent = await database.transact(draft, NOW, en=f"To {countries}.")
        await database.transact(drafts.set_audience, sent.id, Audience(countries=countries))
        await database.transact(start, await database.read_snapshot(broadcasts.get, sent.id), NOW)
    await keeper.refresh(NOW)
    assert "To ()." in read(keeper)
    assert "CN" not in read(keeper)


async def test_page_tells_the_end(keeper: PageKeeper, database: Database) -> None:
    await keeper.refresh(NOW)
    assert "Sign in Telegram" in read(keeper)
    statement = {"en": Markup("They are free."), "ko": Markup("풀려났습니다.")}
    assert await database.transact(petition_status.end, 0, "victory", statement, YUNA, NOW)
    await keeper.refresh(NOW + MINUTE)
    assert "They are free." in read(keeper)
    assert "Sign in Telegram" not in read(keeper)


async def test_pictures_are_drawn_when_the_number_changed_and_time_has_passed(
    keeper: PageKeeper, database: Database, brush: Brush
) -> None:
    await keeper.refresh(NOW)
    assert len(brush.drawn) == 2, "one for each language"
    assert "178,921" in read(keeper, "/card.png")
    await keeper.refresh(NOW + 2 * PICTURE_PAUSE)
    assert len(brush.drawn) == 2
    await database.transact(add_signer, HANA)
    at = NOW + 2 * PICTURE_PAUSE
    for nth in range(20):
        await database.transact(add_signer, 10_000 + nth)
        await keeper.refresh(at + nth * MINUTE)
    assert len(brush.drawn) == 2 + 2 * 2, "after 0 and 10 minutes, however many sign"
    assert count(keeper) == 178_921 + 21
    assert await database.transact(petition_status.end, 0, "closed", {}, YUNA, NOW)
    await keeper.refresh(at + 20 * MINUTE)
    assert len(brush.drawn) == 8, "pictures of the end do not wait"
    assert "178,942" in read(keeper, "/card.ko.png")


async def test_page_goes_on_without_pictures(
    keeper: PageKeeper, database: Database, brush: Brush, caplog: pytest.LogCaptureFixture
) -> None:
    brush.fails = True
    with caplog.at_level(logging.WARNING):
        await keeper.refresh(NOW)
        await database.transact(add_signer, HANA)
        await keeper.refresh(NOW + MINUTE)
    assert len(caplog.messages) == 1
    assert caplog.messages[0].startswith("the pictures of the public page were not drawn (")
    assert count(keeper) == 178_922
    assert keeper.find("/card.png", "", "") is None
    assert "og:image" not in read(keeper)
    brush.fails = False
    await keeper.refresh(NOW + PICTURE_PAUSE)
    assert "178,922" in read(keeper, "/card.png")


async def test_picture_is_drawn_in_a_child_process(
    campaign: Campaign, translators: Translators, tmp_path: Path
) -> None:
    described = describe_picture(translators["ko"], campaign, PetitionStatus(), 179_533, "https://t.me/x?start=web")
    drawn = await draw_picture(Folder(tmp_path / "private"), described)
    assert drawn.startswith(b"\x89PNG")
    assert drawn[16:24] == (1200).to_bytes(4) + (630).to_bytes(4)
    assert not await asyncio.to_thread(lambda: list(tmp_path.rglob("*.png")))


async def test_recalled_broadcast_leaves_the_page(keeper: PageKeeper, database: Database) -> None:
    sent = await database.transact(draft, NOW, en="A mistake.")
    sent = await database.transact(start, sent, NOW)
    await keeper.refresh(NOW)
    assert "A mistake." in read(keeper)
    await database.transact(_recall, sent.id)
    await keeper.refresh(NOW + MINUTE)
    assert "A mistake." not in read(keeper)


async def _recall(tx: Transaction, broadcast_id: int) -> None:
    await tx.run("UPDATE broadcasts SET recalled_at = :now WHERE id = :id", now="2026-11-24 04:00:00", id=broadcast_id)
