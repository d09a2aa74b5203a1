"""Making what was ordered, into a folder."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
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
    """Opens sealed names, where somebody has given the key: `chatbot.petition.sealing.keys.Opener`."""

    def open(self, text: str) -> str:
        """Give what is in a sealed text; any other is given as it is. Raises `ValueError` without the right key."""


@dataclass(frozen=True, slots=True)
class DocumentContext:
    """What documents are made from. `opener` is None where sealed names stay sealed."""

    database: Database
    campaign: Campaign
    translators: Mapping[str, Translator]
    opener: Unsealer | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def open_sealed(self) -> Callable[[str], str]:
        """Gives the words of what was kept, as far as they can be read; what cannot stays as it is."""
        opener = self.opener
        if opener is None:
            return str

        def open_sealed(text: str) -> str:
            try:
                return opener.open(text)
            except ValueError:  # sealed for another key
                return text

        return open_sealed


async def make(context: DocumentContext, order: ExportRequest, folder: Path, *, bounded: bool) -> Made:
    """Make what was ordered into `folder`, which is empty and private; `bounded` in files that Telegram takes."""
    match order.what:
        case "signatures":
            return await _make_table(order, signatures.COLUMNS, _read_signatures(order, context), folder, bounded)
        case "log":
            rows = audit_log.read(context.database, order, context.translators[order.language])
            return await _make_table(order, audit_log.COLUMNS, rows, folder, bounded)
        case "delivery":
            return await _make_delivery(order, context, folder)


async def _make_table(
    order: ExportRequest,
    columns: tuple[str, ...],
    batches: AsyncIterator[list[list[Cell]]],
    folder: Path,
    bounded: bool,
) -> Made:
    table = await asyncio.to_thread(Table, folder, order.format, _find_form(order), columns, bounded=bounded)
    try:
        async for batch in batches:
            await asyncio.to_thread(table.write, batch)
    finally:
        made = await asyncio.to_thread(table.close)  # a half-written file is closed as well
    return made


def _find_form(order: ExportRequest) -> Opens:
    if order.format == "csv":
        return CsvPart
    # Imported here: who wants no workbook needs none of it.
    from chatbot.documents.xlsx_file import XlsxPart

    return XlsxPart


async def _read_signatures(order: ExportRequest, context: DocumentContext) -> AsyncIterator[list[list[Cell]]]:
    _ = context.translators[order.language]
    async for batch in signatures.read(context.database, signatures.choose(order, _)):
        yield [signatures.write_row(row, _, context.open_sealed) for row in batch]


async def _make_delivery(order: ExportRequest, context: DocumentContext, folder: Path) -> Made:
    # Imported here: who wants a table needs no typefaces.
    from chatbot.documents.petition_pdf import Facts, Named, PetitionDocument

    _ = context.translators[order.language]
    by_country, named = await context.database.read_snapshot(_count_for_delivery)
    facts = Facts(context.clock(), by_country, named)
    delivery = await asyncio.to_thread(PetitionDocument, folder, context.campaign, _, facts)
    after: int | None = 0
    while after is not None:
        rows = await context.database.read_snapshot(listing.list_named, after, signatures.AT_ONCE)
        batch = [Named(row["number"], context.open_sealed(row["name"]), row["country"]) for row in rows]
        await asyncio.to_thread(delivery.write, batch)
        after = batch[-1].number if batch else None
    return await asyncio.to_thread(delivery.close)


async def _count_for_delivery(tx: Transaction) -> tuple[dict[str, int], int]:
    return await kept.count_by_country(tx), await listing.count_named(tx)
