"""Reads what a test left in the database, without the bot's code."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

FIRST = 178_922
"""The number of the first signature: 178,921 supporters were carried over."""
STEPS = ("opened", "read", "began", "country", "reason", "check", "signed", "subscribed")
"""The funnel steps by their bits."""


class DatabaseReader:
    """Reads the bot's SQLite file from outside, while it runs or afterwards."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def read(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """Return the rows of a SELECT."""
        with closing(sqlite3.connect(self.file, timeout=10)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql, values)]

    def signature(self, supporter_id: int) -> dict[str, Any] | None:
        """Return a person's signature."""
        return next(iter(self.read("SELECT * FROM signatures WHERE supporter_id = ?", supporter_id)), None)

    def supporter(self, supporter_id: int) -> dict[str, Any]:
        """Return what is stored about a person."""
        return self.read("SELECT * FROM supporters WHERE id = ?", supporter_id)[0]

    def updates(self, supporter_id: int) -> str | None:
        """Return the language of their subscription; None without one."""
        sql = "SELECT language FROM subscriptions WHERE supporter_id = ? AND ended_at IS NULL"
        return next((row["language"] for row in self.read(sql, supporter_id)), None)

    def numbers(self) -> dict[int, int]:
        """Return the numbers of all signers."""
        return {row["supporter_id"]: row["number"] for row in self.read("SELECT * FROM signatures")}

    def assert_consistent(self, signatures: int) -> None:
        """Check that this many signatures have consecutive numbers, and that each counter equals its recount."""
        rows = self.read("SELECT * FROM signatures")
        assert sorted(row["number"] for row in rows) == list(range(FIRST, FIRST + signatures))
        recount = Counter({"signatures": len(rows)})
        recount.update(f"signatures:{row['country']}" for row in rows)
        countries = {row["supporter_id"]: row["country"] for row in rows}
        subscribed = self.read("SELECT * FROM subscriptions WHERE ended_at IS NULL")
        recount["subscriptions"] += len(subscribed)
        recount.update(
            f"subscriptions:{row['language']}:{countries.get(row['supporter_id'], '')}" for row in subscribed
        )
        recount.update(f"languages:{row['language']}" for row in rows)
        recount.update(f"sources:{row['counted_as']}" for row in rows)
        recount.update(f"versions:{row['appeal_version']}" for row in rows)
        recount.update(f"readers:{row['appeal_version']}:{row['language']}" for row in rows)
        recount.update(f"generations:{row['generation']}" for row in rows)
        for row in self.read("SELECT funnel_steps FROM supporters"):
            recount.update(f"steps:{step}" for nth, step in enumerate(STEPS) if row["funnel_steps"] >> nth & 1)
        counters = Counter({row["name"]: row["value"] for row in self.read("SELECT * FROM counters")})
        assert counters["numbers"] == max((row["number"] for row in rows), default=0)
        del counters["numbers"]
        del counters["broadcasts"]  # assigns ids, those of dropped drafts included
        assert +counters == +recount
        assert self.read("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
