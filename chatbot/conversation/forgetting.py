"""Being forgotten: asked once more, then everything at once, whatever else is going on."""

import secrets

from chatbot.conversation.turn import Event, Pressed, Reply, Said, Turn
from chatbot.i18n import Translator
from chatbot.petition.draft import Draft
from chatbot.petition.team import Role, who_reach
from chatbot.screens import actions
from chatbot.screens import forgetting as screens
from chatbot.storage import confirmations, erasing, errands, journal, team

_ABOUT = "forget"


def is_wanted(event: Event) -> bool:
    """Whether this asks to be forgotten: whoever does so is not kept in mind for it."""
    match event:
        case Said(command=actions.FORGET):
            return True
        case Pressed(action=action):
            return action.partition(":")[0] == actions.FORGET
    return False


def tell_stranger(_: Translator, event: Event) -> Reply:
    """Answer somebody of whom nothing is kept; who tapped, or was heard, twice reads the last word once more."""
    said = screens.farewell(_) if isinstance(event, Pressed) else screens.nothing_kept(_)
    return Reply(said, None, Draft())


async def forget(turn: Turn, _argument: str) -> Reply:
    """Ask once more, and say what goes."""
    if turn.person.id in turn.named:
        return Reply.staying(turn, screens.is_named(turn._))
    code = await confirmations.ask(turn.tx, turn.person.id, _ABOUT, turn.now)
    yes = actions.call(actions.FORGET, code)
    return Reply.staying(turn, screens.ask(turn._, turn.standing, yes, in_team=turn.desk is not None))


async def press(turn: Turn, code: str) -> Reply:
    """Erase everything with the code of the question; ask where there is none."""
    person_id = turn.person.id
    if not code or not await confirmations.take(turn.tx, code, person_id, _ABOUT, turn.now):
        return await forget(turn, "")
    role = turn.desk.role if turn.desk else None
    if person_id in turn.named or not await _hand_over(turn, role):
        return Reply.staying(turn, screens.last_owner(turn._) if role else screens.is_named(turn._))
    signature = turn.signature
    turn.sealing.forget(turn.draft.name, turn.draft.reason, *((signature.name, signature.reason) if signature else ()))
    await erasing.erase(turn.tx, person_id, turn.now)
    if turn.known_to_team:
        # Who did something in the team is nobody any more, and always the same nobody.
        alias = -1 - secrets.randbits(52)
        await erasing.hide_member(turn.tx, person_id, alias)
        if role is not None:
            await errands.add(turn.tx, team.MENU, {}, turn.now, for_id=person_id)
            await errands.tell(turn.tx, "member_forgotten", {"role": role}, turn.now)
            await journal.note(turn.tx, alias, "team.forgotten", turn.now, before=role)
    return Reply(screens.farewell(turn._), None, Draft(), erased=True, took_back=signature is not None)


def lets_go(draft: Draft, reply: Reply) -> bool:
    """Whether something they told us, in the `draft` before this reply or elsewhere, is kept no longer."""
    told = {draft.name, draft.reason} - {reply.draft.name, reply.draft.reason, None}
    return reply.lets_go or (bool(told) and reply.reached != "signed")  # what is signed stays


async def _hand_over(turn: Turn, role: Role | None) -> bool:
    """Give what one of the team has under way to an owner who stays; False where there is none."""
    if role is None:
        return True
    await team.lock(turn.tx)
    members = await team.find_members(turn.tx, turn.named)
    # Somebody named in the settings who has never written may be nobody's account.
    owners = [each for each in who_reach(members, "owner", but=turn.person.id) if each.joined_at is not None]
    if not owners:
        return role != "owner"
    await team.hand_over(turn.tx, turn.person.id, owners[0].id)
    return True
