"""People who sign and subscribe, and repeat each act until they see that it succeeded."""

import asyncio
import re
from typing import Any

from chatbot.emulator import World
from tests.support.crowd import BACKOFF, COUNTRIES, Supporter, actions, read_number

NUMBER = re.compile(r"\d{3},\d{3}")
PATIENCE = 1.0
"""Seconds without an answer after which they repeat an act for the first time; see `Supporter.signs`."""


class JoiningSigner(Supporter):
    """A person who signs and subscribes."""

    has_joined = False
    """Whether the bot has told them that they are subscribed."""

    async def signs_and_joins(self, delay: float, within: float = 120) -> None:
        """Come after `delay` seconds, sign, and subscribe."""
        await asyncio.sleep(delay)
        async with asyncio.timeout(within):
            await self.signs(patience=PATIENCE, within=within)
            await self._joins()

    def handle_dead_end(self, message: dict[str, Any]) -> None:
        """Note the number that the screen tells, or ask to sign again.

        Without faults this screen does not come: a repeated tap leads to it, and the bot does not repeat lost thanks.
        """
        told = NUMBER.search(message["text"])
        if told and {"share", "me", "home"} <= {*actions(message)}:  # the answer to somebody who has signed
            self.thanked.append(int(told[0].replace(",", "")))
        else:
            self.world.says(self.person, "/sign")

    async def _joins(self) -> None:
        patience = PATIENCE
        while not self.has_joined:
            self._asks_for_updates()
            try:
                while not self.has_joined:
                    self._sees(await self.watch.next_screen(timeout=patience))
            except TimeoutError:
                patience *= BACKOFF

    def _asks_for_updates(self) -> None:
        """Tap the button below the thanks, or write the command if another screen has replaced them."""
        newest = reversed(self.world.newest(self.person, 20))
        found = ((message, action) for message in newest for action in actions(message) if action.startswith("join:"))
        if offered := next(found, None):
            message, action = offered
            self.world.presses(self.person, message["message_id"], action, stale=True)
        else:  # a late or repeated tap edits them into another screen
            self.world.says(self.person, "/subscribe")

    def _sees(self, message: dict[str, object]) -> None:
        if number := read_number(message):
            self.thanked.append(number)
        # Of the two screens that confirm it, one offers sharing and the other says how to unsubscribe.
        elif "https://t.me/share/url" in str(message.get("reply_markup")) or "/unsubscribe" in str(message.get("text")):
            self.has_joined = True


def arrive(world: World, people: int) -> list[JoiningSigner]:
    """Add this many people who have never met the bot, half of them Korean."""
    speaking = [("하나", "ko") if nth % 2 else ("Sam", "en") for nth in range(people)]
    added = [world.add_person(name, str(nth), language) for nth, (name, language) in enumerate(speaking)]
    return [JoiningSigner(world, person, COUNTRIES[nth % len(COUNTRIES)]) for nth, person in enumerate(added)]
