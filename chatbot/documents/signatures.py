"""The signatures as a table. The columns and their order are a promise to those who read them by program."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC
from typing import Final

from chatbot.documents.table import Cell
from chatbot.i18n import Translator
from chatbot.petition.countries.names import country_name
from chatbot.petition.exports.request import ExportRequest
from chatbot.storage import Database
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Row
from chatbot.storage.people import listing, sources

COLUMNS: Final = (
    "number",
    "name",
    "country",
    "country_name",
    "reason",
    "language",
    "source",
    "appeal_version",
    "signed_at",
    "signed_local",
    "set_aside",
)
FRIEND: Final = "friend"
"""Instead of somebody's share code: it stands in their posts, and would tell who recruited whom."""
AT_ONCE: Final = 5_000
"""Numbers gone through in one look at the database."""


def choose(order: ExportRequest, _: Translator) -> listing.Selection:
    """The signatures that an order is about."""
    return listing.Selection(order.begins_at(_.zone), order.ends_at(_.zone), order.country, order.set_aside)


async def read(database: Database, choice: listing.Selection) -> AsyncIterator[list[Row]]:
    """The chosen signatures in batches, in the order of their numbers: those that are there when this begins."""
    begin, end = await database.read_snapshot(listing.find_range, choice)
    for start in range(begin, end, AT_ONCE):
        yield await database.read_snapshot(listing.list_signatures, choice, start, min(start + AT_ONCE, end))


def write_row(row: Row, _: Translator, open_sealed: Callable[[str], str]) -> list[Cell]:
    """One signature in the order of `COLUMNS`."""
    signed_at = timestamps.from_text(row["signed_at"])
    return [
        row["number"],
        open_sealed(row["name"]),
        row["country"],
        country_name(row["country"], "ko" if _.language == "ko" else "en"),
        open_sealed(row["reason"]) if row["reason"] else "",
        row["language"],
        _tell_source(row["source"] or ""),
        row["appeal_version"],
        # To the minute: the rest of a moment stands beside nothing, and could be joined with what others have seen.
        f"{signed_at.astimezone(UTC):%Y-%m-%dT%H:%MZ}",
        f"{signed_at.astimezone(_.zone):%Y-%m-%d %H:%M}",
        "" if row["set_aside_id"] is None else "yes",
    ]


def _tell_source(source: str) -> str:
    return FRIEND if source.startswith(sources.SHARED) else source
