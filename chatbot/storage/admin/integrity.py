"""Is everything as it should be? Counts recounted, rows that belong to nobody, and the file itself."""

from typing import Final

from chatbot.petition.funnel import FUNNEL_STEPS, bit_of
from chatbot.storage.engine.database import Database, Transaction
from chatbot.storage.organizer import audit_log

_RECOUNT_STEPS: Final = "".join(
    # Those whose time was over stay counted.
    f" UNION ALL SELECT 'steps:{each}', count(*) "  # noqa: S608 - ours
    f"+ coalesce((SELECT value FROM counters WHERE name = 'passed:{each}'), 0) "
    f"FROM supporters WHERE (funnel_steps & {bit_of(each)}) > 0"
    for each in FUNNEL_STEPS
)

# What is counted all along, and the same counted row by row.
_COUNTS: Final = (
    (
        (
            "SELECT name AS what, value FROM counters WHERE name = 'signatures' OR name LIKE 'signatures:%' "
            "OR name = 'subscriptions' OR name LIKE 'subscriptions:%' OR name LIKE 'languages:%' "
            "OR name LIKE 'sources:%' OR name = 'set_aside' "
            "OR name LIKE 'versions:%' OR name LIKE 'readers:%' OR name LIKE 'steps:%'"
        ),
        (
            "SELECT 'signatures' AS what, count(*) AS value FROM signatures "  # noqa: S608 - ours
            "WHERE set_aside_id IS NULL "
            "UNION ALL SELECT 'signatures:' || country, count(*) FROM signatures "
            "WHERE set_aside_id IS NULL GROUP BY country "
            "UNION ALL SELECT 'subscriptions', count(*) FROM subscriptions WHERE ended_at IS NULL "
            "UNION ALL SELECT 'subscriptions:' || language || ':' || coalesce(country, ''), count(*) "
            "FROM subscriptions WHERE ended_at IS NULL GROUP BY language, country "
            "UNION ALL SELECT 'languages:' || language, count(*) FROM signatures "
            "WHERE set_aside_id IS NULL GROUP BY language "
            "UNION ALL SELECT 'sources:' || counted_as, count(*) FROM signatures "
            "WHERE set_aside_id IS NULL GROUP BY counted_as "
            "UNION ALL SELECT 'versions:' || appeal_version, count(*) FROM signatures "
            "WHERE set_aside_id IS NULL GROUP BY appeal_version "
            "UNION ALL SELECT 'readers:' || appeal_version || ':' || language, count(*) FROM signatures "
            "WHERE set_aside_id IS NULL GROUP BY appeal_version, language "
            "UNION ALL SELECT 'set_aside', count(*) FROM signatures WHERE set_aside_id IS NOT NULL" + _RECOUNT_STEPS
        ),
    ),
    (
        (
            "SELECT 'broadcast ' || broadcast_id || ', ' || language || ', ' || outcome || ' ' || reason AS what, "
            "value FROM delivery_counts"
        ),
        (
            "SELECT what, CAST(sum(value) AS BIGINT) AS value FROM ("
            "SELECT 'broadcast ' || broadcast_id || ', ' || language || ', audience ' AS what, count(*) AS value "
            "FROM deliveries GROUP BY broadcast_id, language "
            "UNION ALL SELECT 'broadcast ' || broadcast_id || ', ' || language || ', ' || state || ' ' "
            "|| coalesce(reason, ''), count(*) FROM deliveries WHERE state NOT IN ('waiting', 'sending') "
            "GROUP BY broadcast_id, language, state, coalesce(reason, '') "
            # Those of people who were forgotten stay counted.
            "UNION ALL SELECT 'broadcast ' || broadcast_id || ', ' || language || ', ' || outcome || ' ' || reason, "
            "value FROM erased_delivery_counts) AS ledger GROUP BY what"
        ),
    ),
)

# Each counts rows that ought not to be.
_STRAY: Final = {
    "signatures of nobody": "SELECT count(*) AS n FROM signatures "
    "WHERE supporter_id NOT IN (SELECT id FROM supporters)",
    "subscriptions of nobody": "SELECT count(*) AS n FROM subscriptions "
    "WHERE supporter_id NOT IN (SELECT id FROM supporters)",
    "deliveries to nobody": "SELECT count(*) AS n FROM deliveries "
    "WHERE supporter_id NOT IN (SELECT id FROM supporters)",
    "deliveries of no broadcast": "SELECT count(*) AS n FROM deliveries "
    "WHERE broadcast_id NOT IN (SELECT id FROM broadcasts)",
    "signatures set aside by nothing": "SELECT count(*) AS n FROM signatures "
    "WHERE set_aside_id IS NOT NULL AND set_aside_id NOT IN (SELECT id FROM set_asides)",
    "signatures with a number that may be given again": "SELECT count(*) AS n FROM signatures "
    "WHERE number > coalesce((SELECT value FROM counters WHERE name = 'numbers'), 0)",
    "signatures with a source that is not what it counts as": "SELECT count(*) AS n FROM signatures "
    "WHERE counted_as <> CASE WHEN source IS NULL THEN '+direct' WHEN substr(source, 1, 2) = 's-' THEN '+friends' "
    "WHEN source IN (SELECT name FROM sources) THEN source ELSE '+other' END "
    # Those who came before their link had a counter of its own stay with the others.
    "AND NOT (counted_as = '+other' AND source IS NOT NULL AND substr(source, 1, 2) <> 's-')",
    "links without a signature": "SELECT count(*) AS n FROM sources "
    "WHERE name NOT IN (SELECT counted_as FROM signatures)",
    "counters of links that are gone": "SELECT count(*) AS n FROM counters WHERE name LIKE 'sources:%' "
    "AND substr(name, 9, 1) <> '+' AND substr(name, 9) NOT IN (SELECT name FROM sources)",
    "subscribers whose country is not that of their signature": "SELECT count(*) AS n FROM subscriptions AS s "
    "LEFT JOIN signatures AS g ON g.supporter_id = s.supporter_id "
    "WHERE s.ended_at IS NULL AND coalesce(s.country, '') <> coalesce(g.country, '')",
}


async def find_problems(database: Database) -> list[str]:
    """Everything that is not as it should be, one line each, without anybody's name; empty when all is well.

    It looks at every row there is, in the state of one moment, beside everything else that goes on.
    """
    # Counts of a damaged file say nothing.
    return await database.find_damage() or await database.read_snapshot(_recount)


async def _recount(tx: Transaction) -> list[str]:
    problems = []
    for counts, recounts in _COUNTS:
        counted = {row["what"]: row["value"] for row in await tx.all(counts)}
        found = {row["what"]: row["value"] for row in await tx.all(recounts)}
        problems += [
            f"{what.strip()}: counted {counted.get(what, 0)}, but there are {found.get(what, 0)}"
            for what in sorted(counted.keys() | found.keys())
            if counted.get(what, 0) != found.get(what, 0)
        ]
    for what, count in _STRAY.items():
        row = await tx.one(count)
        if row is not None and row["n"]:
            problems.append(f"{what}: {row['n']}")
    return problems + await audit_log.find_breaks(tx)
