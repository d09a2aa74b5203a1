"""Makes an export in a folder."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from chatbot.documents import audit_log, signatures
from chatbot.documents.csv_file import CsvPart
from chatbot.documents.table import Cell, Made, Opens, Table
from chatbot.i18n import Translator
from chatbot.petition.exports.request import ExportRequest
from chatbot.petition.model import Campaign
from chatbot.storage import Database, Transaction
from chatbot.storage.people import listing
from chatbot.storage.people import signatures as kept


class Unsealer(Protocol):
    """Opens sealed names with a private key; implemented by `chatbot.petition.sealing.keys.Opener`."""

    def open(self, text: str) -> str:
        """Return the plain text; other text stays as it is. Raises `ValueError` without the right key."""


@dataclass(frozen=True, slots=True)
class DocumentContext:
    """What exports are made from. If `opener` is None, sealed names stay sealed."""

    database: Database
    campaign: Campaign
    translators: Mapping[str, Translator]
    opener: Unsealer | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def open_sealed(self) -> Callable[[str], str]:
        """Return a function that opens a sealed text, or returns it unchanged if there is no key for it."""
        opener = self.opener
        if opener is None:
            return str

        def open_sealed(text: str) -> str:
            try:
                return opener.open(text)
            except ValueError:  # sealed for another key
                return text

        return open_sealed


async def make(context: DocumentContext, request: ExportRequest, folder: Path, *, bounded: bool) -> Made:
    """Make the export in the empty, private `folder`; `bounded` limits its files to the size Telegram accepts."""
    _ = context.translators[request.language]
    match request.what:
        case "signatures":
            return await _make_signatures(request, context, folder, bounded)
        case "log":
            rows = audit_log.read(context.database, request, _)
            return await _make_table(request, _, audit_log.COLUMNS, rows, folder, bounded)
        case "delivery":
            return await _make_petition_document(request, context, folder)


async def _make_table(
    request: ExportRequest,
    _: Translator,
    columns: tuple[str, ...],
    batches: AsyncIterator[list[list[Cell]]],
    folder: Path,
    bounded: bool,
) -> Made:
    table = await asyncio.to_thread(Table, folder, request.format, _find_part(request, _), columns, bounded=bounded)
    try:
        async for batch in batches:
            await asyncio.to_thread(table.write, batch)
    finally:
        made = await asyncio.to_thread(table.close)  # closes the file after an error too
    return made


def _find_part(request: ExportRequest, _: Translator) -> Opens:
    if request.format == "csv":
        return CsvPart
    # Imported here: a CSV file does not need it.
    from chatbot.documents.xlsx_file import XlsxPart

    return partial(XlsxPart, is_right_to_left=_.direction == "rtl")


async def _make_signatures(request: ExportRequest, context: DocumentContext, folder: Path, bounded: bool) -> Made:
    _, named = context.translators[request.language], 0

    async def read() -> AsyncIterator[list[list[Cell]]]:
        nonlocal named
        async for batch in signatures.read(context.database, signatures.choose(request, _)):
            named += sum(row["named_at"] is not None for row in batch)
            yield [signatures.write_row(row, _, context.open_sealed) for row in batch]

    made = await _make_table(request, _, signatures.COLUMNS, read(), folder, bounded)
    return replace(made, named=named)


async def _make_petition_document(request: ExportRequest, context: DocumentContext, folder: Path) -> Made:
    # Imported here: a table does not need typefaces.
    from chatbot.documents.petition_pdf import Facts, Named, PetitionDocument

    _ = context.translators[request.language]
    by_country, named = await context.database.read_snapshot(_count_named)
    facts = Facts(context.clock(), by_country, named)
    document = await asyncio.to_thread(PetitionDocument, folder, context.campaign, _, facts)
    after: int | None = 0
    while after is not None:
        rows = await context.database.read_snapshot(listing.list_named, after, signatures.AT_ONCE)
        batch = [Named(row["number"], context.open_sealed(row["name"]), row["country"]) for row in rows]
        await asyncio.to_thread(document.write, batch)
        after = batch[-1].number if batch else None
    return await asyncio.to_thread(document.close)


async def _count_named(tx: Transaction) -> tuple[dict[str, int], int]:
    return await kept.count_by_country(tx), await listing.count_named(tx)
