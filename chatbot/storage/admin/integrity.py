"""The integrity check: recounts the stored counts, looks for stray rows, and checks the file."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from chatbot.problem import Problem
from chatbot.storage.admin.count_names import name_count
from chatbot.storage.engine.database import Database, Transaction
from chatbot.storage.organizer import audit_log
from chatbot.storage.privacy.tables import TABLES

# Each query counts rows that should not exist.
_STRAY: Final = {
    Problem("signatures of nobody: {count}"): "SELECT count(*) AS n FROM signatures "
    "WHERE supporter_id NOT IN (SELECT id FROM supporters)",
    Problem("subscriptions of nobody: {count}"): "SELECT count(*) AS n FROM subscriptions "
    "WHERE supporter_id NOT IN (SELECT id FROM supporters)",
    Problem("deliveries to nobody: {count}"): "SELECT count(*) AS n FROM deliveries "
    "WHERE supporter_id NOT IN (SELECT id FROM supporters)",
    Problem("deliveries of no broadcast: {count}"): "SELECT count(*) AS n FROM deliveries "
    "WHERE broadcast_id NOT IN (SELECT id FROM broadcasts)",
    Problem("posts in places that nobody linked: {count}"): "SELECT count(*) AS n FROM place_deliveries "
    "WHERE code NOT IN (SELECT code FROM places)",
    Problem("posts in flight without a claim, or claimed without being in flight: {count}"): "SELECT count(*) AS n "
    "FROM place_deliveries WHERE (state = 'sending') <> (claim IS NOT NULL)",
    Problem("signatures set aside by nothing: {count}"): "SELECT count(*) AS n FROM signatures "
    "WHERE set_aside_id IS NOT NULL AND set_aside_id NOT IN (SELECT id FROM set_asides)",
    Problem("signatures with a number that may be given again: {count}"): "SELECT count(*) AS n FROM signatures "
    "WHERE number > coalesce((SELECT value FROM counters WHERE name = 'numbers'), 0)",
    Problem("signatures with a source that is not what it counts as: {count}"): "SELECT count(*) AS n FROM signatures "
    "WHERE counted_as <> CASE WHEN source IS NULL THEN '+direct' WHEN substr(source, 1, 2) = 's-' THEN '+friends' "
    "WHEN source IN (SELECT name FROM sources) THEN source ELSE '+other' END "
    # Signatures from before their link had its own counter stay counted with the others.
    "AND NOT (counted_as = '+other' AND source IS NOT NULL AND substr(source, 1, 2) <> 's-')",
    Problem("links without a signature: {count}"): "SELECT count(*) AS n FROM sources "
    "WHERE name NOT IN (SELECT counted_as FROM signatures)",
    Problem("counters of links that are gone: {count}"): "SELECT count(*) AS n FROM counters "
    "WHERE name LIKE 'sources:%' AND substr(name, 9, 1) <> '+' AND substr(name, 9) NOT IN (SELECT name FROM sources)",
    Problem("subscribers whose country is not that of their signature: {count}"): "SELECT count(*) AS n "
    "FROM subscriptions AS s LEFT JOIN signatures AS g ON g.supporter_id = s.supporter_id "
    "WHERE s.ended_at IS NULL AND coalesce(s.country, '') <> coalesce(g.country, '')",
}


async def find_problems(database: Database) -> list[Problem]:
    """List all problems, one line each, without names of people. Empty if there are none.

    Reads every row, in one snapshot, while everything else goes on.
    """
    # The counts of a damaged file mean nothing.
    return await database.find_damage() or await database.read_snapshot(_recount)


async def _recount(tx: Transaction) -> list[Problem]:
    counted = await _sum(tx, [table.counts for table in TABLES.values()])
    found = await _sum(tx, [table.recount for table in TABLES.values()])
    problems = [
        Problem(
            "{what}: counted {counted}, but there are {found}",
            what=name_count(what),
            counted=counted[what],
            found=found[what],
        )
        for what in sorted(counted.keys() | found.keys())
        if counted[what] != found[what]
    ]
    for stray, count in _STRAY.items():
        row = await tx.one(count)
        if row is not None and row["n"]:
            problems.append(stray.fill(count=row["n"]))
    return problems + await audit_log.find_breaks(tx)


async def _sum(tx: Transaction, queries: Iterable[str | None]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for query in queries:
        for row in await tx.all(query) if query else ():
            sums[row["what"]] += row["value"]
    return sums
