"""The menu in the chat of somebody whose role has changed."""

from chatbot.jobs.context import JobContext
from chatbot.petition.job import Job
from chatbot.petition.team import Role
from chatbot.storage import Transaction
from chatbot.storage.organizer import chat_menus, team


async def bring_up_to_date(job: Job, context: JobContext) -> None:
    """Let it be the menu of the role that they have by now; it is noted as in app/bot_profile.py."""
    member_id = job.for_id
    assert member_id is not None  # whoever asks names them

    async def find(tx: Transaction) -> Role | None:
        members = await team.find_members(tx, context.organizers)
        role = next((member.role for member in members if member.id == member_id), None)
        if role is not None:
            await chat_menus.note_given(tx, member_id, context.clock())
        return role

    role = await context.database.transact(find)
    await context.chat_sender.set_menu(member_id, role)
    if role is None:
        await context.database.transact(lambda tx: chat_menus.note_taken_back(tx, member_id))
