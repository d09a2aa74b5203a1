"""Job: bring the menu of commands in a team member's chat up to date with their role and the petition status."""

from chatbot.jobs.context import JobContext
from chatbot.petition.job import Job
from chatbot.petition.languages import Language, list_two_letter_codes
from chatbot.petition.lifecycle import PetitionStatus
from chatbot.petition.team import Role
from chatbot.screens.organizer import menu
from chatbot.screens.supporter import general
from chatbot.storage import Transaction
from chatbot.storage.organizer import appeal_versions, chat_menus, petition_status, team


async def bring_up_to_date(job: Job, context: JobContext) -> None:
    """Set the menu of the present role and petition status; delete it in languages that are not offered any more.

    The menu is noted before it is set and until it is deleted, so that a crash forgets none. Without a chat the note
    is deleted: the member's first turn asks for the menu again.
    """
    member_id = job.chat_id
    assert member_id is not None  # every request names the member
    role, status = await context.database.transact(_find_role, member_id, context)
    campaign = context.campaign
    is_open = status.find_ending(campaign) is None
    former = await context.database.transact(appeal_versions.list_languages)
    languages: dict[str | None, Language] = {None: campaign.fallback}
    commands: dict[str | None, tuple[tuple[str, str], ...]] = dict.fromkeys(list_two_letter_codes(former), ())
    for code, language in (languages | list_two_letter_codes(campaign.languages)).items():
        _ = context.translators[language]
        if role:
            own = menu.list_menu(_, role, status, campaign)
            commands[code] = (*own, *general.list_menu(_, is_open=is_open))
        else:
            commands[code] = ()
    has_chat = await context.chat_sender.set_menu(member_id, commands)
    if role is None or not has_chat:
        await context.database.transact(chat_menus.note_taken_back, member_id)


async def _find_role(tx: Transaction, member_id: int, context: JobContext) -> tuple[Role | None, PetitionStatus]:
    members = await team.find_members(tx, context.configured_owners)
    role = next((member.role for member in members if member.id == member_id), None)
    if role is not None:
        await chat_menus.note_given(tx, member_id, context.clock())
    return role, await petition_status.find(tx)
