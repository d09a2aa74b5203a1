"""Making what was ordered, into a folder."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from chatbot.documents import log, signatures
from chatbot.documents.csv_part import CsvPart
from chatbot.documents.table import Cell, Made, Opens, Table
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.petition.order import Order
from chatbot.storage import Database, Transaction, listing
from chatbot.storage import signatures as kept
from chatbot.storage.database import Row


class Opener(Protocol):
    """Opens sealed names, where somebody has given the key: `chatbot.petition.sealing.Opener`."""

    def open(self, text: str) -> str:
        """Give what is in a sealed text; any other is given as it is. Raises `ValueError` without the right key."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What documents are made from. `opener` is None where sealed names stay sealed."""

    database: Database
    campaign: Campaign
    translators: Mapping[str, Translator]
    opener: Opener | None = None
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


async def make(workshop: Workshop, order: Order, folder: Path, *, bounded: bool) -> Made:
    """Make what was ordered into `folder`, which is empty and private; `bounded` in files that Telegram takes."""
    match order.what:
        case "signatures":
            return await _make_table(order, signatures.COLUMNS, _read_signatures(order, workshop), folder, bounded)
        case "log":
            rows = log.read(workshop.database, order, workshop.translators[order.language])
            return await _make_table(order, log.COLUMNS, rows, folder, bounded)
        case "delivery":
            return await _make_delivery(order, workshop, folder)


async def _make_table(
    order: Order,
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


def _find_form(order: Order) -> Opens:
    if order.format == "csv":
        return CsvPart
    # Imported here: who wants no workbook needs none of it.
    from chatbot.documents.xlsx_part import XlsxPart

    return XlsxPart


async def _read_signatures(order: Order, workshop: Workshop) -> AsyncIterator[list[list[Cell]]]:
    _ = workshop.translators[order.language]
    async for batch in signatures.read(workshop.database, signatures.choose(order, _)):
        yield [signatures.write_row(row, _, workshop.open_sealed) for row in batch]


async def _make_delivery(order: Order, workshop: Workshop, folder: Path) -> Made:
    # Imported here: who wants a table needs no typefaces.
    from chatbot.documents.delivery import Delivery, Facts, Named

    _ = workshop.translators[order.language]
    by_country, named = await workshop.database.look(_count_for_delivery)
    facts = Facts(workshop.clock(), by_country, named)
    delivery = await asyncio.to_thread(Delivery, folder, workshop.campaign, _, facts)
    after: int | None = 0
    while after is not None:

        async def list_some(tx: Transaction, after: int = after) -> list[Row]:
            return await listing.list_named(tx, after, signatures.AT_ONCE)

        rows = await workshop.database.look(list_some)
        batch = [Named(row["number"], workshop.open_sealed(row["name"]), row["country"]) for row in rows]
        await asyncio.to_thread(delivery.write, batch)
        after = batch[-1].number if batch else None
    return await asyncio.to_thread(delivery.close)


async def _count_for_delivery(tx: Transaction) -> tuple[dict[str, int], int]:
    return await kept.count_by_country(tx), await listing.count_named(tx)
