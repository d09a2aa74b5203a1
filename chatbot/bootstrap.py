"""Puts the pieces together; the only module that knows them all."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from chatbot.broadcasting.pace import FREE, PAID, Pace
from chatbot.broadcasting.worker import Worker
from chatbot.conversation.dialog import Dialog
from chatbot.conversation.turn import Desk
from chatbot.i18n import Translator, load_translators
from chatbot.logs import configure, report_bug
from chatbot.petition import countries
from chatbot.petition.campaign import load_campaign
from chatbot.petition.model import LANGUAGES, Campaign
from chatbot.screens import desk
from chatbot.screens.telling import commands
from chatbot.settings import BUNDLED_LOCALES, Settings, SettingsError
from chatbot.storage import (
    Database,
    DatabaseUnavailable,
    Transaction,
    UnsupportedDatabase,
    open_database,
    organizers,
    received,
)
from chatbot.transport.application import Application
from chatbot.transport.backoff import back_off
from chatbot.transport.insisting import TokenRefused
from chatbot.transport.menu import Commands, Menu, Profile

logger = logging.getLogger(__name__)

REMEMBERED: Final = timedelta(hours=48)
"""How long the ids of updates are remembered: twice as long as Telegram may deliver one again."""
WINDOW: Final = 30
"""How many deliveries of a broadcast may be under way, and so how many a crash may leave unknown."""
PAID_WINDOW: Final = 200
_PRUNED_AT_ONCE: Final = 1_000
_HOUR: Final = 3_600.0


def read_campaign(settings: Settings) -> tuple[Campaign, Mapping[str, Translator]]:
    """Read the petition and its words from `LOCALES_DIR`; words missing there are taken from the bundled ones.

    Raises `CampaignError` or `CatalogError` with one line for each problem.
    """
    campaign = load_campaign(settings.locales_dir)
    return campaign, load_translators(LANGUAGES, [settings.locales_dir, BUNDLED_LOCALES])


async def run(settings: Settings) -> None:
    """Run the bot with long polling, and send what organizers want sent, until SIGTERM or SIGINT.

    Raises `SettingsError`, `CampaignError`, `CatalogError`, `NewerSchema` or `TokenRefused` where it cannot start; each
    message says in a line what to do.
    """
    await _open(settings, _converse)


async def work(settings: Settings) -> None:
    """Send what organizers want sent, and nothing else, until SIGTERM or SIGINT. Raises what `run` does."""
    await _open(settings, _send_only)


@dataclass(frozen=True, slots=True)
class _House:
    """What every way of running has."""

    settings: Settings
    token: str
    database: Database
    campaign: Campaign
    translators: Mapping[str, Translator]
    pace: Pace

    def open_application(self, on_gone: Callable[[int], Awaitable[None]]) -> Application:
        return Application(self.token, self.settings.telegram_api_url, pace=self.pace, on_gone=on_gone)

    def furnish_desk(self) -> Desk:
        return Desk(frozenset(self.settings.organizers), self.settings.broadcast_rate, self.settings.broadcast_paid)

    def hire_worker(self, application: Application) -> Worker:
        paid = self.settings.broadcast_paid
        return Worker(
            self.database,
            application.make_sender(paid=paid),
            self.pace,
            self.translators,
            frozenset(self.settings.organizers),
            window=PAID_WINDOW if paid else WINDOW,
            refusals=(TokenRefused,),
            back_off=back_off,
        )


async def _open(settings: Settings, live: Callable[[_House], Awaitable[None]]) -> None:
    token = settings.token()
    configure(settings.log_level, [token])
    campaign, translators = read_campaign(settings)
    try:
        database = await open_database(settings.database_url)
    except (DatabaseUnavailable, UnsupportedDatabase) as error:
        raise SettingsError(f"DATABASE_URL: {error}; name a file that the bot may write") from None
    try:
        pace = Pace(settings.broadcast_rate, PAID if settings.broadcast_paid else FREE)
        await live(_House(settings, token, database, campaign, translators, pace))
    finally:
        await database.close()


async def _converse(house: _House) -> None:
    database, campaign, translators = house.database, house.campaign, house.translators
    dialog: Dialog | None = None

    async def part_with(supporter_id: int) -> None:
        # Nothing is sent before there is a dialog to answer with.
        if dialog is not None:
            await dialog.part_with(supporter_id)

    async with house.open_application(part_with) as application:
        worker = house.hire_worker(application)
        with _signals_calling(application.stop, worker.stop):
            username = await application.introduce()
            if username is None:
                return
            dialog = Dialog(database, campaign, translators, f"https://t.me/{username}", desk=house.furnish_desk())
            application.publish_menus(_write_menus(campaign, translators))
            await _greet_organizers(application, database, frozenset(house.settings.organizers), translators)
            housekeeping = asyncio.create_task(_keep_house(database))
            listening = application.run_polling(dialog.hear, dialog.apologise, (DatabaseUnavailable,))
            try:
                await _together((listening, application.stop), (worker.run(), worker.stop))
            finally:
                housekeeping.cancel()
                with suppress(asyncio.CancelledError):
                    await housekeeping


async def _send_only(house: _House) -> None:
    async def forget(_supporter_id: int) -> None:
        pass  # nobody is answered here

    async with house.open_application(forget) as application:
        worker = house.hire_worker(application)
        with _signals_calling(application.stop, worker.stop):
            if await application.introduce() is not None:
                logger.info("sending campaign updates")
                await worker.run()


async def _together(*works: tuple[Coroutine[Any, Any, None], Callable[[], None]]) -> None:
    """Do all of `works`, pairs of what to do and how to stop it; when one ends or fails, stop the others as well."""
    tasks = [asyncio.create_task(work) for work, _ in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for _, stop in works:
            stop()
        await asyncio.wait(tasks)
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    for error in ended:
        if isinstance(error, BaseException):
            raise error


def _write_menus(campaign: Campaign, translators: Mapping[str, Translator]) -> dict[str | None, Menu]:
    menus: dict[str | None, Menu] = {}
    for language, words in campaign.words.items():
        profile = Profile(words.bot_name, words.bot_description, words.bot_short_description)
        # English is what Telegram shows to everybody whose language has no menu of its own.
        menus[None if language == "en" else language] = Menu(profile, commands(translators[language]))
    return menus


async def _greet_organizers(
    application: Application, database: Database, ids: frozenset[int], translators: Mapping[str, Translator]
) -> None:
    """Give every organizer their menu of commands, and take it back from whoever is none any more."""
    menus: dict[str | None, Commands] = {
        language: (*commands(_), *desk.commands(_)) for language, _ in translators.items()
    }
    menus[None] = menus["en"]

    async def note(organizer_id: int, has_menu: bool) -> None:
        async def work(tx: Transaction) -> None:
            if has_menu:
                await organizers.greet(tx, organizer_id, datetime.now(UTC))
            else:
                await organizers.part_with(tx, organizer_id)

        await database.transact(work)

    try:
        greeted = await database.transact(organizers.list_greeted)
    except DatabaseUnavailable as error:
        report_bug(logger, "nobody's menu was taken back, and will be at the next start", error)
        greeted = frozenset()
    application.publish_organizer_menus(menus, ids, greeted - ids, note)


async def _keep_house(database: Database) -> None:
    """Forget the ids of updates that can no longer be delivered again, every hour and little by little."""
    # The first misspelt country must not wait for the names to be read, and the first answer not for this.
    await asyncio.to_thread(countries.prepare)
    while True:
        before = datetime.now(UTC) - REMEMBERED

        async def prune(tx: Transaction, before: datetime = before) -> int:
            return await received.prune(tx, before, _PRUNED_AT_ONCE)

        try:
            pruned = _PRUNED_AT_ONCE
            while pruned == _PRUNED_AT_ONCE:
                pruned = await database.transact(prune)
        except DatabaseUnavailable as error:
            report_bug(logger, "old update ids were not pruned, and will be in an hour", error)
        await asyncio.sleep(_HOUR)


@contextmanager
def _signals_calling(*stops: Callable[[], None]) -> Iterator[None]:
    def stop() -> None:
        for each in stops:
            each()

    loop = asyncio.get_running_loop()
    caught = []
    for each in (signal.SIGTERM, signal.SIGINT):
        # Windows has no signal handlers in its loop; Ctrl-C still ends the process there.
        with suppress(NotImplementedError):
            loop.add_signal_handler(each, stop)
            caught.append(each)
    try:
        yield
    finally:
        for each in caught:
            loop.remove_signal_handler(each)
