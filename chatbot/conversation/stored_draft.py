"""What is stored beside the step of a person: the answers of a signature, and what an organizer is writing."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from chatbot.conversation.interface import Event, Pressed, Said
from chatbot.conversation.step_names import is_team_question
from chatbot.conversation.turn import Reply
from chatbot.petition import retention
from chatbot.petition.signing.draft import Draft

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
    return reply.draft.to_mapping() | {key: value for key, value in written.items() if value}


def note_asked_after(draft: Draft, event: Event) -> Draft:
    """Note where a question stands in the chat: in the message they tapped, or after the one they wrote."""
    if not isinstance(event, Said | Pressed) or event.message_id is None:
        return draft
    return replace(draft, asked_after=max(draft.asked_after or 0, event.message_id))


def drop_late(draft: Draft, now: datetime) -> Draft:
    """Forget how to undo a change after a day."""
    if draft.undo and not (draft.asked_at and retention.is_recent(draft.asked_at, now, retention.DRAFTS)):
        return replace(draft, undo=None, asked_at=None)
    return draft
