"""Builds the parts of a running bot from its settings."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from chatbot.app.backups.folder import warn_of_missing_folder
from chatbot.app.database import explain, open_configured_database
from chatbot.app.health.outage_notices import OutageNotices
from chatbot.app.open_files import raise_limit
from chatbot.app.sealing_key import read_seal
from chatbot.broadcasting.card_keeper import CardKeeper, PostedCards
from chatbot.broadcasting.pace import FREE, PAID, Pacer
from chatbot.broadcasting.pinned_cards import PinnedCards
from chatbot.broadcasting.worker import Worker
from chatbot.documents.process import DocumentProcess
from chatbot.i18n import Translator, Translators
from chatbot.jobs.context import JobContext
from chatbot.jobs.file_places import find_folder
from chatbot.jobs.runner import Runner
from chatbot.logs import configure_logging
from chatbot.petition.model import Campaign, CampaignError
from chatbot.petition.sealing.message_ids import MessageIdSeal
from chatbot.petition.team import TeamAccess
from chatbot.screens.load import load_petition
from chatbot.settings import BUNDLED_LOCALES, Settings
from chatbot.storage import Database, DatabaseUnavailableError, find_file, is_embedded
from chatbot.storage.engine.file_systems import find_warning
from chatbot.storage.organizer import appeal_versions
from chatbot.storage.people.question_messages import QuestionMessages
from chatbot.transport.application import Application
from chatbot.transport.outgoing.backoff import back_off
from chatbot.transport.outgoing.retry import TokenRefusedError

if TYPE_CHECKING:
    from chatbot.petition.sealing.keys import Seal

logger = logging.getLogger(__name__)

WINDOW: Final = 30
"""Deliveries of a broadcast in flight at once. A crash leaves at most this many unknown."""
PAID_WINDOW: Final = 200


def read_campaign(settings: Settings) -> tuple[Campaign, Translators]:
    """Read the petition and its texts from `LOCALES_DIR`, with the bundled texts as fallback.

    Raises `CampaignError` with one line for each problem.
    """
    campaign, translators = load_petition([settings.locales_dir, BUNDLED_LOCALES])
    quiet_hours = campaign.quiet_hours if settings.quiet_hours else None
    return replace(campaign, retention_days=settings.retention_days, quiet_hours=quiet_hours), translators


@dataclass(frozen=True, slots=True)
class App:
    """The parts that `run`, `web` and `worker` share."""

    settings: Settings
    token: str
    database: Database
    campaign: Campaign
    translators: Mapping[str, Translator]
    pace: Pacer
    seal: "Seal | None"
    card_seal: MessageIdSeal

    def open_application(self, on_gone: Callable[[int], Awaitable[None]]) -> Application:
        """Open the connection to Telegram; see `Application`."""
        proxy = self.settings.telegram_proxy
        return Application(
            self.token,
            self.settings.telegram_api_url,
            pace=self.pace,
            on_gone=on_gone,
            notes=QuestionMessages(self.database),
            proxy=proxy.get_secret_value() if proxy else None,
        )

    def make_team_access(self) -> TeamAccess:
        """Return who belongs to the team by the settings, and how fast broadcasts go."""
        return TeamAccess(
            frozenset(self.settings.organizers), self.settings.broadcast_rate, self.settings.broadcast_paid
        )

    def make_job_runner(self, application: Application) -> Runner:
        """Make the runner of jobs, which sends through `application`."""
        documents = DocumentProcess(
            self.settings.database_url,
            (self.settings.locales_dir, BUNDLED_LOCALES),
            tuple(self.campaign.languages),
            self.settings.log_level,
            self.settings.list_other_secrets(),
        )
        context = JobContext(
            self.database,
            self.campaign,
            self.translators,
            application.job_sender,
            frozenset(self.settings.organizers),
            find_folder(self.settings.database_url),
            documents.make,
            seals=self.seal is not None,
        )
        return Runner(context, refusals=(TokenRefusedError,))

    def make_outage_notices(self, application: Application) -> OutageNotices:
        """Make the notices to the team, sent through `application`, that nothing can be stored."""
        return OutageNotices(
            self.database,
            self.translators,
            frozenset(self.settings.organizers),
            lambda: application.unstored_for,
            application.job_sender.show,
        )

    def make_broadcast_worker(self, application: Application) -> Worker:
        """Make the worker that sends broadcasts through `application`."""
        paid = self.settings.broadcast_paid
        return Worker(
            self.database,
            application.make_broadcast_sender(paid=paid),
            application.job_sender.show,
            self.pace,
            self.campaign,
            self.translators,
            frozenset(self.settings.organizers),
            window=PAID_WINDOW if paid else WINDOW,
            refusals=(TokenRefusedError,),
            back_off=back_off,
        )

    def make_card_keeper(self, application: Application) -> CardKeeper:
        """Make what keeps the number on live cards up to date; the bot's link is set later."""
        sources = (PinnedCards(self.database), PostedCards(self.database, self.card_seal))
        edit = application.make_card_sender().edit
        return CardKeeper(self.database, self.campaign, self.translators, self.pace, edit, sources)


async def open_app(settings: Settings, use: Callable[[App], Awaitable[None]]) -> None:
    """Open everything, run `use` with it, and close it again.

    Raises `SettingsError`, `CampaignError` or `NewerSchemaError` if something cannot be opened.
    """
    raise_limit()
    token = settings.read_token()
    configure_logging(settings.log_level, [token, *settings.list_other_secrets()])
    for problem in (*settings.warn_of_open_files(), *warn_of_missing_folder(settings)):
        logger.warning("%s", problem)
    campaign, translators = read_campaign(settings)
    for language in campaign.list_not_offered():
        logger.warning(
            "%s is not offered to people yet; `check --language %s` says what is missing", language, language
        )
    seal = read_seal(settings)
    database = await open_configured_database(settings)
    if is_embedded(settings.database_url) and (warning := find_warning(find_file(settings.database_url))):
        logger.warning("%s", warning)
    try:
        await _refuse_mistakes(database, campaign)
        pace = Pacer(settings.broadcast_rate, PAID if settings.broadcast_paid else FREE)
        await use(App(settings, token, database, campaign, translators, pace, seal, MessageIdSeal(token)))
    except DatabaseUnavailableError as error:  # the disk may have become full during the start
        raise explain("DATABASE_URL", settings.database_url, error) from None
    finally:
        await database.close()


async def _refuse_mistakes(database: Database, campaign: Campaign) -> None:
    """Raise `CampaignError` for mistakes in a language that was offered before: its readers would lose it silently."""
    offered = await database.transact(appeal_versions.list_languages) if campaign.mistakes else ()
    mistakes = [line for language in offered for line in campaign.mistakes.get(language, ())]
    if mistakes:
        raise CampaignError(*mistakes)
