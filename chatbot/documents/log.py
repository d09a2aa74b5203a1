"""The journal as a table: who of the team did what, with the chain of hashes to check it by."""

from collections.abc import AsyncIterator
from typing import Final

import orjson

from chatbot.documents.table import Cell
from chatbot.i18n import Translator
from chatbot.petition.deed import Deed
from chatbot.petition.order import Order
from chatbot.petition.wording import plain
from chatbot.screens import journal as words
from chatbot.storage import Database, Transaction, journal, moments, team

COLUMNS: Final = ("number", "done_at", "done_local", "who", "name", "deed", "told", "details", "hash")
AT_ONCE: Final = 2_000


async def read(database: Database, order: Order, _: Translator) -> AsyncIterator[list[list[Cell]]]:
    """The deeds of the days that were ordered, as rows in batches, the oldest first."""
    names = await database.look(team.find_names)
    begin, end = order.begins_at(_.zone), order.ends_at(_.zone)
    after = 0
    while True:

        async def read_some(tx: Transaction, after: int = after) -> list[Deed]:
            return await journal.read(tx, after, AT_ONCE)

        deeds = await database.look(read_some)
        if not deeds:
            return
        after = deeds[-1].number
        chosen = (deed for deed in deeds if (not begin or deed.done_at >= begin) and (not end or deed.done_at < end))
        yield [_write_row(deed, names.get(deed.who, ""), _) for deed in chosen]


def _write_row(deed: Deed, name: str, _: Translator) -> list[Cell]:
    return [
        deed.number,
        moments.to_text(deed.done_at),
        f"{deed.done_at.astimezone(_.zone):%Y-%m-%d %H:%M:%S}",
        deed.who,
        name,
        deed.what,
        plain(words.tell(_, deed)),
        orjson.dumps(dict(deed.details), option=orjson.OPT_SORT_KEYS).decode(),
        deed.hash,
    ]
