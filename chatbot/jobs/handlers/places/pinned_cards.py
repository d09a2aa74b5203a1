"""Posts the card in a linked channel or group and pins it, or unpins it.

Nothing is posted twice: before the call it is stored that the card is being sent. If the process dies then, nobody
knows whether the card arrived, and the organizer is asked to look.
"""

from datetime import datetime

from chatbot.jobs.context import JobContext
from chatbot.petition.broadcasts.place import Place
from chatbot.petition.job import ChatMovedError, Job, RetryLaterError
from chatbot.petition.lifecycle import PetitionStatus
from chatbot.screens.screen import Screen
from chatbot.screens.supporter import card
from chatbot.storage import Transaction
from chatbot.storage.organizer import jobs, petition_status
from chatbot.storage.places import pinned_cards, places, refusals


async def pin(job: Job, context: JobContext) -> None:
    """Post the card and pin it."""
    code, message_id = str(job.details["code"]), job.progress.get("message")
    place, status, signed_here = await context.database.transact(_read, code)
    if place is None or not place.is_linked:
        return
    if isinstance(message_id, int):
        await _pin(job, context, place, message_id)
    elif not place.gets_card:
        return
    elif job.progress.get("sending"):
        await context.database.transact(_fail, job, place, "place_card_unsure", context.clock())
    else:
        numbers = card.read_numbers(context.campaign, status, signed_here)
        _ = context.translators[context.campaign.find_offered(place.language)]
        link = str(job.details["link"])
        await _post(job, context, place, card.card(_, context.campaign, numbers, link, context.clock()))


async def _post(job: Job, context: JobContext, place: Place, screen: Screen) -> None:
    if not await context.database.transact(jobs.keep_progress, job.id, {"sending": 1}):
        return
    try:
        message_id = await context.chat_sender.show(place.chat_id, screen)
    except RetryLaterError as error:
        if not error.unsure:
            await context.database.transact(jobs.keep_progress, job.id, {})
        raise
    except ChatMovedError as error:
        await context.database.transact(_move, job, place, error.chat_id, context.clock())
        raise RetryLaterError(0) from None
    if message_id is None:
        await context.database.transact(_fail, job, place, "place_card_refused", context.clock())
    elif await context.database.transact(_keep, job, place, message_id, context.clock()):
        await _pin(job, context, place, message_id)


async def _pin(job: Job, context: JobContext, place: Place, message_id: int) -> None:
    pinned = await context.chat_sender.pin(place.chat_id, message_id)
    notice = "place_card_pinned" if pinned else "place_card_not_pinned"
    await context.database.transact(_notify, job, place, notice, context.clock())


async def give_up(tx: Transaction, job: Job, now: datetime) -> None:
    """Delete a job that crashed again and again, so that a card can be asked for anew."""
    place = await places.find(tx, str(job.details["code"]))
    if place is None:
        await jobs.remove(tx, job.id)
    else:
        await _fail(tx, job, place, "place_card_unsure", now)


async def unpin(job: Job, context: JobContext) -> None:
    """Unpin a card; the message stays."""
    chat_id, message_id = job.details["chat"], job.details["message"]
    if isinstance(chat_id, int) and isinstance(message_id, int):
        await context.chat_sender.unpin(chat_id, message_id)


async def _read(tx: Transaction, code: str) -> tuple[Place | None, PetitionStatus, int]:
    return await places.find(tx, code), *await petition_status.find_with_count(tx)


async def _move(tx: Transaction, job: Job, place: Place, chat_id: int, now: datetime) -> None:
    await refusals.note_new_chat(tx, place.chat_id, chat_id, now)
    await jobs.keep_progress(tx, job.id, {})


async def _keep(tx: Transaction, job: Job, place: Place, message_id: int, now: datetime) -> bool:
    if not await pinned_cards.keep(tx, place.code, message_id):
        return False
    await refusals.note_accepted(tx, place.code, now)
    return await jobs.keep_progress(tx, job.id, {"message": message_id})


async def _fail(tx: Transaction, job: Job, place: Place, notice: str, now: datetime) -> None:
    await pinned_cards.keep(tx, place.code, None)
    if notice == "place_card_refused":
        await refusals.note_refusal(tx, place.code, now)
    await _notify(tx, job, place, notice, now)


async def _notify(tx: Transaction, job: Job, place: Place, notice: str, now: datetime) -> None:
    """Tell the organizer who asked for the card, in the transaction that deletes the job."""
    if await jobs.remove(tx, job.id) and job.chat_id is not None:
        await jobs.tell_one(tx, job.chat_id, notice, {"title": place.title}, now)
