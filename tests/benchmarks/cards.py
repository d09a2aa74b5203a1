"""Answers and broadcasts beside live cards: `python -m tests.benchmarks.cards`.

Options are --seconds, --cards, --places, --queries and --rounds. Rounds without and with cards alternate, each a
broadcast at 25 messages a second while people tap buttons. In those with cards the broadcast also goes to channels,
which have pinned cards, and other people type the bot's name --queries times a second. The number on the cards changes
every second, so that the keeper of the cards has as much to do as its budget allows.
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
from chatbot.emulator.world.inline import asks_inline
from chatbot.emulator.world.people import POSTING
from chatbot.emulator.world.places.gatherings import gather
from chatbot.petition.sealing.message_ids import MessageIdSeal
from tests.benchmarks.broadcasting import HEAD, Measured, measure
from tests.benchmarks.measuring import percentile

RATE = 25.0
EVERY = 1.0
"""Seconds between two changes of the number."""


class LiveCards:
    """Posted and pinned cards, channels that get the broadcast, and people who are about to share."""

    def __init__(self, count: int, places: int, queries: float) -> None:
        self.count = count
        self.places = places
        self.queries = queries
        self.edits = self.asked = self.offered = self.posts = 0

    @asynccontextmanager
    async def alongside(self, emulator: Emulator, folder: Path) -> AsyncIterator[None]:
        """Post the cards, and change the number every second until the block ends."""
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
            self._link(emulator, connection, today)
        emulator.api.on_request = self._note
        emulator.world.bot.has_inline = True
        tasks = [asyncio.create_task(each) for each in (self._change(file), self._ask(emulator))]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()

    def _link(self, emulator: Emulator, connection: sqlite3.Connection, today: str) -> None:
        """Link channels with a pinned card. The broadcast goes to all of them."""
        for nth in range(self.places):
            place = gather(emulator.world, f"Channel {nth}", kind="channel", bot=False)
            place.bot_status, place.bot_rights = "administrator", list(POSTING)
            card = emulator.world.put(place, {"text": "A card"}, emulator.world.bot.as_user())
            connection.execute(
                "INSERT INTO places (code, chat, kind, title, language, linked_by, linked_at, card_message_id) "
                "VALUES (?, ?, 'channel', ?, 'ko', 1, ?, ?)",
                (f"c-bench{nth:03}", place.id, place.title, f"{today}T00:00:00.000000Z", card["message_id"]),
            )
        connection.execute("INSERT INTO app_state (name, value) VALUES ('bot_username', 'petition_bot')")

    async def _ask(self, emulator: Emulator) -> None:
        """Add people who type the bot's name in a group."""
        place = gather(emulator.world, "A group", bot=False)
        while self.queries:
            await asyncio.sleep(1 / self.queries)
            self.asked += 1
            asks_inline(emulator.world, emulator.world.add_person("Sam", language_code="en"), place)

    def _note(self, method: str, params: dict[str, Any]) -> None:
        self.edits += method == "editMessageText" and ("inline_message_id" in params or int(params["chat_id"]) < 0)
        self.offered += method == "answerInlineQuery"
        self.posts += method == "sendMessage" and int(params["chat_id"]) < 0

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
    parser.add_argument("--places", type=int, default=20)
    parser.add_argument("--queries", type=float, default=20.0, help="inline queries a second")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    sys.stdout.write(HEAD + "\n")
    people, beside_cards = int(RATE * asked.seconds * 1.4) + 50, list[LiveCards]()
    results: dict[int, list[Measured]] = {0: [], asked.cards: []}
    for nth in range(asked.rounds):
        for count in results if nth % 2 == 0 else reversed(results):
            live = LiveCards(count, asked.places if count else 0, asked.queries if count else 0.0)
            measured = await measure(f"{count} cards", RATE, people, asked.seconds, alongside=live.alongside)
            results[count].append(measured)
            beside_cards += [live] if count else []
            sys.stdout.write(f"{measured}\n")
            sys.stdout.flush()
    without, beside = (_summarise(results[count]) for count in (0, asked.cards))
    names = ("of the rate kept", "answers, median", "answers, 99 %")
    for name, before, after in zip(names, without, beside, strict=True):
        sys.stdout.write(f"{name}: {before:.4f} without cards, {after:.4f} with them, {after / before:.2f} x\n")
    for name in ("edits", "asked", "offered", "posts"):
        sys.stdout.write(f"{name}: {sum(getattr(each, name) for each in beside_cards) / asked.rounds:.0f} in a round\n")


def _summarise(rounds: list[Measured]) -> tuple[float, float, float]:
    waits = [wait for each in rounds for wait in each.waits]
    kept = sum(each.kept for each in rounds) / len(rounds)
    return kept, percentile(waits, 0.5), percentile(waits, 0.99)


if __name__ == "__main__":
    asyncio.run(main())
