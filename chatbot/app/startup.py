"""What is noted when the bot starts: the wording of the appeal, and what was reached before anybody counted."""

import logging
from datetime import datetime

from chatbot.logs import report_bug
from chatbot.petition.model import Campaign
from chatbot.storage import Database, Transaction
from chatbot.storage.organizer import appeal_versions, jobs, petition_status

logger = logging.getLogger(__name__)


async def register_appeal_version(database: Database, campaign: Campaign, now: datetime) -> None:
    """Keep what the appeal says; when it took the place of another wording, tell the team, once."""

    async def work(tx: Transaction) -> None:
        paragraphs = {language: words.paragraphs for language, words in campaign.words.items()}
        before = await appeal_versions.register(tx, campaign.appeal_version, paragraphs, now)
        if before is not None:
            await jobs.tell(tx, "appeal_changed", {}, now)
        standing, signed = await petition_status.find_with_count(tx)
        passed = standing.find_reached(campaign, campaign.carried_over + signed)
        if standing.reached is None and passed is not None:
            await petition_status.begin_counting(tx, passed)

    try:
        await database.transact(work)
    except Exception as error:  # whatever it is, the bot can start without
        report_bug(logger, "the wording of the appeal was not noted, and will be at the next start", error)
