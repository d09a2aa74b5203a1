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
    for milestone in turn.status.list_ahead(turn.campaign, turn.total):
        for language, post in broadcast.posts.items():
            words = turn.translators.get(language)
            if words is not None and screens.first_line(words, milestone) in post.text:
                warning = screens.is_overtaken(turn._, milestone, turn.total)
                return replace(screen, text=Markup("\n\n").join((screen.text, warning)))
    return screen
