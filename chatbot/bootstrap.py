"""Puts the pieces together; the only module that knows them all."""

import asyncio
import logging
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from chatbot.broadcasting.pace import Pace
from chatbot.conversation.dialog import Dialog
from chatbot.i18n import Translator, load_translators
from chatbot.logs import configure, report_bug
from chatbot.petition import countries
from chatbot.petition.campaign import load_campaign
from chatbot.petition.model import LANGUAGES, Campaign
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
from chatbot.transport.menu import Commands, Menu, Profile

logger = logging.getLogger(__name__)

REMEMBERED: Final = timedelta(hours=48)
"""How long the ids of updates are remembered: twice as long as Telegram may deliver one again."""
_PRUNED_AT_ONCE: Final = 1_000
_HOUR: Final = 3_600.0


def read_campaign(settings: Settings) -> tuple[Campaign, Mapping[str, Translator]]:
    """Read the petition and its words from `LOCALES_DIR`; words missing there are taken from the bundled ones.

    Raises `CampaignError` or `CatalogError` with one line for each problem.
    """
    campaign = load_campaign(settings.locales_dir)
    return campaign, load_translators(LANGUAGES, [settings.locales_dir, BUNDLED_LOCALES])


async def run(settings: Settings) -> None:
    """Run the bot with long polling until SIGTERM or SIGINT.

    Raises `SettingsError`, `CampaignError`, `CatalogError`, `NewerSchema` or `TokenRefused` where it cannot start; each
    message says in a line what to do.
    """
    token = settings.token()
    configure(settings.log_level, [token])
    campaign, translators = read_campaign(settings)
    try:
        database = await open_database(settings.database_url)
    except (DatabaseUnavailable, UnsupportedDatabase) as error:
        raise SettingsError(f"DATABASE_URL: {error}; name a file that the bot may write") from None
    try:
        await _converse(settings, token, database, campaign, translators)
    finally:
        await database.close()


async def _converse(
    settings: Settings, token: str, database: Database, campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    dialog: Dialog | None = None

    async def part_with(supporter_id: int) -> None:
        # Nothing is sent before there is a dialog to answer with.
        if dialog is not None:
            await dialog.part_with(supporter_id)

    async with Application(token, settings.telegram_api_url, pace=Pace(), on_gone=part_with) as application:
        with _signals_calling(application.stop):
            username = await application.introduce()
            if username is None:
                return
            dialog = Dialog(database, campaign, translators, f"https://t.me/{username}")
            application.publish_menus(_write_menus(campaign, translators))
            await _greet_organizers(application, database, frozenset(settings.organizers), translators)
            housekeeping = asyncio.create_task(_keep_house(database))
            try:
                await application.run_polling(dialog.hear, dialog.apologise, (DatabaseUnavailable,))
            finally:
                housekeeping.cancel()
                with suppress(asyncio.CancelledError):
                    await housekeeping


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
    menus: dict[str | None, Commands] = {language: commands(_) for language, _ in translators.items()}
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
def _signals_calling(stop: Callable[[], None]) -> Iterator[None]:
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
