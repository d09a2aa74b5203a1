"""Offers a petition that nobody owns to the person at the machine: the link is in a file, or on the terminal.

It never goes to the log: many people may read the log of a machine, and the link makes an owner. What is written to
the terminal of a container (`docker run -t`) is in its log too.
"""

import logging
import os
import re
import sys
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TextIO

from chatbot.app.setup.private_files import write_private
from chatbot.app.setup.terminal_qr import draw_qr
from chatbot.conversation.organizer.team.owner_link import PREFIX
from chatbot.i18n import Translator
from chatbot.i18n.terminal import find_language_of_windows, find_translator
from chatbot.screens.organizer.command_line import owner as words
from chatbot.settings import BUNDLED_LOCALES, Settings
from chatbot.storage import Database, Transaction, is_embedded
from chatbot.storage.organizer import owner_links, team
from chatbot.storage.organizer.owner_links import OwnerLink

logger = logging.getLogger(__name__)

FILE: Final = "owner-link.txt"
_CONTAINER: Final = "container"
"""The variable that tells programs that they are in a container. Podman and systemd set it, and so does the image."""
_SECRET: Final = re.compile(rf"\b{PREFIX}([A-Za-z0-9_-]{{22}})(?![A-Za-z0-9_-])")


@dataclass(frozen=True, slots=True)
class Offer:
    """A link that makes an owner. Its `secret` is None if another process, or a person at the machine, has it."""

    secret: str | None
    link: OwnerLink

    def write(self, username: str | None) -> str:
        """Return the link; without a username, the text that it would send to the bot."""
        return f"https://t.me/{username}?start={PREFIX}{self.secret}" if username else self.command

    @property
    def command(self) -> str:
        """What the link sends to the bot. Some clients drop it if the person has started the bot before."""
        return f"/start {PREFIX}{self.secret}"


def find_place(settings: Settings) -> Path:
    """Return the path of the file with the link: beside a SQLite file, or in the working directory."""
    file = settings.database_url.partition(":///")[2]
    return Path(file).with_name(FILE) if is_embedded(settings.database_url) else Path(FILE)


async def announce(database: Database, settings: Settings, username: str, out: TextIO | None = None) -> None:
    """At the start of a bot without owners, write the link into the file, and on a terminal show it."""
    out = out or sys.stdout
    place = find_place(settings)
    await database.transact(_remember_username, username)
    offer = await find_offer(database, settings.organizers, place)
    if offer is None:
        remove(place)
        return
    until = f"{offer.link.until:%Y-%m-%d %H:%M} UTC"
    if offer.secret is None:
        logger.info(
            "nobody owns this petition yet: a link that makes an owner was made before and works until %s; "
            "`python -m chatbot owner` makes a new one",
            until,
        )
        return
    is_kept = keep(offer, username, place)
    if is_terminal(out) and not os.environ.get(_CONTAINER):
        _ = find_translator(os.environ, BUNDLED_LOCALES, otherwise=find_language_of_windows())
        out.write("\n".join([words.nobody(_), *show(offer, username, out, _)]) + "\n\n")
        out.flush()
    elif is_kept:
        logger.info("nobody owns this petition yet: the link in %s makes an owner, once, until %s", place, until)
    else:
        await database.transact(owner_links.drop)
        logger.info("nobody owns this petition yet: `python -m chatbot owner` makes the link that makes an owner")


async def find_offer(database: Database, configured_owners: Collection[int], place: Path) -> Offer | None:
    """Return the link of a petition without owners, made anew unless one is valid; None if somebody owns it."""
    if await database.transact(owner_links.has_owner, configured_owners):
        return None
    return await database.transact(_find_or_make, configured_owners, _read(place), datetime.now(UTC))


async def make_offer(database: Database) -> Offer:
    """Make a link, whether or not somebody owns the petition. Earlier ones are void."""
    return await database.transact(_make, datetime.now(UTC))


def show(offer: Offer, username: str | None, out: TextIO, _: Translator) -> list[str]:
    """Return the lines that show a link to the person at the terminal, with a QR code if it can be drawn there."""
    until = f"{offer.link.until.astimezone():%Y-%m-%d %H:%M}"
    if username is None:
        return [words.send(_, until), "", f"    {offer.command}"]
    link = offer.write(username)
    code = draw_qr(link, out, in_colour=os.environ.get("TERM") != "dumb") if is_terminal(out) else []
    return [
        words.follow(_, until, has_code=bool(code)),
        *code,
        "",
        f"    {link}",
        "",
        words.or_send(_),
        "",
        f"    {offer.command}",
    ]


async def keep_current(database: Database, settings: Settings, now: datetime) -> None:
    """Remove the file with a link that was used or replaced. While nobody owns the petition, replace an expired one."""
    place, link = find_place(settings), await database.transact(owner_links.find)
    secret = _read(place)
    if secret is not None and (link is None or not link.is_valid(now) or not link.opens_with(secret)):
        remove(place)
        logger.info("the link in %s was used, has expired or was replaced, and is removed", place)
    if link is None or link.is_valid(now):
        return
    offer = await database.transact(_find_or_make, settings.organizers, None, now)
    if offer is None or offer.secret is None:  # another process made one
        return
    if keep(offer, await database.transact(owner_links.find_username), place):
        logger.info("still nobody owns this petition: there is a new link in %s", place)
    else:
        await database.transact(owner_links.drop)


def remove(place: Path) -> None:
    """Remove the file with the link, if there is one."""
    if _read(place) is not None:
        with suppress(OSError):
            place.unlink()


def is_terminal(out: TextIO) -> bool:
    """Whether a person reads this output. Otherwise it may be a log."""
    try:
        return out.isatty()
    except ValueError:  # it is closed
        return False


def keep(offer: Offer, username: str | None, place: Path) -> bool:
    """Write the link into the file; False if it cannot be written."""
    try:
        write_private(place, f"{offer.write(username)}\n")
    except OSError:
        return False
    return True


def _read(place: Path) -> str | None:
    """Return the secret in the file; None without such a file."""
    try:
        found = _SECRET.search(place.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    return found[1] if found else None


async def _remember_username(tx: Transaction, username: str) -> None:
    if await owner_links.find_username(tx) != username:
        await owner_links.remember_username(tx, username)


async def _find_or_make(
    tx: Transaction, configured_owners: Collection[int], kept: str | None, now: datetime
) -> Offer | None:
    await team.lock(tx)  # several processes may start at once
    if await owner_links.has_owner(tx, configured_owners):
        return None
    link = await owner_links.find(tx)
    if link is None or not link.is_valid(now):
        return await _make(tx, now)
    return Offer(kept if kept and link.opens_with(kept) else None, link)


async def _make(tx: Transaction, now: datetime) -> Offer:
    secret = await owner_links.make(tx, now)
    link = await owner_links.find(tx)
    assert link is not None  # it was made just now
    return Offer(secret, link)
