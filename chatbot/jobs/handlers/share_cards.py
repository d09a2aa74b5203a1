"""Draws a picture of the petition to be shared, for a team member, and sends it to their chat."""

from typing import Any

from chatbot.documents.process import call
from chatbot.jobs.context import JobContext
from chatbot.petition.exports.share_card import ShareCard
from chatbot.petition.job import Job
from chatbot.petition.lifecycle import PetitionEnding
from chatbot.petition.team import list_at_least
from chatbot.screens.organizer.records import share_cards
from chatbot.storage import Transaction
from chatbot.storage.organizer import app_state, petition_status, team
from chatbot.storage.people import signatures


async def draw(job: Job, context: JobContext) -> None:
    """Draw and send the picture, and store its file_id for the next request."""
    assert job.chat_id is not None  # the requester is named
    card, link = ShareCard.from_details(job.details), str(job.details["link"])
    if card is None or card.language not in context.campaign.languages:
        return
    found = await context.database.transact(_read, job.chat_id, context)
    if found is None:
        return
    total, ending = found
    _, words = context.translators[card.language], context.campaign.words[card.language]
    described: dict[str, Any] = share_cards.describe(_, words, total, ending, card.shape, link)
    async with context.folder.open() as folder:
        path = folder / "petition.png"
        await call("chatbot.documents.charts", described | {"path": str(path)})
        caption = share_cards.caption(_, words, total, ending, link)
        file_id = await context.chat_sender.send_file(job.chat_id, path, path.name, caption, "photo")
    if file_id is not None:
        stamp = card.stamp(total, ending, context.clock())
        await context.database.transact(app_state.replace, card.name, f"{stamp} {file_id}")


async def _read(tx: Transaction, member_id: int, context: JobContext) -> tuple[int, PetitionEnding | None] | None:
    """Return the total and the ending, as supporters see them; None if this person is no member any more."""
    members = list_at_least(await team.find_members(tx, context.configured_owners), "viewer")
    if member_id not in {each.id for each in members}:
        return None
    status = await petition_status.find(tx)
    total = context.campaign.carried_over + await signatures.count(tx)
    return total, status.find_ending(context.campaign)
