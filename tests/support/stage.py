"""A stage for stories: the real bot polls the emulator, and people act line by line.

    하나: /start              she writes            하나: [서명하기]        she taps a button
    하나: (old) name.profile  she taps a button of an earlier screen, by its data or how that begins
    하나: (photo) 안녕         she sends a picture with this caption
    하나: (sticker)           she sends a sample    하나: (blocks)          she blocks the bot, or (unblocks) it
    봇: 178,921 … [서명하기]   the screen that follows contains these pieces, in this order; buttons are in brackets
    봇: (not) 서명하기         it does not contain this
    봇: (in place)            it replaced the one before; (below) it is a new message
    봇: (notice) 지난 단계     the answer to the tap says this
    봇: (silence)             no answer came
    봇: (above) 친구가         the posts above the answer contain these pieces
    봇: (restarts)            the bot is ended and started again
    하나: (waits)             she does nothing, and
    봇: (later) 친구가         a screen with these pieces comes later, without an act

The bot's lines belong to the person who acted last. An act brings at most one screen, and every tap is answered.
"""

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from babel import Locale
from pydantic import SecretStr

from chatbot.app import run
from chatbot.emulator import Emulator
from chatbot.settings import Settings
from tests.support.actor import Actor
from tests.support.cast import PROFILES
from tests.support.database_reader import DatabaseReader
from tests.support.readers import Reader
from tests.support.recorded_calls import Wire

BOT = ("봇", "Bot")


class StoryFailedError(AssertionError):
    """A line of a story was not as told."""


class Stage:
    """`opens()` starts the bot and `closes()` ends it, any number of times; the world and the database stay."""

    def __init__(self, emulator: Emulator, wire: Wire, folder: Path, **settings: Any) -> None:
        self.emulator = emulator
        self.world = emulator.world
        self.wire = wire
        self.file = folder / "chatbot.db"
        self.ledger = DatabaseReader(self.file)
        self.settings = settings
        self.team: set[int] = set()
        """Ids of people outside the settings who get messages of the bot without an act."""
        self.expected_errors: list[str] = []
        """Errors that a story expects in the log; no other may be there."""
        self.english: Reader | None = None
        """Reads the language that this campaign has instead of English."""
        self._cast: dict[str, Actor] = {}
        self._bots: list[asyncio.Task[None]] = []

    async def opens(self) -> None:
        """Start a bot, and wait until it listens."""
        settings = {
            "telegram_token": SecretStr(self.emulator.token),
            "telegram_api_url": self.emulator.url,
            "database_url": f"sqlite:///{self.file}",
        }
        polls, sent, is_new = self.wire.calls["getUpdates"], self.wire.calls["sendMessage"], not self.file.exists()
        bot = asyncio.create_task(run(Settings(**({"quiet_hours": False} | settings | self.settings))))
        self._bots.append(bot)
        listening = asyncio.create_task(self.wire.until(lambda: self.wire.calls["getUpdates"] > polls))
        await asyncio.wait({bot, listening}, return_when=asyncio.FIRST_COMPLETED)
        if bot.done():
            listening.cancel()
            await bot
        await listening
        if self.english and is_new:
            # The team is told at once that the other language is not offered, and acts after that.
            team = len(self.settings.get("organizers", ()))
            await self.wire.until(lambda: self.wire.calls["sendMessage"] >= sent + team)

    async def closes(self) -> None:
        """Kill the bots, whatever they do; one that failed before raises its error."""
        bots, self._bots = self._bots, []
        for bot in bots:
            bot.cancel()
            with suppress(asyncio.CancelledError):
                await bot

    async def reopens(self) -> None:
        """Restart the bot."""
        await self.closes()
        await self.opens()

    def actor(self, name: str) -> Actor:
        """Return a person of the cast, or a new one: Korean if their name is."""
        if name not in self._cast:
            spoken = "ko" if re.match("[가-힣]", name) else "en"
            fields = PROFILES.get(name) or {"first_name": name, "language_code": spoken}
            if self.english and spoken == "en":
                tag = fields.get("language_code", "en").replace("en", self.english.code)  # with its territory
                self._cast[name] = self.bring(self.english, **(fields | {"language_code": tag}))
            else:
                reads = self.english.understands if self.english else str
                self._cast[name] = Actor(self.world, self.wire, self.world.add_person(**fields), reads)
        self._cast[name].is_organizer = self._cast[name].id in {*self.settings.get("organizers", ()), *self.team}
        return self._cast[name]

    def bring(self, reader: Reader, first_name: str, **fields: Any) -> Actor:
        """Add a person whose Telegram is in the language of `reader`."""
        person = self.world.add_person(first_name, **({"language_code": reader.code} | fields))
        self._cast[first_name] = Actor(self.world, self.wire, person, reader.reads)
        return self._cast[first_name]

    @property
    def english_code(self) -> str:
        """The code of the language that is English in the story."""
        return self.english.code if self.english else "en"

    @property
    def english_in_korean(self) -> str:
        """The Korean name of that language, as the story reads it."""
        return str(Locale("ko").languages.get(self.english_code, "English"))

    def count_pages(self, english: int) -> int:
        """Return how many pages the appeal and the updates have, which are this many in English."""
        words = self.english and self.english.campaign.words[self.english.code]
        return len(words.appeal + words.updates) if words else english

    def known_as(self, name: str, actor: Actor) -> None:
        """Give a person one more name in stories."""
        self._cast[name] = actor

    async def tell(self, story: str) -> Actor:
        """Play a story and return who acted last; raises `StoryFailedError` for a line that was not as told."""
        __tracebackhide__ = True
        actor: Actor | None = None
        for number, line in enumerate(story.strip().splitlines(), 1):
            speaker, _, what = line.strip().partition(": ")
            if not what:
                continue
            if speaker not in BOT:
                actor = self.actor(speaker)
            assert actor is not None, "somebody acts before the bot answers"
            try:
                if what == "(restarts)":
                    await self.reopens()
                elif what.startswith("(later) "):
                    await actor.awaits(_has(what.removeprefix("(later) ")))
                elif speaker in BOT:
                    _check(actor, what)
                else:
                    await _act(actor, what)
            except (AssertionError, TimeoutError) as error:
                raise StoryFailedError(
                    f"line {number} of the story: {line.strip()}\n  {str(error) or 'the bot does not get through'}\n"
                    f"  {actor.person.first_name} sees:\n{actor}"
                ) from None
        assert actor is not None, "a story has lines"
        return actor


async def _act(actor: Actor, what: str) -> None:
    if what.startswith("[") and what.endswith("]"):
        await actor.taps(what[1:-1])
    elif what == "(blocks)":
        actor.world.blocks(actor.person)
        await actor.waits()
    elif what == "(unblocks)":
        actor.world.unblocks(actor.person)
        await actor.waits()
    elif what == "(waits)":
        pass
    elif what.startswith("(old) "):
        await actor.presses_old(what.removeprefix("(old) "))
    elif what.startswith("(photo) "):
        await actor.sends_photo(what.removeprefix("(photo) "))
    elif what.startswith("(") and what.endswith(")"):
        await actor.sends(what[1:-1])
    else:
        await actor.says(what)


def _check(actor: Actor, what: str) -> None:
    mode, _, rest = what.partition(") ") if what.startswith("(") else ("", "", what)
    match mode.strip("()"):
        case "silence":
            assert not actor.came, "a screen came, but none was expected"
        case "notice":
            assert rest in (actor.notice or ""), f"the notice was {actor.notice!r}"
        case "not":
            assert rest not in actor.screen, f"{rest!r} was not expected"
        case "above":
            _look_for(actor, rest, actor.above)
        case "in place" | "below" as place:
            assert actor.came, "no screen came"
            assert actor.edited == (place == "in place"), f"the screen did not come {place}"
            _look_for(actor, rest)
        case _:
            assert actor.came, "no screen came"
            _look_for(actor, what)


def _look_for(actor: Actor, pieces: str, screen: str | None = None) -> None:
    place = 0
    screen = actor.screen if screen is None else screen
    for piece in pieces.split(" … ") if pieces else ():
        found = screen.find(piece, place)
        assert found >= 0, f"expected {piece!r}" + (" further on" if piece in screen else "")
        place = found + len(piece)


def _has(pieces: str) -> Callable[[str], bool]:
    return lambda screen: re.search(".*?".join(map(re.escape, pieces.split(" … "))), screen, re.DOTALL) is not None
