"""Answers and broadcasts beside live cards: `python -m tests.benchmarks.cards`.

Options are --seconds, --cards and --rounds. Rounds without and with cards alternate, each a broadcast at 25 messages a
second while people tap buttons. The number on the cards changes all the time, so that the keeper of the cards has as
much to do as its budget allows.
"""

import argparse
import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chatbot.emulator import Emulator
from chatbot.emulator.world.gatherings import gather
from chatbot.petition.sealing.message_ids import MessageIdSeal
from tests.benchmarks.broadcasting import HEAD, Measured, measure
from tests.benchmarks.measuring import percentile

RATE = 25.0
EVERY = 1.0
"""Seconds between two changes of the number."""


class LiveCards:
    """Posted cards, and the edits of them."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.edits = 0

    @asynccontextmanager
    async def alongside(self, emulator: Emulator, folder: Path) -> AsyncIterator[None]:
        """Post the cards, and let the number change until the block ends."""
        file, seal, today = folder / "chatbot.db", MessageIdSeal(emulator.token), datetime.now(UTC).date().isoformat()
        rows = []
        for nth in range(self.count):
            place = gather(emulator.world, f"Group {nth}", bot=False)
            message = emulator.world.put(place, {"text": "A card"})
            emulator.world.inline_messages[f"card-{nth}"] = (place.id, message["message_id"])
            rows.append((seal.close(f"card-{nth}"), ("ko", "en")[nth % 2], today, nth))
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.executemany(
                "INSERT INTO cards (sealed_id, language, posted_on, place) VALUES (?, ?, ?, ?)", rows
            )
            connection.execute("INSERT INTO counters (name, value) VALUES ('signatures', 10) ON CONFLICT DO NOTHING")
        emulator.api.on_request = self._note
        changing = asyncio.create_task(self._change(file))
        try:
            yield
        finally:
            changing.cancel()

    def _note(self, method: str, params: dict[str, Any]) -> None:
        self.edits += method == "editMessageText" and "inline_message_id" in params

    @staticmethod
    async def _change(file: Path) -> None:
        while True:
            await asyncio.sleep(EVERY)
            with closing(sqlite3.connect(file, isolation_level=None, timeout=10)) as connection:
                connection.execute("UPDATE counters SET value = value + 10 WHERE name = 'signatures'")


async def main() -> None:
    """Measure and print the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=12.0)
    parser.add_argument("--cards", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    sys.stdout.write(HEAD + "\n")
    people, edits = int(RATE * asked.seconds * 1.4) + 50, 0
    results: dict[int, list[Measured]] = {0: [], asked.cards: []}
    for nth in range(asked.rounds):
        for count in results if nth % 2 == 0 else reversed(results):
            live = LiveCards(count)
            measured = await measure(f"{count} cards", RATE, people, asked.seconds, alongside=live.alongside)
            results[count].append(measured)
            edits += live.edits
            sys.stdout.write(f"{measured}\n")
            sys.stdout.flush()
    without, beside = (_summarise(results[count]) for count in (0, asked.cards))
    names = ("of the rate kept", "answers, median", "answers, 99 %")
    for name, before, after in zip(names, without, beside, strict=True):
        sys.stdout.write(f"{name}: {before:.4f} without cards, {after:.4f} with them, {after / before:.2f} x\n")
    sys.stdout.write(f"edits of cards: {edits / asked.rounds:.0f} in a round\n")


def _summarise(rounds: list[Measured]) -> tuple[float, float, float]:
    waits = [wait for each in rounds for wait in each.waits]
    kept = sum(each.kept for each in rounds) / len(rounds)
    return kept, percentile(waits, 0.5), percentile(waits, 0.99)


if __name__ == "__main__":
    asyncio.run(main())
