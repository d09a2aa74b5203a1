"""The long-running commands: `run` (long polling), `web` (webhook) and `worker` (sending only)."""

import asyncio
import errno
import logging
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

from chatbot.app.app import App, open_app
from chatbot.app.backups.folder import find_backups
from chatbot.app.bot_profile import publish_on_change
from chatbot.app.health import outage_notices
from chatbot.app.health.heartbeat import Heartbeat, ProcessKind
from chatbot.app.health.systemd import Systemd
from chatbot.app.machine_trouble import CHECKED, SecondBot, tell_of_clock
from chatbot.app.metrics import measure
from chatbot.app.open_files import leave_room
from chatbot.app.periodic import MINUTE, PeriodicJob, every, list_periodic_jobs, run_periodically
from chatbot.app.public_page.keeper import PageKeeper, make_keeper
from chatbot.app.setup import owner_link
from chatbot.app.startup import register_appeal_version, request_team_menus
from chatbot.app.webhook_notices import tell_of_webhook
from chatbot.conversation.dialog import Dialog
from chatbot.petition.countries import find
from chatbot.problem import Problem, describe_cause
from chatbot.settings import Settings, SettingsError
from chatbot.storage import Database, is_current, is_embedded
from chatbot.storage.organizer import app_state
from chatbot.transport.application import Application
from chatbot.transport.incoming.http_server import HealthPortError, Webhook
from chatbot.waiting import cancel_all

logger = logging.getLogger(__name__)

Listen = Callable[[Application, Dialog], Coroutine[Any, Any, None]]


async def run(settings: Settings, systemd: Systemd | None = None) -> None:
    """Run the bot with long polling, and send broadcasts, until SIGTERM or SIGINT.

    Raises `SettingsError`, `CampaignError`, `NewerSchemaError` or `TokenRefusedError` if the bot
    cannot start; each message says in one line what to do. `systemd` is told when the bot listens.
    """

    async def listen(application: Application, dialog: Dialog) -> None:
        await application.run_polling(dialog)

    async def use(app: App) -> None:
        await _serve(app, listen, make_keeper(app, serves=False), "run", systemd, sends=True)

    await open_app(settings, use)


async def web(settings: Settings, systemd: Systemd | None = None) -> None:
    """Run the bot with a webhook at `PORT`, until SIGTERM or SIGINT. Raises what `run` does.

    With SQLite it also sends broadcasts; with PostgreSQL a separate `worker` process does.
    """
    url = settings.require_webhook_url()

    async def use(app: App) -> None:
        page = make_keeper(app, serves=settings.public_page)
        webhook = Webhook(
            url,
            await _find_secret(app),
            settings.port,
            is_ready=lambda: _is_ready(app.database),
            measure=lambda: measure(app.database),
            host=settings.host,
            metrics_token=settings.metrics_token.get_secret_value() if settings.metrics_token else None,
            connections=leave_room(),
            tell=partial(tell_of_webhook, app.database),
            find_file=page.find if settings.public_page else None,
            health_port=settings.health_port,
        )

        async def listen(application: Application, dialog: Dialog) -> None:
            try:
                await application.run_webhook(webhook, dialog)
            except OSError as error:
                raise SettingsError(_explain_port(settings, error)) from None

        await _serve(app, listen, page, "web", systemd, sends=is_embedded(settings.database_url))

    await open_app(settings, use)


def _explain_port(settings: Settings, error: OSError) -> Problem:
    name, given = "PORT", str(settings.port)
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        name, given = "HOST", str(settings.host)
    elif isinstance(error, HealthPortError):
        name, given = "HEALTH_PORT", str(settings.health_port)
    return Problem("{name}: {given} cannot be used ({reason})", name=name, given=given, reason=describe_cause(error))


async def work(settings: Settings, systemd: Systemd | None = None) -> None:
    """Send broadcasts and run jobs, without listening, until SIGTERM or SIGINT. Raises what `run` does."""

    async def use(app: App) -> None:
        await _send_only(app, systemd)

    await open_app(settings, use)


async def _serve(
    app: App, listen: Listen, page: PageKeeper, kind: ProcessKind, systemd: Systemd | None, *, sends: bool
) -> None:
    database, translators = app.database, app.translators
    dialog: Dialog | None = None

    async def mark_unreachable(supporter_id: int) -> None:
        # No message is sent before the dialog exists.
        if dialog is not None:
            await dialog.mark_unreachable(supporter_id)

    async with app.open_application(mark_unreachable) as application:
        worker, keeper = app.make_broadcast_worker(application), app.make_card_keeper(application)
        with _signals_calling(application.stop, worker.stop):
            username = await application.introduce()
            if username is None:
                return
            bot_link = page.bot_link = keeper.bot_link = f"https://t.me/{username}"
            runner = app.make_job_runner(application)
            campaign = await register_appeal_version(database, app.campaign, datetime.now(UTC))
            dialog = Dialog(
                database,
                campaign,
                translators,
                bot_link,
                team=app.make_team_access(),
                seal=app.seal,
                card_seal=app.card_seal,
                on_team_turn=runner.wake,
            )
            dialog.offers_chats = application.has_inline_mode
            await owner_link.announce(database, app.settings, username)
            await request_team_menus(database, frozenset(app.settings.organizers), datetime.now(UTC))

            def rename(username: str) -> None:
                assert dialog is not None
                dialog.bot_link = page.bot_link = keeper.bot_link = f"https://t.me/{username}"
                dialog.offers_chats = application.has_inline_mode

            works: list[tuple[Coroutine[Any, Any, None], Callable[[], None]]] = [
                (application.keep_name(rename), application.stop),
                (listen(application, dialog), application.stop),
                (runner.run(), runner.stop),
            ]
            if sends:
                works += [(worker.run(), worker.stop), (keeper.run(), keeper.stop)]

            publish = publish_on_change(database, campaign, translators, application.publish_profiles)
            keep_link = partial(owner_link.keep_current, database, app.settings)
            table = [
                *list_periodic_jobs(database, app.campaign, find_backups(app.settings)),
                PeriodicJob("profile", publish, every(MINUTE)),
                PeriodicJob("owner link", keep_link, every(MINUTE)),
                *page.list_jobs(),
                PeriodicJob("clock", partial(tell_of_clock, database, lambda: application.clock_ahead), every(MINUTE)),
            ]
            outage = app.make_outage_notices(application)
            table.append(PeriodicJob("outage", outage.check, every(outage_notices.CHECKED)))
            if is_embedded(app.settings.database_url):
                table.append(PeriodicJob("second bot", SecondBot(database).check, every(CHECKED)))
            periodic = [run_periodically(database, job) for job in table]
            heartbeat = Heartbeat(database, kind, application.find_trouble)
            stops = [application.stop, worker.stop, keeper.stop, runner.stop, *([systemd.stop] if systemd else [])]
            async with _beating(database, heartbeat, systemd):
                with (
                    _signals_calling(*stops),
                    # Reading all country names takes half a second. No reply waits for it.
                    _in_background(asyncio.to_thread(find.prepare, tuple(app.campaign.languages)), *periodic),
                ):
                    await _run_together(*works)


async def _send_only(app: App, systemd: Systemd | None) -> None:
    async def ignore(_supporter_id: int) -> None:
        pass  # this process sends no replies

    async with app.open_application(ignore) as application:
        worker, keeper = app.make_broadcast_worker(application), app.make_card_keeper(application)

        def rename(username: str) -> None:
            keeper.bot_link = f"https://t.me/{username}"

        with _signals_calling(application.stop, worker.stop):
            username = await application.introduce()
            if username is None:
                return
            rename(username)
            runner = app.make_job_runner(application)
            logger.info("sending broadcasts")
            heartbeat = Heartbeat(app.database, "worker", lambda: None if worker.is_at_work() else "lock")
            stops = [application.stop, worker.stop, keeper.stop, runner.stop, *([systemd.stop] if systemd else [])]
            async with _beating(app.database, heartbeat, systemd):
                with _signals_calling(*stops):
                    works = (
                        (worker.run(), worker.stop),
                        (keeper.run(), keeper.stop),
                        (runner.run(), runner.stop),
                        (application.keep_name(rename), application.stop),
                    )
                    await _run_together(*works)


@asynccontextmanager
async def _beating(database: Database, heartbeat: Heartbeat, systemd: Systemd | None) -> AsyncIterator[None]:
    """Let the process beat while the block runs."""
    if systemd is not None:
        systemd.watch(heartbeat)
    try:
        with _in_background(run_periodically(database, PeriodicJob("heartbeat", heartbeat.beat, heartbeat.wait))):
            yield
    finally:
        await heartbeat.end()


async def _find_secret(app: App) -> str:
    """Return the secret from the settings, or the generated one that all processes share through the database."""
    given = app.settings.webhook_secret
    if given is not None:
        return given.get_secret_value()
    generated = secrets.token_urlsafe(48)
    return await app.database.transact(app_state.store_once, "webhook_secret", generated)


async def _is_ready(database: Database) -> bool:
    return await database.transact(is_current)


@contextmanager
def _in_background(*works: Coroutine[Any, Any, None]) -> Iterator[None]:
    """Run `works` in the background and cancel them when the block ends."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()


async def _run_together(*works: tuple[Coroutine[Any, Any, None], Callable[[], None]]) -> None:
    """Run pairs of a coroutine and its stop function. When one ends or fails, stop the others."""
    tasks = [asyncio.create_task(work) for work, _ in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for _, stop in works:
            stop()
        await asyncio.wait(tasks)
    finally:
        ended = await cancel_all(tasks)
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
