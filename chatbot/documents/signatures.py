"""The signatures as a table. Programs rely on the columns and their order."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC
from typing import Final

from chatbot.documents.table import Cell
from chatbot.i18n import Translator
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
    "may_be_named",
)
FRIEND: Final = "friend"
"""Replaces share codes: people post theirs in public, so a code would tell who recruited whom."""
AT_ONCE: Final = 5_000
"""Signature numbers covered by one query."""


def choose(request: ExportRequest, _: Translator) -> listing.Selection:
    """Return the selection of signatures that the request asks for."""
    return listing.Selection(request.begins_at(_.zone), request.ends_at(_.zone), request.country, request.set_aside)


async def read(database: Database, choice: listing.Selection) -> AsyncIterator[list[Row]]:
    """Yield the selected signatures in batches, by number, as far as they exist when this starts."""
    begin, end = await database.read_snapshot(listing.find_range, choice)
    for start in range(begin, end, AT_ONCE):
        yield await database.read_snapshot(listing.list_signatures, choice, start, min(start + AT_ONCE, end))


def write_row(row: Row, _: Translator, open_sealed: Callable[[str], str]) -> list[Cell]:
    """Return one signature as cells in the order of `COLUMNS`."""
    signed_at = timestamps.from_text(row["signed_at"])
    return [
        row["number"],
        open_sealed(row["name"]),
        row["country"],
        _.country(row["country"]),
        open_sealed(row["reason"]) if row["reason"] else "",
        row["language"],
        _name_source(row["source"] or ""),
        row["appeal_version"],
        # To the minute: an exact time could be linked with what other people have seen.
        f"{signed_at.astimezone(UTC):%Y-%m-%dT%H:%MZ}",
        f"{signed_at.astimezone(_.zone):%Y-%m-%d %H:%M}",
        "" if row["set_aside_id"] is None else "yes",
        "yes" if row["named_at"] else "",
    ]


def _name_source(source: str) -> str:
    return FRIEND if source.startswith(sources.SHARED) else source
