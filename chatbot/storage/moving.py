"""Moving house: everything from one database into another one, counted and checked on both sides.

Where it ends in the middle, the target is marked, and nothing but another move opens it.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from chatbot.storage import keepsakes, moments
from chatbot.storage.checking import find_problems
from chatbot.storage.database import Database, Row, Transaction
from chatbot.storage.moving_mark import MARK

TABLES: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "supporters": (
        ("id",),
        (
            *("id", "language", "language_chosen_at", "source", "step", "draft", "share_code", "blocked_at"),
            *("last_update_id", "first_seen_at", "last_seen_at", "reached", "human_at"),
        ),
    ),
    "signatures": (
        ("supporter_id",),
        (
            *("supporter_id", "number", "name", "country", "reason", "language", "source", "appeal_version"),
            *("signed_at", "counted_as", "named_at", "set_aside_id", "seconds"),
        ),
    ),
    "subscriptions": (
        ("supporter_id",),
        ("supporter_id", "language", "country", "subscribed_at", "ended_at", "ended_because"),
    ),
    "counters": (("name",), ("name", "value")),
    "sources": (("name",), ("name", "admitted_at")),
    "history": (("name", "hour"), ("name", "hour", "value")),
    "received": (("update_id",), ("update_id", "received_at")),
    "keepsakes": (("name",), ("name", "value")),
    "organizers": (("id",), ("id", "greeted_at")),
    "broadcasts": (
        ("id",),
        (
            *("id", "kind", "of_id", "organizer_id", "audience_language", "audience_countries", "reach", "sound"),
            *("revision", "created_at", "scheduled_for", "late_at", "started_at", "gathered_to", "gathered_at"),
            *("paused_at", "again", "ended_at", "ending", "refusal", "recalled_at", "progress_message_id"),
            *("reported_at", "renews"),
        ),
    ),
    "posts": (
        ("broadcast_id", "language"),
        ("broadcast_id", "language", "text", "media_kind", "file_id", "button_label", "button_url"),
    ),
    "deliveries": (
        ("broadcast_id", "supporter_id"),
        ("broadcast_id", "supporter_id", "language", "state", "reason", "message_id"),
    ),
    "tallies": (
        ("broadcast_id", "language", "outcome", "reason"),
        ("broadcast_id", "language", "outcome", "reason", "value"),
    ),
    "forgotten_deliveries": (
        ("broadcast_id", "language", "outcome", "reason"),
        ("broadcast_id", "language", "outcome", "reason", "value"),
    ),
    "members": (("id",), ("id", "name", "role", "invited_by", "joined_at", "left_at", "hidden_from")),
    "agreements": (("name",), ("name", "value")),
    "invitations": (
        ("id",),
        ("id", "hash", "role", "invited_by", "made_at", "until", "used_by", "closed_at"),
    ),
    "confirmations": (("code",), ("code", "person_id", "about", "until")),
    "journal": (("number",), ("number", "who", "kind", "deed", "details", "done_at", "hash")),
    "journal_ends": (("name",), ("name", "number", "hash")),
    "course": (
        ("name",),
        (
            *("name", "revision", "ending", "ended_at", "statement_ko", "statement_en", "answer_ko", "answer_en"),
            *("next_milestone", "reached", "changed_by", "changed_at", "change", "human_mode", "human_rate"),
            *("human_until", "human_revision", "human_by"),
        ),
    ),
    "course_drafts": (("person_id",), ("person_id", "change", "revision", "text_ko", "text_en", "number")),
    "appeal_versions": (("version", "language"), ("version", "language", "text", "first_seen_at")),
    "sent_alone": (("broadcast_id", "sent_at"), ("broadcast_id", "sent_at", "sent_by", "people")),
    "approvals": (
        ("broadcast_id",),
        ("broadcast_id", "revision", "asked_by", "asked_at", "starts", "approved_by", "approved_at"),
    ),
    "set_asides": (
        ("id",),
        (
            *("id", "made_by", "conditions", "last_number", "reason", "made_at", "state", "found", "done"),
            *("looked_to", "total_before"),
        ),
    ),
    "signals": (("id",), ("id", "kind", "subject", "conditions", "value", "usual", "found_at")),
    "watch": (("name",), ("name", "value")),
    "errands": (("id",), ("id", "kind", "details", "progress", "for_id", "tries", "added_at", "due_at")),
}
"""Every table of the schema but those of the migrations: its key, and its columns.

Who is referred to comes before who refers.
"""
AT_ONCE: Final = 2_000
"""Rows carried in one transaction."""
HELD_BY_BOTS: Final = ("broadcasting", "errands")
"""What one process of a running bot holds: who sends updates, and who does the work asked for, `web` included."""


class CannotMove(Exception):  # noqa: N818 - it says what happened
    """It must not be done, or was not done rightly; the message says in a line why, and what to do."""


async def move(source: Database, target: Database, tell: Callable[[str], None]) -> None:
    """Carry everything from `source` to `target`, whose schema is there and empty. Nothing changes in `source`.

    `tell` hears a line for each table. Raises `CannotMove` where somebody still works with either side, where the
    target holds something already, and where the two sides differ in the end. What an earlier move left there by halves
    is emptied first: `source` may have gone on since.
    """
    for database in (source, target):
        for name in HELD_BY_BOTS:
            if not await database.hold(name):
                raise CannotMove("a bot is running with one of the two databases: stop it first")
    if problems := await find_problems(source):
        raise CannotMove(f"the old database is not in order: {problems[0]} (python -m chatbot check says more)")
    if await target.look(lambda tx: keepsakes.find(tx, MARK)) is not None:
        tell("The new database holds a part of an earlier move: it is emptied first.")
        for table in reversed(TABLES):
            await _empty(target, table)
    elif any([await _count(target, table) for table in TABLES]):
        raise CannotMove("the new database holds something already: name an empty one")
    await target.transact(lambda tx: keepsakes.keep(tx, MARK, moments.to_text(datetime.now(UTC))))
    for table in TABLES:
        carried = await _carry(source, target, table)
        tell(f"{table}: {carried:,}")
    for table in TABLES:
        before, after = await _count(source, table), await _count(target, table)
        if before != after:
            raise CannotMove(f"{table}: {before} in the old database, {after} in the new one")
    if problems := await find_problems(target):
        raise CannotMove(f"the new database is not in order: {problems[0]}")
    await target.transact(lambda tx: keepsakes.drop(tx, MARK))


async def _count(database: Database, table: str) -> int:
    async def work(tx: Transaction) -> int:
        but = f"WHERE name <> '{MARK}'" if table == "keepsakes" else ""
        row = await tx.one(f"SELECT count(*) AS n FROM {table} {but}")  # noqa: S608 - a table of ours
        return row["n"] if row else 0

    return await database.look(work)


async def _empty(target: Database, table: str) -> None:
    """Take everything out of a table, little by little, but the mark."""
    key = ", ".join(TABLES[table][0])
    but = f"WHERE name <> '{MARK}'" if table == "keepsakes" else ""

    async def empty_some(tx: Transaction) -> int:
        return await tx.run(
            f"DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} {but} ORDER BY {key} LIMIT :at_once)",  # noqa: S608
            at_once=AT_ONCE,
        )

    while await target.transact(empty_some):
        pass


async def _carry(source: Database, target: Database, table: str) -> int:
    key, columns = TABLES[table]
    names = ", ".join(columns)
    insert = f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{column}' for column in columns)})"  # noqa: S608
    carried = 0
    last: Row | None = None
    while True:

        async def read(tx: Transaction, last: Row | None = last) -> list[Row]:
            where, values = _after(key, last)
            return await tx.all(
                f"SELECT {names} FROM {table} {where} ORDER BY {', '.join(key)} LIMIT :at_once",  # noqa: S608
                at_once=AT_ONCE,
                **values,
            )

        rows = await source.look(read)
        if not rows:
            return carried

        async def write(tx: Transaction, rows: list[Row] = rows) -> None:
            for row in rows:
                await tx.run(insert, **{column: row[column] for column in columns})

        await target.transact(write)
        carried += len(rows)
        last = rows[-1]


def _after(key: tuple[str, ...], last: Row | None) -> tuple[str, dict[str, Any]]:
    """Give the WHERE that goes on after a row, in the order of the key: row values read the same on both engines."""
    if last is None:
        return "", {}
    left, right = ", ".join(key), ", ".join(f":after_{column}" for column in key)
    return f"WHERE ({left}) > ({right})", {f"after_{column}": last[column] for column in key}
