"""Thanks for a milestone that were prepared, and are not true any more: fewer people count now."""

from dataclasses import replace

from markupsafe import Markup

from chatbot.conversation.turn import Turn
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.screens.organizer.petition import milestone_thanks as screens
from chatbot.screens.screen import Screen


def warn(turn: Turn, broadcast: Broadcast, screen: Screen) -> Screen:
    """Warn below a screen if a broadcast that was not sent begins as thanks for a milestone above the total."""
    if broadcast.started_at is not None:
        return screen
    ahead = turn.status.list_ahead(turn.campaign, turn.total)
    thanks = screens.find_overtaken(turn.translators, ahead, turn.total, broadcast)
    if thanks is None:
        return screen
    return replace(screen, text=Markup("\n\n").join((screen.text, screens.is_overtaken(turn._, thanks))))
