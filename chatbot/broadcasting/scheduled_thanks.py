"""Scheduled thanks for a milestone wait for an organizer if fewer people count by then: nobody reads the text again."""

from collections.abc import Mapping
from datetime import datetime

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.model import Campaign
from chatbot.screens.organizer.petition.milestone_thanks import Overtaken, find_overtaken
from chatbot.storage.broadcasts import broadcasts, deliveries, lifecycle
from chatbot.storage.engine.database import Transaction
from chatbot.storage.organizer import petition_status


async def start_due(tx: Transaction, campaign: Campaign, translators: Mapping[str, Translator], now: datetime) -> None:
    """Start scheduled broadcasts that are due, see `deliveries.start_due`, but no thanks that are not true any more."""
    for broadcast_id, _, _ in await deliveries.list_due(tx, now):
        broadcast = await broadcasts.find(tx, broadcast_id)
        if broadcast is not None and await read_overtaken(tx, campaign, translators, broadcast) is not None:
            await lifecycle.miss_time(tx, broadcast_id, now)
    await deliveries.start_due(tx, campaign, now)


async def read_overtaken(
    tx: Transaction, campaign: Campaign, translators: Mapping[str, Translator], broadcast: Broadcast
) -> Overtaken | None:
    """Compare thanks for a milestone with the number of people now; None if they are true, or it is something else."""
    status, signed_here = await petition_status.find_with_count(tx)
    total = campaign.carried_over + signed_here
    return find_overtaken(translators, status.list_ahead(campaign, total), total, broadcast)
