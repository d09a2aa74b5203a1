"""The ways the bot lives: listening by long polling or by webhook, or only sending what organizers want sent."""

import asyncio
import logging
import secrets
import signal
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from chatbot import metrics
from chatbot.bootstrap.house import House, open_house
from chatbot.bootstrap.housekeeping import check_nightly, forget_old_updates
from chatbot.bootstrap.menus import greet_organizers, write_menus
from chatbot.conversation.dialog import Dialog
from chatbot.screens.checking import problems_found
from chatbot.settings import Settings, SettingsError
from chatbot.storage import (
    Database,
    DatabaseUnavailable,
    Transaction,
    deliveries,
    is_current,
    is_embedded,
    keepsakes,
    signatures,
    subscriptions,
    supporters,
)
from chatbot.transport.application import Application
from chatbot.transport.serving import Webhook

logger = logging.getLogger(__name__)

Listen = Callable[[Application, Dialog], Awaitable[None]]


async def run(settings: Settings) -> None:
    """Run the bot with long polling, and send what organizers want sent, until SIGTERM or SIGINT.

    Raises `SettingsError`, `CampaignError`, `CatalogError`, `NewerSchema` or `TokenRefused` where it cannot start; each
    message says in a line what to do.
    """

    async def listen(application: Application, dialog: Dialog) -> None:
        await application.run_polling(dialog.hear, dialog.apologise, (DatabaseUnavailable,), dialog.calm)

    async def live(house: House) -> None:
        await _converse(house, listen, sends=True)

    await open_house(settings, live)


async def web(settings: Settings) -> None:
    """Run the bot with a webhook at `PORT`, until SIGTERM or SIGINT. Raises what `run` does.

    With an embedded database it also sends what organizers want sent; with a server's, `work` does that elsewhere.
    """
    url = settings.public_url()

    async def live(house: House) -> None:
        webhook = Webhook(
            url,
            await _find_secret(house),
            settings.port,
            is_ready=lambda: _is_ready(house.database),
            measure=lambda: _measure(house.database),
        )

        async def listen(application: Application, dialog: Dialog) -> None:
            try:
                await application.run_webhook(
                    webhook, dialog.hear, dialog.apologise, (DatabaseUnavailable,), dialog.calm
                )
            except OSError as error:
                raise SettingsError(f"PORT: {settings.port} cannot be used ({error.strerror})") from None

        await _converse(house, listen, sends=is_embedded(settings.database_url))

    await open_house(settings, live)


async def work(settings: Settings) -> None:
    """Send what organizers want sent, and nothing else, until SIGTERM or SIGINT. Raises what `run` does."""
    await open_house(settings, _send_only)


async def _converse(house: House, listen: Listen, *, sends: bool) -> None:
    database, translators = house.database, house.translators
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
            bot_link = f"https://t.me/{username}"
            dialog = Dialog(database, house.campaign, translators, bot_link, desk=house.furnish_desk())
            application.publish_menus(write_menus(house.campaign, translators))
            await greet_organizers(application, database, frozenset(house.settings.organizers), translators)
            works: list[tuple[Coroutine[Any, Any, None], Callable[[], None]]] = [
                (_as_coroutine(listen(application, dialog)), application.stop)
            ]
            if sends:
                works.append((worker.run(), worker.stop))
            with _beside(forget_old_updates(database), check_nightly(database, _telling(house, application))):
                await _together(*works)


async def _as_coroutine(work: Awaitable[None]) -> None:
    await work


async def _send_only(house: House) -> None:
    async def forget(_supporter_id: int) -> None:
        pass  # nobody is answered here

    async with house.open_application(forget) as application:
        worker = house.hire_worker(application)
        with _signals_calling(application.stop, worker.stop):
            if await application.introduce() is not None:
                logger.info("sending campaign updates")
                await worker.run()


def _telling(house: House, application: Application) -> Callable[[list[str]], Awaitable[None]]:
    sender = application.make_sender(paid=False)

    async def tell(problems: list[str]) -> None:
        for organizer_id in house.settings.organizers:

            async def find_language(tx: Transaction, organizer_id: int = organizer_id) -> str | None:
                return await supporters.find_language(tx, organizer_id)

            language = await house.database.transact(find_language)
            await sender.show(organizer_id, problems_found(house.translators[language or "en"], problems), None)

    return tell


async def _find_secret(house: House) -> str:
    """The webhook's secret: the one that is set, or one that was made up once and is the same in every process."""
    given = house.settings.webhook_secret
    if given is not None:
        return given.get_secret_value()
    made_up = secrets.token_urlsafe(48)
    return await house.database.transact(lambda tx: keepsakes.keep(tx, "webhook_secret", made_up))


async def _is_ready(database: Database) -> bool:
    return await database.transact(is_current)


async def _measure(database: Database) -> bytes:
    async def count(tx: Transaction) -> dict[str, int]:
        running = await deliveries.find_running(tx)
        left = (await deliveries.tally(tx, running.id)).left if running is not None else 0
        return {
            "signatures": await signatures.count(tx),
            "subscriptions": await subscriptions.count(tx),
            "broadcast_left": left,
        }

    return metrics.write(await database.transact(count))


@contextmanager
def _beside(*works: Coroutine[Any, Any, None]) -> Iterator[None]:
    """Do `works` meanwhile; whatever is left of them when the block ends is given up."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()


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
