"""Makes an export for an owner and sends it to their chat."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from chatbot.documents.table import name_parts
from chatbot.jobs.context import JobContext
from chatbot.petition.exports.links import make_name
from chatbot.petition.exports.request import ExportRequest
from chatbot.petition.job import Job, RetryLaterError
from chatbot.petition.team import list_at_least
from chatbot.screens.organizer.records import exporting
from chatbot.storage import Transaction
from chatbot.storage.organizer import team

logger = logging.getLogger(__name__)

KIND: Final = "document"
TRIES: Final = 3
"""Attempts to send a file if it is unknown whether it arrived."""


async def make_and_send(job: Job, context: JobContext) -> None:
    """Make the export and send its files in order. The owner already knows that it takes a moment."""
    assert job.chat_id is not None  # the requester is named
    chat_id, request = job.chat_id, ExportRequest.from_details(job.details)
    if not await context.database.transact(_is_owner, chat_id, context.configured_owners):
        logger.warning("a document was not made: the person who requested it is no longer an owner")
        return
    _ = await context.speak_to(chat_id)
    async with context.folder.open() as folder:
        made = await context.make(request, folder)
        if not made.rows:
            await context.chat_sender.show(chat_id, exporting.nothing_there(_))
            return
        at = context.clock()
        words = context.campaign.words[context.campaign.find_offered(request.language)]
        name = request.name(at.astimezone(context.campaign.zone).date(), make_name(words.hashtag or words.title) or "")
        names = name_parts(name, request.format, len(made.files))
        counts = exporting.FileCounts(made.rows, made.named)
        for nth, (file, name) in enumerate(zip(made.files, names, strict=True), 1):
            caption = exporting.caption(_, request, counts, at, nth, len(names), sealed=context.seals)
            if await _retry(partial(context.chat_sender.send_file, chat_id, file, name, caption)) is None:
                return  # the person left the chat


async def _is_owner(tx: Transaction, member_id: int, configured_owners: frozenset[int]) -> bool:
    return member_id in {owner.id for owner in list_at_least(await team.find_members(tx, configured_owners), "owner")}


async def _retry(send: Callable[[], Awaitable[str | None]]) -> str | None:
    """Retry one file: repeating the whole job would send files again that have arrived."""
    unsure = 0
    while True:
        try:
            return await send()
        except RetryLaterError as later:
            unsure += later.unsure
            if unsure >= TRIES:
                raise
            await asyncio.sleep(later.seconds)
