"""Keeps the public page up to date: reads the numbers once a minute, so that no request reads the database."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from chatbot.app.app import App
from chatbot.app.periodic import PeriodicJob, every
from chatbot.app.public_page.folder import OccupiedError, write_files
from chatbot.documents.process import DocumentError, call
from chatbot.documents.qr_code import encode
from chatbot.i18n import Translator
from chatbot.jobs.file_places import find_folder
from chatbot.jobs.private_files import Folder
from chatbot.logs import outline_error
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.problem import describe_cause
from chatbot.screens.organizer.petition.public_page import describe_picture
from chatbot.site.content import SiteContent, TimelineEntry
from chatbot.site.files import FRESH, Site, SiteFile, make_site
from chatbot.storage import Database, Transaction
from chatbot.storage.broadcasts import broadcasts
from chatbot.storage.organizer import petition_status
from chatbot.storage.people import signatures

logger = logging.getLogger(__name__)

LONGEST_TIMELINE: Final = 20
"""Sent broadcasts on the page."""
PICTURE_PAUSE: Final = timedelta(minutes=10)
"""Between two drawings of the pictures, which take a second of a core each. Previews are kept for longer elsewhere."""
_LONGEST_DRAWING: Final = 120.0

Draw = Callable[[Mapping[str, Any]], Awaitable[bytes]]
"""Draws a picture from its description, as PNG. Raises `DocumentError`."""


class PageKeeper:
    """The public page of one process. It is None until it was made for the first time, soon after the start.

    The count stands still for a minute, so that nobody who watches both the page and a person learns that they signed.
    """

    def __init__(
        self,
        database: Database,
        campaign: Campaign,
        translators: Mapping[Language, Translator],
        draw: Draw,
        *,
        bot_link: str = "",
        address: str | None = None,
        folder: Path | None = None,
        serves: bool = False,
    ) -> None:
        self._database = database
        self._campaign = campaign
        self._translators = translators
        self._draw = draw
        self.bot_link = bot_link
        """`https://t.me/<bot>`; it may change at any time."""
        self._address = address
        self._folder = folder
        self._serves = serves
        self.site: Site | None = None
        self._content: SiteContent | None = None
        self._pictures: dict[Language, bytes] = {}
        self._drawn: object = None
        """What is on the pictures."""
        self._drawn_at: datetime | None = None
        self._ending: object = None
        self._cannot_write = False

    def find(self, path: str, language: str, accepted: str) -> SiteFile | None:
        """Find a file; see `Site.find`."""
        return None if self.site is None else self.site.find(path, language, accepted)

    def list_jobs(self) -> list[PeriodicJob]:
        """List the periodic job of the page; none if nobody asked for a page."""
        wanted = self._serves or self._folder is not None
        return [PeriodicJob("public page", self.refresh, every(FRESH))] if wanted else []

    async def refresh(self, now: datetime) -> None:
        """Make the files anew if anything on them has changed, and the pictures if enough time has passed."""
        content = await self._database.read_snapshot(_read, self.bot_link, self._address)
        await self._make(replace(content, pictures=self._pictures))
        if self._is_time_to_draw(content, now):
            await self._draw_all(content, now)
            await self._make(replace(content, pictures=self._pictures))

    async def _make(self, content: SiteContent) -> None:
        if content != self._content:
            self.site = make_site(self._campaign, self._translators, content, encode(content.link))
            self._content = content
        if self._folder is not None and self.site is not None:
            await self._write(self._folder, self.site)

    async def _write(self, folder: Path, site: Site) -> None:
        try:
            await asyncio.to_thread(write_files, folder, site.files, site.names)
        except OccupiedError as error:
            self._warn_once(str(error))
        except OSError as error:
            self._warn_once(f"the public page cannot be written ({describe_cause(error)})")
        else:
            self._cannot_write = False

    def _warn_once(self, why: str) -> None:
        if not self._cannot_write:
            logger.warning("PAGE_DIR: %s", why)
        self._cannot_write = True

    def _is_time_to_draw(self, content: SiteContent, now: datetime) -> bool:
        if self._drawn == self._name_numbers(content):
            return False
        is_rested = self._drawn_at is None or now >= self._drawn_at + PICTURE_PAUSE or now < self._drawn_at
        return is_rested or self._ending != content.status.ending

    def _name_numbers(self, content: SiteContent) -> object:
        return content.signed_here, content.status.ending, content.status.next_milestone, content.link

    async def _draw_all(self, content: SiteContent, now: datetime) -> None:
        self._drawn_at, self._ending = now, content.status.ending
        total = self._campaign.carried_over + content.signed_here
        pictures: dict[Language, bytes] = {}
        for language in self._campaign.languages:
            _ = self._translators[language]
            described = describe_picture(_, self._campaign, content.status, total, content.link)
            try:
                pictures[language] = await self._draw(described)
            except DocumentError as error:
                logger.warning("the pictures of the public page were not drawn (%s)", outline_error(error))
                return
        self._pictures, self._drawn = pictures, self._name_numbers(content)


def make_keeper(app: App, *, serves: bool) -> PageKeeper:
    """Make the keeper of the page; the bot's link is set later. It `serves` the page, or only writes its folder."""
    settings = app.settings
    return PageKeeper(
        app.database,
        app.campaign,
        app.translators,
        partial(draw_picture, find_folder(settings.database_url)),
        address=settings.find_page_url(),
        folder=settings.page_dir,
        serves=serves,
    )


async def draw_picture(private: Folder, described: Mapping[str, Any]) -> bytes:
    """Draw a picture in a child process, whose memory is freed afterwards."""
    async with private.open() as folder:
        path = folder / "card.png"
        await call("chatbot.documents.charts", {**described, "path": str(path)}, longest=_LONGEST_DRAWING)
        return await asyncio.to_thread(path.read_bytes)


async def _read(tx: Transaction, bot_link: str, address: str | None) -> SiteContent:
    status = await petition_status.find(tx)
    signed_here = await signatures.count(tx)
    entries = []
    for place in range(min(await broadcasts.count_in_timeline(tx), LONGEST_TIMELINE)):
        broadcast = await broadcasts.find_in_timeline(tx, place)
        if broadcast is None or broadcast.started_at is None:
            continue
        if not broadcast.audience.countries:  # what was written to some countries is not for the whole web
            entries.append(TimelineEntry(broadcast.posts, broadcast.started_at))
    return SiteContent(bot_link, status, signed_here, tuple(entries), address)
