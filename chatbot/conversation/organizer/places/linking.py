"""Linking a channel or group: Telegram's own list of them, and what the organizer chose there."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from chatbot.conversation.audit import note
from chatbot.conversation.interface import SharedChat
from chatbot.conversation.organizer.places.showing import show_place
from chatbot.conversation.step_names import StepName
from chatbot.conversation.turn import Reply, Step, Turn
from chatbot.petition.team import is_at_least
from chatbot.screens.organizer.places import places as screens
from chatbot.storage.places import places


async def ask_chat(turn: Turn) -> Reply:
    """Ask which one to link. The question has buttons below the message field, so it is a message of its own."""
    return replace(Reply(screens.ask_chat(turn._), "place", turn.draft), below=True)


async def _leave(turn: Turn, _text: str) -> Reply:
    return Reply.done_writing(turn, screens.not_linked(turn._))


def is_declined(turn: Turn, text: str) -> bool:
    """Whether a member typed the last button below the message field: it may still be there, at whatever step."""
    if turn.team is None or not is_at_least(turn.team.role, "organizer"):
        return False
    return text.strip() in [screens.decline_label(each) for each in turn.translators.values()]


def decline(turn: Turn, open_question: Reply | None) -> Reply:
    """Take the buttons away, and go on with the question that is open since."""
    told = screens.not_linked(turn._)
    if open_question is None:
        return Reply.done_writing(turn, told)
    return replace(open_question, first=(told, *open_question.first))


def take_list_away(turn: Turn, reply: Reply) -> Reply:
    """Take the buttons below the message field away, since something else is shown."""
    screens_shown = [each for each in (*reply.first, reply.screen) if each is not None]
    if reply.erased or not screens_shown or any(each.removes_keyboard for each in screens_shown):
        return reply
    return replace(reply, first=(screens.not_linked(turn._), *reply.first))


async def link(turn: Turn, shared: SharedChat) -> Reply:
    """Link what the organizer chose, in the language of the organizer."""
    title = shared.title or "…"
    place = await places.link(turn.tx, shared.chat_id, shared.kind, title, turn.language, turn.person.id, turn.now)
    if place is not None:
        await note(turn, "place.linked", title=place.title, kind=place.kind)
        told = screens.linked(turn._, place.title)
    else:
        place = await places.find_by_chat(turn.tx, shared.chat_id)
        if place is None:
            return Reply.done_writing(turn, screens.too_many(turn._, places.MOST))
        # The choice gave the rights. Telegram tells of rights for a day only, and the bot may have missed it.
        if await places.set_trouble(turn.tx, place.code, None, turn.now):
            place = replace(place, trouble=None, trouble_at=None)
        told = screens.linked_before(turn._, place.title)
    reply = await show_place(turn, place)
    return replace(Reply.done_writing(turn, reply.screen), first=(told,))


STEPS: Final[Mapping[StepName, Step]] = {"place": Step(_leave, ask_chat, _leave, ("idle",), needs="organizer")}
