"""The menu in the chat of somebody whose role has changed."""

from chatbot.errands.office import Office
from chatbot.petition.errand import Errand
from chatbot.petition.team import Role
from chatbot.storage import Transaction, organizers, team


async def bring_up_to_date(errand: Errand, office: Office) -> None:
    """Let it be the menu of the role that they have by now; it is noted as in bootstrap/menus.py."""
    member_id = errand.for_id
    assert member_id is not None  # whoever asks names them

    async def find(tx: Transaction) -> Role | None:
        members = await team.find_members(tx, office.organizers)
        role = next((member.role for member in members if member.id == member_id), None)
        if role is not None:
            await organizers.greet(tx, member_id, office.clock())
        return role

    role = await office.database.transact(find)
    await office.courier.set_menu(member_id, role)
    if role is None:
        await office.database.transact(lambda tx: organizers.part_with(tx, member_id))
