"""What the database holds in the end, read past all of the bot's own code."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

FIRST = 178_922
"""The number of the first signature: 178,921 supporters were carried over."""
STEPS = ("opened", "read", "began", "country", "reason", "check", "signed", "subscribed")
"""The steps of the way to a signature, by their bits."""


class Ledger:
    """Reads the bot's SQLite file from outside, while it runs or afterwards."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def read(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """The rows that a SELECT gives."""
        with closing(sqlite3.connect(self.file, timeout=10)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql, values)]

    def signature(self, supporter_id: int) -> dict[str, Any] | None:
        """Somebody's signature."""
        return next(iter(self.read("SELECT * FROM signatures WHERE supporter_id = ?", supporter_id)), None)

    def supporter(self, supporter_id: int) -> dict[str, Any]:
        """What is known of somebody the bot has met."""
        return self.read("SELECT * FROM supporters WHERE id = ?", supporter_id)[0]

    def updates(self, supporter_id: int) -> str | None:
        """The language in which they get updates, if they do."""
        sql = "SELECT language FROM subscriptions WHERE supporter_id = ? AND ended_at IS NULL"
        return next((row["language"] for row in self.read(sql, supporter_id)), None)

    def numbers(self) -> dict[int, int]:
        """The number of everybody who has signed."""
        return {row["supporter_id"]: row["number"] for row in self.read("SELECT * FROM signatures")}

    def assert_true_to_itself(self, signatures: int) -> None:
        """There are so many signatures, numbered without gap or repeat, and every counter equals its recount."""
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
        for row in self.read("SELECT funnel_steps FROM supporters"):
            recount.update(f"steps:{step}" for nth, step in enumerate(STEPS) if row["funnel_steps"] >> nth & 1)
        counters = Counter({row["name"]: row["value"] for row in self.read("SELECT * FROM counters")})
        assert counters["numbers"] == max((row["number"] for row in rows), default=0)
        del counters["numbers"]
        del counters["broadcasts"]  # gives out ids, those of drafts thrown away as well
        assert +counters == +recount
        assert self.read("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
