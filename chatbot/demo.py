"""Demo: the real bot and an emulated Telegram, with a page to act as any person. No token, no network."""

import errno
import shutil
import socket
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

from pydantic import SecretStr

from chatbot.app import run
from chatbot.app.app import read_campaign
from chatbot.app.backups.folder import OFF
from chatbot.app.commands.command import Command, Terminal
from chatbot.emulator.web.control import LANGUAGES
from chatbot.emulator.web.server import TOKEN, Emulator
from chatbot.emulator.world.saving import files_beside
from chatbot.emulator.world.world import World
from chatbot.i18n import Translator
from chatbot.petition.funnel import FUNNEL_STEPS
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.problem import Problem, describe_cause
from chatbot.screens.organizer.command_line import usage
from chatbot.settings import Settings, SettingsError, read_settings
from chatbot.site.files import INDEX
from chatbot.storage import Transaction, open_database
from chatbot.storage.people import history, signatures, subscriptions, supporters

DEFAULT_PORT: Final = 8080
DIRECTORY: Final = Path("demo")
"""Directory of the demo's database and chats, below the current directory."""
YUNA: Final = 3003
CAST: Final[tuple[dict[str, Any], ...]] = (
    {"person_id": 1001, "first_name": "하나", "username": "hana", "language_code": "ko", "role": "supporter"},
    {"person_id": 2002, "first_name": "Sam", "username": "sam", "language_code": "en", "role": "supporter"},
    {"person_id": YUNA, "first_name": "유나", "username": "yuna", "language_code": "ko", "role": "organizer"},
)
"""하나 and Sam are supporters, 유나 is the organizer; the page can add others."""
CROWD: Final[Mapping[int, Language]] = {8_000_000_000 + each: "en" if each % 4 == 0 else "ko" for each in range(1, 361)}
"""Subscribers that nobody acts as, so that a broadcast by 유나 takes a while."""
_BLOCKING, _DEACTIVATED = 30, 100
"""One in so many of them has blocked the bot, or deleted their account."""
SIGNERS: Final = 1_040
"""Signatures in the weeks before the demo, those of the crowd included. A milestone is near."""
_VISITORS: Final = 400
"""People who came and did not sign."""
_WEEKS: Final = 3
_COUNTRIES: Final = {
    "KR": 620,
    "US": 160,
    "CA": 80,
    "JP": 50,
    "GB": 30,
    "DE": 25,
    "AU": 25,
    "FR": 20,
    "NO": 12,
    "BR": 8,
}
_SOURCES: Final = {None: 38, "s-friend": 34, "radio": 12, "church-letter": 9, "festival-2026": 7}
_RHYTHM: Final = (1, 1, 1, 1, 1, 1, 2, 4, 6, 6, 5, 5, 8, 6, 5, 5, 5, 6, 8, 9, 12, 14, 10, 4)
"""Relative number of visitors in each hour of a day in Korea."""
_LIVELY: Final = {6: 3, 7: 2, 14: 5, 15: 3, 20: 2}
"""Factors of the days on which the radio mentioned the petition."""


async def demo(
    settings: Settings,
    *,
    port: int = DEFAULT_PORT,
    fresh: bool = False,
    empty: bool = False,
    terminal: Terminal | None = None,
) -> None:
    """Serve the page at `http://127.0.0.1:<port>` with the bot behind it, until SIGINT or SIGTERM.

    Only the campaign comes from `settings`. `fresh` deletes the chats and signatures of earlier runs. `empty`
    does so too and invents no others, also in later runs. Raises `SettingsError` if the port is taken or the directory
    cannot be written, and what `run` raises.
    """
    database, world, emptied = DIRECTORY / "chatbot.db", DIRECTORY / "world.json", DIRECTORY / "empty"
    page = DIRECTORY / "page"
    campaign, _translators = read_campaign(settings)
    with _naming_the_port(port):  # first of all: files to delete may belong to a demo that runs on this port
        socket.create_server(("127.0.0.1", port)).close()
    try:
        DIRECTORY.mkdir(exist_ok=True)
        if fresh or empty:
            for kept in DIRECTORY.glob("chatbot.db*"):
                if kept.is_file():  # the folder of private files cleans itself
                    kept.unlink()
            world.unlink(missing_ok=True)
            emptied.unlink(missing_ok=True)
            for folder in (files_beside(world), page):
                shutil.rmtree(folder, ignore_errors=True)
        if empty:
            emptied.touch()
    except OSError as error:
        problem = Problem(
            "{folder}/: cannot be written ({reason}); start it in another directory",
            folder=DIRECTORY,
            reason=describe_cause(error),
        )
        raise SettingsError(problem) from None
    try:
        emulator = Emulator(
            TOKEN,
            port=port,
            people=CAST,
            languages=list_languages(campaign),
            state_file=world,
            bot_username="petition_demo_bot",
        )
    except (OSError, ValueError, KeyError, TypeError):
        problem = Problem("{file}: cannot be read; begin anew with `python -m chatbot demo --fresh`", file=world)
        raise SettingsError(problem) from None
    with _naming_the_port(port):
        await emulator.start()
    name_roles(emulator.world)
    emulator.world.bot.has_inline = emulator.world.bot.is_guest = True  # as the guides say to switch on
    is_empty = emptied.exists()
    if not is_empty:
        add_crowd(emulator.world)
    try:
        if not is_empty:
            await seed_weeks(f"sqlite:///{database}", campaign)
        terminal = terminal or Terminal()
        page.mkdir(mode=0o700, exist_ok=True)
        _, address = terminal.translator, (page / INDEX).absolute().as_uri()
        terminal.say(usage.demo_is_ready(_, emulator.url), usage.demo_has_page(_, address), usage.demo_is_not_all(_))
        await run(
            settings.model_copy(
                update={
                    "telegram_token": SecretStr(TOKEN),
                    "backups": OFF,
                    "telegram_api_url": emulator.url,
                    "database_url": f"sqlite:///{database}",
                    "organizers": (YUNA,),
                    "page_dir": page,
                    "quiet_hours": False,  # it is day for everybody
                }
            )
        )
    finally:
        await emulator.stop()


def list_languages(campaign: Campaign) -> dict[str, str]:
    """Return the names of the campaign's languages, then those of others in Telegram, by Telegram's tag."""
    own = {language.replace("_", "-").lower(): facts.name for language, facts in campaign.listed.items()}
    return own | {tag: name for tag, name in LANGUAGES.items() if tag not in own}


def name_roles(world: World) -> None:
    """Give the cast of an older demo their roles."""
    for each in CAST:
        if each["person_id"] in world.chats:
            world.person(each["person_id"]).role = each["role"]


def add_crowd(world: World) -> None:
    """Add the members of the crowd that the emulated Telegram does not have yet."""
    for number, (person_id, language) in enumerate(CROWD.items(), 1):
        if person_id in world.chats:
            continue
        person = world.add_person("…", language_code=language, person_id=person_id)
        person.started, person.listed = True, False
        person.blocked, person.deactivated = number % _BLOCKING == 0, number % _DEACTIVATED == 0


async def seed_weeks(url: str, campaign: Campaign) -> None:
    """Fill a new database at `url` with weeks in which the crowd and others signed, and the crowd subscribed.

    An old database is left as it is.
    """
    database = await open_database(url)
    try:
        await database.transact(_seed_weeks, campaign, datetime.now(UTC))
    finally:
        await database.close()


async def _seed_weeks(tx: Transaction, campaign: Campaign, now: datetime) -> None:
    """Add three weeks, hour by hour, unless they are there. Only their dates differ from run to run."""
    if await supporters.find_language(tx, next(iter(CROWD))):
        return
    chance = Random(YUNA)  # noqa: S311 - nothing to guess
    people = [*CROWD, *(8_100_000_000 + each for each in range(SIGNERS + _VISITORS - len(CROWD)))]
    signing = {*CROWD, *people[-(SIGNERS - len(CROWD)) :]}
    chance.shuffle(people)
    beginning = now.replace(minute=0, second=0, microsecond=0) - timedelta(weeks=_WEEKS)
    hours = [beginning + timedelta(hours=each) for each in range(_WEEKS * 7 * 24)]
    weights = [
        _RHYTHM[(hour.hour + 9) % 24] * _LIVELY.get(nth // 24, 1) * (1 + nth / len(hours))
        for nth, hour in enumerate(hours)
    ]
    coming = sorted(chance.choices(range(len(hours)), weights, k=len(people)), reverse=True)
    for nth, hour in enumerate(hours):
        minute = 0
        while coming and coming[-1] == nth:
            coming.pop()
            minute = min(minute + 1, 59)
            person_id = people.pop()
            moment = hour + timedelta(minutes=minute)
            await _add_visitor(tx, campaign, person_id, moment, chance, signs=person_id in signing)
        await history.write(tx, hour + timedelta(hours=1))


async def _add_visitor(
    tx: Transaction, campaign: Campaign, person_id: int, now: datetime, chance: Random, *, signs: bool
) -> None:
    """Add a visitor, who may sign, and who subscribes if they belong to the crowd."""
    country = chance.choices(list(_COUNTRIES), list(_COUNTRIES.values()))[0]
    source = chance.choices(list(_SOURCES), list(_SOURCES.values()))[0]
    language = campaign.find_offered(CROWD.get(person_id, "ko" if country == "KR" else "en"))
    reads = chance.random() < 0.5
    await supporters.meet(tx, person_id, language=language, now=now)
    if source:
        await supporters.remember_source(tx, person_id, source)
    way = FUNNEL_STEPS if signs else FUNNEL_STEPS[: chance.choice((1, 2, 3, 3, 4, 5, 6))]
    reached = [each for each in way if (each != "read" or reads) and (each != "subscribed" or person_id in CROWD)]
    await supporters.store_step(tx, person_id, step="idle", draft={}, update_id=0, now=now, newly=reached)
    if signs:
        await signatures.add(
            tx,
            supporter_id=person_id,
            name="…",
            country=country,
            reason=None,
            language=language,
            source=source,
            appeal_version=campaign.appeal_version,
            first_number=campaign.carried_over + 1,
            now=now,
        )
    if person_id in CROWD:
        await subscriptions.subscribe(tx, person_id, language, now)


@contextmanager
def _naming_the_port(port: int) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        problem = Problem(
            "{name}: {given} cannot be used ({reason}); choose another",
            name="--port",
            given=port,
            reason=describe_cause(error),
        )
        raise SettingsError(problem) from None


def _add_options(parser: ArgumentParser, _: Translator) -> None:
    optional = usage.describe_options(_)
    parser.add_argument("--port", type=partial(_read_port, _), default=DEFAULT_PORT, help=optional["demo --port"])
    parser.add_argument("--fresh", action="store_true", help=optional["demo --fresh"])
    parser.add_argument("--empty", action="store_true", help=optional["demo --empty"])


def _read_port(_: Translator, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) < 65_536):
        raise ArgumentTypeError(usage.must_be_a_port(_))
    return int(text)


async def _run(chosen: Namespace, terminal: Terminal) -> None:
    await demo(read_settings(), port=chosen.port, fresh=chosen.fresh, empty=chosen.empty, terminal=terminal)


COMMAND: Final = Command("demo", _run, _add_options)
