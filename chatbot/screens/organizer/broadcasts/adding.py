"""Adding a language to a sent broadcast."""

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.screens import callbacks
from chatbot.screens.organizer.broadcasts.composing import pair
from chatbot.screens.screen import Press, Screen


def choose_language(_: Translator, campaign: Campaign, broadcast: Broadcast) -> Screen:
    """Offer the languages without a post."""
    buttons = [
        Press(f"➕ {_.own_name(each)}", callbacks.BROADCAST("add", broadcast.id, each))
        for each in broadcast.list_missing(campaign)
    ]
    back = Press(_.label("‹ Never mind"), callbacks.BROADCAST("open", broadcast.id))
    text = _(
        "➕ <b>Which language would you like to add?</b>\n\nIt goes to readers of that language who "
        "don't have this update, and appears in /updates."
    )
    return Screen(text, (*pair(buttons), (back,)))


def way_to_add(_: Translator, broadcast: Broadcast, missing: list[Language]) -> Press:
    """Return the button that begins an addition."""
    if len(missing) == 1:
        label = _.label("➕ Add {language} …", language=_.language_name(missing[0]))
        return Press(label, callbacks.BROADCAST("add", broadcast.id, missing[0]))
    return Press(_.label("➕ Add another language …"), callbacks.BROADCAST("more", broadcast.id))
