"""What every way of running has: the settings put to use, the database open, and the people who work in it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from chatbot.app.database import open_named_database
from chatbot.app.keys import read_seal
from chatbot.app.open_files import raise_limit
from chatbot.broadcasting.pace import FREE, PAID, Pacer
from chatbot.broadcasting.worker import Worker
from chatbot.conversation.turn import TeamAccess
from chatbot.documents.process import DocumentProcess
from chatbot.i18n import Translator, load_translators
from chatbot.jobs.context import JobContext
from chatbot.jobs.file_places import find_folder
from chatbot.jobs.runner import Runner
from chatbot.logs import configure
from chatbot.petition.campaign import load_campaign
from chatbot.petition.model import LANGUAGES, Campaign
from chatbot.settings import BUNDLED_LOCALES, Settings
from chatbot.storage import Database
from chatbot.transport.application import Application
from chatbot.transport.outgoing.backoff import back_off
from chatbot.transport.outgoing.retry import TokenRefusedError

if TYPE_CHECKING:
    from chatbot.petition.sealing.keys import Seal

WINDOW: Final = 30
"""How many deliveries of a broadcast may be under way, and so how many a crash may leave unknown."""
PAID_WINDOW: Final = 200


def read_campaign(settings: Settings) -> tuple[Campaign, Mapping[str, Translator]]:
    """Read the petition and its words from `LOCALES_DIR`; words missing there are taken from the bundled ones.

    Raises `CampaignError` or `CatalogError` with one line for each problem.
    """
    campaign = replace(load_campaign(settings.locales_dir), retention_days=settings.retention_days)
    return campaign, load_translators(LANGUAGES, [settings.locales_dir, BUNDLED_LOCALES])


@dataclass(frozen=True, slots=True)
class App:
    """What every way of running has."""

    settings: Settings
    token: str
    database: Database
    campaign: Campaign
    translators: Mapping[str, Translator]
    pace: Pacer
    seal: "Seal | None"

    def open_application(self, on_gone: Callable[[int], Awaitable[None]]) -> Application:
        """The bot in Telegram; see `Application`."""
        return Application(self.token, self.settings.telegram_api_url, pace=self.pace, on_gone=on_gone)

    def make_team_access(self) -> TeamAccess:
        """What organizers work with."""
        return TeamAccess(
            frozenset(self.settings.organizers), self.settings.broadcast_rate, self.settings.broadcast_paid
        )

    def make_job_runner(self, application: Application) -> Runner:
        """Somebody who carries out errands, over the wire of `application`."""
        asking = DocumentProcess(
            self.settings.database_url,
            (self.settings.locales_dir, BUNDLED_LOCALES),
            self.settings.log_level,
            self.settings.secrets(),
        )
        context = JobContext(
            self.database,
            self.campaign,
            self.translators,
            application.job_sender,
            frozenset(self.settings.organizers),
            find_folder(self.settings.database_url),
            asking.make,
            seals=self.seal is not None,
        )
        return Runner(context, refusals=(TokenRefusedError,))

    def make_broadcast_worker(self, application: Application) -> Worker:
        """Somebody who sends broadcasts, over the wire of `application`."""
        paid = self.settings.broadcast_paid
        return Worker(
            self.database,
            application.make_broadcast_sender(paid=paid),
            application.job_sender.show,
            self.pace,
            self.translators,
            frozenset(self.settings.organizers),
            window=PAID_WINDOW if paid else WINDOW,
            refusals=(TokenRefusedError,),
            back_off=back_off,
        )


async def open_app(settings: Settings, live: Callable[[App], Awaitable[None]]) -> None:
    """Open everything, `live` in it, and close it again.

    Raises `SettingsError`, `CampaignError`, `CatalogError` or `NewerSchemaError` where it cannot be opened.
    """
    raise_limit()
    token = settings.token()
    configure(settings.log_level, [token, *settings.secrets()])
    campaign, translators = read_campaign(settings)
    seal = read_seal(settings)
    database = await open_named_database("DATABASE_URL", settings.database_url)
    try:
        pace = Pacer(settings.broadcast_rate, PAID if settings.broadcast_paid else FREE)
        await live(App(settings, token, database, campaign, translators, pace, seal))
    finally:
        await database.close()
