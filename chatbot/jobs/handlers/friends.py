"""Tells somebody how many signed through their link, by day, where they can be written to."""

from typing import Final

from chatbot.jobs.context import JobContext
from chatbot.petition.countries.names import UNTOLD
from chatbot.petition.job import Job, RetryLaterError
from chatbot.screens.supporter.after_signing import friends as screens
from chatbot.storage.people import friends

_LONGEST: Final = 6 * 3600.0
"""Seconds after which the clock is read again."""


async def tell(job: Job, context: JobContext) -> None:
    """Send the message, unless it was overtaken by a greater number, or they do not want it any more.

    People who signed from a country where signing is dangerous, or from no country, get no message: they see the number
    when they ask.
    """
    assert job.chat_id is not None  # the sharer is named
    found = await context.database.read_snapshot(friends.find_sharer, job.chat_id)
    if found is None or not found.is_reachable or found.told != job.details["reached"]:
        return
    if found.country in {*context.campaign.at_risk_countries, UNTOLD}:
        return
    now = context.clock()
    if (morning := context.campaign.find_morning(found.language, found.country, now)) is not None:
        raise RetryLaterError(min((morning - now).total_seconds(), _LONGEST))
    _ = context.translators[context.campaign.find_offered(found.language)]
    await context.chat_sender.show(job.chat_id, screens.tell(_, found.friends_signed))
