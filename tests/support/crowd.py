"""Many supporters who sign at once with as few taps as possible, and continue from any screen."""

import asyncio
import re
from collections.abc import Sequence
from typing import Any

from chatbot.emulator import EmulatedPerson, World

COUNTRIES = ("KR", "US", "CA", "DE", "JP")
SIGN = "check.sign"
BACKOFF = 1.5
"""Factor by which people wait longer after each repeated act, so that the bot can catch up on a slow machine."""


class Supporter:
    """A person who signs. They act once on each screen, unless `signs` says otherwise."""

    def __init__(self, world: World, person: EmulatedPerson, country: str) -> None:
        self.world = world
        self.person = person
        self.country = country
        self.watch = world.watch(person)
        self.asked_to_wait = 0
        self.thanked: list[int] = []
        """The number of every thanks they saw."""

    async def signs(self, *, patience: float | None = None, fingers: int = 1, within: float = 60) -> int:
        """Sign, from the welcome to the thanks; return the number. `fingers` tap at once.

        With `patience` they repeat an act after so many seconds without an answer, and wait longer each time.
        """
        self.world.starts(self.person)
        message: dict[str, Any] | None = None
        wait = patience or 2 * within
        async with asyncio.timeout(within):
            while not self.thanked:
                try:
                    message = await self.watch.next_screen(timeout=wait)
                except EOFError:  # the emulator ended
                    self.watch = self.world.watch(self.person)
                    continue
                except TimeoutError:
                    wait *= BACKOFF
                    if message is None:
                        self.world.starts(self.person)
                        continue
                self.looks_at(message, fingers)
        return self.thanked[0]

    def looks_at(self, message: dict[str, Any], fingers: int = 1) -> None:
        """Note the thanks, or tap the button that leads on."""
        if number := read_number(message):
            self.thanked.append(number)
            return
        if message["text"].startswith("⏳"):
            self.asked_to_wait += 1
            return
        choice = self._choose(message)
        if choice is None:
            self.handle_dead_end(message)
            return
        for _ in range(fingers):
            self.world.presses(self.person, message["message_id"], choice, stale=True)

    def handle_dead_end(self, message: dict[str, Any]) -> None:
        """Handle a screen without a button that leads on. It only appears if something went wrong."""
        raise AssertionError(f"nothing leads on from here: {message.get('text')} {actions(message)}")

    def _choose(self, message: dict[str, Any]) -> str | None:
        offered = actions(message)
        wanted = ("sign", "name.profile", f"country.{self.country}", "country.", SIGN)
        found = (action for want in wanted for action in offered if action.startswith(want) and action != "sign:")
        return next(found, None)


def actions(message: dict[str, Any]) -> list[str]:
    """Return the data of a message's buttons."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]


def read_number(message: dict[str, Any]) -> int | None:
    """Return the number on a screen of thanks; None on any other screen."""
    if not message["text"].startswith("💙"):
        return None
    found = re.search(r"\d{3},\d{3}", message["text"])
    assert found is not None, "the thanks have no number"
    return int(found[0].replace(",", ""))


def gather(world: World, people: int) -> list[Supporter]:
    """Add this many new people, half of them Korean."""
    spoken = ("ko", "en")
    added = [world.add_person("하나" if n % 2 else "Sam", str(n), spoken[n % 2]) for n in range(people)]
    return [Supporter(world, person, COUNTRIES[n % len(COUNTRIES)]) for n, person in enumerate(added)]


def numbers(crowd: Sequence[Supporter]) -> dict[int, int]:
    """Return each person's number, after checking that everybody saw one number only."""
    assert all(len(set(supporter.thanked)) == 1 for supporter in crowd)
    return {supporter.person.id: supporter.thanked[0] for supporter in crowd}
