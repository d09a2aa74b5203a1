"""What is stored beside the step of a person: the answers of a signature, and what an organizer is writing."""

from typing import Final

from chatbot.conversation.step_names import is_team_question
from chatbot.conversation.turn import Reply

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
