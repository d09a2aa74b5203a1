"""The audit log as a table, with the chain of hashes that proves it complete."""

from collections.abc import AsyncIterator
from typing import Final

import orjson

from chatbot.documents.table import Cell
from chatbot.i18n import Translator
from chatbot.petition.audit_entry import AuditEntry
from chatbot.petition.exports.request import ExportRequest
from chatbot.petition.language_guess import strip_tags
from chatbot.screens.organizer.records import audit_lines as words
from chatbot.storage import Database
from chatbot.storage.engine import timestamps
from chatbot.storage.organizer import audit_log, team

COLUMNS: Final = ("number", "done_at", "done_local", "member_id", "name", "action", "told", "details", "hash")
AT_ONCE: Final = 2_000


async def read(database: Database, request: ExportRequest, _: Translator) -> AsyncIterator[list[list[Cell]]]:
    """Yield the entries of the requested days as batches of rows, oldest first."""
    names = await database.read_snapshot(team.find_names)
    begin, end = request.begins_at(_.zone), request.ends_at(_.zone)
    after = 0
    while entries := await database.read_snapshot(audit_log.read, after, AT_ONCE):
        after = entries[-1].number
        chosen = (
            entry for entry in entries if (not begin or entry.done_at >= begin) and (not end or entry.done_at < end)
        )
        yield [_write_row(entry, names.get(entry.member_id, ""), _) for entry in chosen]


def _write_row(entry: AuditEntry, name: str, _: Translator) -> list[Cell]:
    return [
        entry.number,
        timestamps.to_text(entry.done_at),
        f"{entry.done_at.astimezone(_.zone):%Y-%m-%d %H:%M:%S}",
        entry.member_id,
        name,
        entry.action,
        strip_tags(words.write_line(_, entry)),
        orjson.dumps(dict(entry.details), option=orjson.OPT_SORT_KEYS).decode(),
        entry.hash,
    ]
