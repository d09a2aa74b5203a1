"""What is stored beside the step of a person: the answers of a signature, and what an organizer is writing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from chatbot.conversation.interface import Event, Heard, Pressed, Said
from chatbot.conversation.step_names import is_own_data_step, is_signing_step, is_team_question
from chatbot.conversation.turn import Reply
from chatbot.petition import retention
from chatbot.petition.signing.draft import Draft
from chatbot.storage.people.question_messages import NO_BUTTONS, QuestionButtons

BROADCAST: Final = "broadcast"
"""Key of the draft that holds the id of the broadcast an organizer is writing."""
LANGUAGE: Final = "language"
"""Key of the draft that holds the language of the text an organizer is asked for."""
ORDER: Final = "order"
"""Key of the draft that holds what the step is about: see `Turn.order`."""
INTERRUPTED: Final = "interrupted"
"""Key of the draft that says that something else was shown after a question to an organizer."""
TYPED: Final = "typed"
"""Key of the draft that holds what was typed then."""
PARTS: Final = "parts"
"""Key of the draft that names the album or the split text of which a part was refused."""


def write(reply: Reply) -> dict[str, str | int]:
    """Return what is stored beside the step: the signature's answers, and what an organizer is writing."""
    written = {
        BROADCAST: reply.broadcast_id,
        LANGUAGE: reply.writing_language,
        PARTS: reply.refused_parts,
        INTERRUPTED: 1 if reply.interrupted and is_team_question(reply.step) else 0,
        TYPED: reply.typed,
        ORDER: reply.order,
    }
    kept = {key: value for key, value in written.items() if value}
    return reply.draft.to_mapping() | kept | reply.buttons.to_mapping()


def follow_question(stored: Mapping[str, object], reply: Reply, heard: Heard) -> Reply:
    """Note where the question of the reply stands, and which buttons it makes outdated.

    A tap elsewhere, in an older message, leaves the buttons of a question that is still open.
    """
    asks = is_signing_step(reply.step) or is_own_data_step(reply.step)
    if not asks and not stored:
        return reply  # there was no question either
    buttons = QuestionButtons.from_mapping(stored)
    if reply.screen is None:
        return replace(reply, buttons=buttons)
    is_tap = isinstance(heard.event, Pressed)
    if buttons.asked_by == heard.update_id and isinstance(heard.event, Said) and heard.event.message_id:
        # It comes again: a process was killed before it knew where it asked, in a quiet bot in the next message.
        buttons = replace(buttons, asked_in=buttons.asked_in or (heard.event.message_id + 1,))
    buttons = buttons.move_on(
        heard.update_id,
        replaced=reply.find_replaced(heard.event),
        asks=asks,
        leaves=reply.step is None and not reply.draft.has_begun if is_tap else asks or reply.step is None,
    )
    if asks:
        return replace(reply, draft=_note_asked_after(reply.draft, heard.event), buttons=buttons)
    return reply if buttons is NO_BUTTONS else replace(reply, buttons=buttons)


def _note_asked_after(draft: Draft, event: Event) -> Draft:
    """Note where a question stands in the chat: in the message they tapped, or after the one they wrote."""
    if not isinstance(event, Said | Pressed) or event.message_id is None:
        return draft
    return replace(draft, asked_after=max(draft.asked_after or 0, event.message_id))


def drop_late(draft: Draft, now: datetime) -> Draft:
    """Forget how to undo a change after a day."""
    if draft.undo and not (draft.asked_at and retention.is_recent(draft.asked_at, now, retention.DRAFTS)):
        return replace(draft, undo=None, asked_at=None)
    return draft
