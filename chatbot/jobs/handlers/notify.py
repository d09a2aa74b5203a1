"""Notifies the team: one job becomes one for each member, and each of those a message."""

import logging
from datetime import datetime
from typing import Final

from chatbot.jobs.context import JobContext
from chatbot.petition.job import Job
from chatbot.petition.team import Role, list_at_least, read_role
from chatbot.screens.organizer import notices
from chatbot.storage import Transaction
from chatbot.storage.organizer import jobs, team

logger = logging.getLogger(__name__)

_FOR_FORMER: Final = "your_role"
"""The notice that also tells members that they were removed."""
_FOR_ORGANIZERS: Final = ("colleague", "taken_over", "taken_back", "approved", "declined")
"""Notices with the titles of broadcasts."""


async def spread(job: Job, context: JobContext) -> None:
    """Add a job for each member to notify, in the transaction that deletes this one, so that no one is told twice."""
    await context.database.transact(_spread, job, context.configured_owners, context.clock())


async def _spread(tx: Transaction, job: Job, configured_owners: frozenset[int], now: datetime) -> None:
    details = {name: value for name, value in job.details.items() if name not in ("needs", "but")}
    needs, but = read_role(str(job.details["needs"])) or "owner", job.details["but"]
    if await jobs.remove(tx, job.id):
        members = await team.find_members(tx, configured_owners)
        for member in list_at_least(members, needs, but=but if isinstance(but, int) else None):
            await jobs.add(tx, jobs.NOTICE, details, now, chat_id=member.id)


async def tell(job: Job, context: JobContext) -> None:
    """Show a member a notice in their language, unless they have left the team or their role since."""
    assert job.chat_id is not None  # `spread` names the member
    if not await context.database.read_snapshot(_is_for, job, context.configured_owners):
        return
    screen = notices.write(await context.speak_to(job.chat_id), str(job.details["notice"]), job.details)
    if await context.chat_sender.show(job.chat_id, screen) is None:
        logger.warning("a notice did not reach a team member: they left the chat or never opened it")


async def _is_for(tx: Transaction, job: Job, configured_owners: frozenset[int]) -> bool:
    notice = job.details["notice"]
    needs: Role = "organizer" if notice in _FOR_ORGANIZERS else "viewer"
    members = list_at_least(await team.find_members(tx, configured_owners), needs)
    return notice == _FOR_FORMER or job.chat_id in {member.id for member in members}
