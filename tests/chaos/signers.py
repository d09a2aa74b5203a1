"""People who sign and subscribe, and repeat it until they have seen it succeed."""

import asyncio
import re
from typing import Any

from chatbot.emulator import World
from tests.support.crowd import COUNTRIES, Supporter, actions, read_number

NUMBER = re.compile(r"\d{3},\d{3}")
PATIENCE = 1.0
"""Seconds after which they do it again."""


class Believer(Supporter):
    """Somebody who goes from the welcome to the subscription."""

    has_joined = False
    """They have seen that they get updates from now on."""

    async def believes(self, delay: float, within: float = 120) -> None:
        """Come after `delay` seconds, sign, and join."""
        await asyncio.sleep(delay)
        async with asyncio.timeout(within):
            await self.signs(patience=PATIENCE, within=within)
            await self._joins()

    def is_lost(self, message: dict[str, Any]) -> None:
        """Ask again: a tap that came twice leads elsewhere, and thanks that got lost are no longer said."""
        told = NUMBER.search(message["text"])
        if told and {"share", "me", "home"} <= {*actions(message)}:  # the answer to who has signed
            self.thanked.append(int(told[0].replace(",", "")))
        else:
            self.world.says(self.person, "/sign")

    async def _joins(self) -> None:
        while not self.has_joined:
            self._asks_for_updates()
            try:
                while not self.has_joined:
                    self._sees(await self.watch.next_screen(timeout=PATIENCE))
            except TimeoutError:
                continue

    def _asks_for_updates(self) -> None:
        """Tap the button below the thanks; where another screen has taken their place, write the command."""
        newest = reversed(self.world.newest(self.person, 20))
        found = ((message, action) for message in newest for action in actions(message) if action.startswith("join:"))
        if offered := next(found, None):
            message, action = offered
            self.world.presses(self.person, message["message_id"], action, stale=True)
        else:  # a tap that came late or twice edits them into whatever it leads to
            self.world.says(self.person, "/subscribe")

    def _sees(self, message: dict[str, object]) -> None:
        if number := read_number(message):
            self.thanked.append(number)
        # Of the two screens that say so one lets them share the petition, the other tells how to leave.
        elif "https://t.me/share/url" in str(message.get("reply_markup")) or "/unsubscribe" in str(message.get("text")):
            self.has_joined = True


def arrive(world: World, people: int) -> list[Believer]:
    """So many who have never met the bot, half of them Korean."""
    speaking = [("하나", "ko") if nth % 2 else ("Sam", "en") for nth in range(people)]
    added = [world.add_person(name, str(nth), language) for nth, (name, language) in enumerate(speaking)]
    return [Believer(world, person, COUNTRIES[nth % len(COUNTRIES)]) for nth, person in enumerate(added)]
