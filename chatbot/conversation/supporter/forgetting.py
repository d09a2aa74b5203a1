"""Erasing everything about a person, after one confirmation, at any step."""

from datetime import datetime

from chatbot.conversation.interface import Event, Pressed, Said
from chatbot.conversation.turn import Reply, Turn
from chatbot.i18n import Translator
from chatbot.petition.signing.draft import Draft
from chatbot.petition.team import Role, list_at_least
from chatbot.screens import callbacks
from chatbot.screens.supporter.rights import forgetting as screens
from chatbot.storage import Transaction
from chatbot.storage.engine import timestamps
from chatbot.storage.organizer import audit_log, jobs, team
from chatbot.storage.people import confirmations
from chatbot.storage.privacy import erasure, member_erasure

_ABOUT = "forget"


def is_request(event: Event) -> bool:
    """Whether this asks for erasure. A person unknown so far is not stored for asking."""
    match event:
        case Said(command=callbacks.FORGET):
            return True
        case Pressed(action=action):
            return callbacks.read(action).verb == callbacks.FORGET
    return False


async def tell_stranger(tx: Transaction, person_id: int, _: Translator, event: Event) -> Reply:
    """Answer a person about whom nothing is stored. A second tap gets the farewell again."""
    until = await member_erasure.find_hour(tx, person_id)
    said = screens.farewell(_, until) if isinstance(event, Pressed) else screens.nothing_kept(_, until)
    return Reply(said, None, Draft())


async def forget(turn: Turn, _argument: str) -> Reply:
    """Ask for confirmation, and say what will be erased."""
    if turn.person.id in turn.configured_owners:
        return Reply.staying(turn, screens.is_configured(turn._))
    code = await confirmations.ask(turn.tx, turn.person.id, _ABOUT, turn.now)
    yes = callbacks.FORGET(code)
    return Reply.staying(
        turn, screens.ask(turn._, turn.reader, yes, in_team=turn.team is not None, was_in_team=turn.known_to_team)
    )


async def press(turn: Turn, code: str) -> Reply:
    """Erase everything if the code is that of the question; ask otherwise."""
    person_id = turn.person.id
    if not code or not await confirmations.take(turn.tx, code, person_id, _ABOUT, turn.now):
        return await forget(turn, "")
    role = turn.team.role if turn.team else None
    if person_id in turn.configured_owners or not await _hand_over(turn, role):
        return Reply.staying(turn, screens.last_owner(turn._) if role else screens.is_configured(turn._))
    signature = turn.signature
    signed = (signature.name, signature.reason) if signature else ()
    turn.name_vault.forget(*list_texts(turn.draft), *signed)
    await erasure.erase(turn.tx, person_id, turn.now)
    until = await _leave_team(turn, role) if turn.known_to_team else None
    return Reply(screens.farewell(turn._, until), None, Draft(), erased=True, withdrew=signature is not None)


async def _leave_team(turn: Turn, role: Role | None) -> datetime | None:
    """Leave the team. Give the time until which audit entries keep their name; None if that time has passed."""
    name = (await team.find_names(turn.tx)).get(turn.person.id, "")
    until = await member_erasure.schedule(turn.tx, turn.person.id, turn.now)
    if role is not None and until is not None:
        await jobs.add(turn.tx, team.MENU, {}, turn.now, chat_id=turn.person.id)
        about = {"role": role, "name": name, "until": timestamps.to_text(until)}
        await jobs.tell(turn.tx, "member_forgotten", about, turn.now)
        await audit_log.add(turn.tx, turn.person.id, "team.forgotten", turn.now, before=role)
    return until


def list_texts(draft: Draft) -> tuple[str, ...]:
    """List the names and reasons in a draft, as they are stored."""
    undone = draft.undo.before if draft.undo and draft.undo.line != "country" else None
    return tuple(filter(None, (draft.name, draft.reason, draft.doubtful_name, undone)))


def deletes_text(draft: Draft, reply: Reply) -> bool:
    """Whether a name or reason, in the `draft` before this reply or elsewhere, is no longer stored."""
    texts = set(list_texts(draft)) - set(list_texts(reply.draft))
    return reply.deleted_text or (bool(texts) and reply.funnel_step != "signed")  # a signature keeps them


async def _hand_over(turn: Turn, role: Role | None) -> bool:
    """Hand a member's unfinished work to an owner who stays. False if there is no such owner."""
    if role is None:
        return True
    await team.lock(turn.tx)
    members = await team.find_members(turn.tx, turn.configured_owners)
    # An id in the settings that has never written to the bot may belong to nobody.
    owners = [each for each in list_at_least(members, "owner", but=turn.person.id) if each.joined_at is not None]
    if not owners:
        return role != "owner"
    await team.hand_over(turn.tx, turn.person.id, owners[0].id)
    return True
