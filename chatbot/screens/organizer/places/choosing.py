"""Choosing the channels and groups that a broadcast goes to as well."""

from collections.abc import Sequence

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.place import Place
from chatbot.screens import callbacks
from chatbot.screens.organizer.places.places import shorten
from chatbot.screens.screen import ButtonRow, Press, Screen


def choose(_: Translator, broadcast: Broadcast, places: Sequence[Place]) -> Screen:
    """Choose the places a draft goes to as well."""
    text = _(
        "📡 <b>Post it in channels and groups, too?</b>\n\nIt's posted there at once when it goes out, also at night. "
        "Its button opens the bot, so nobody there sees who signs. It isn't posted anywhere that isn't ticked."
    )
    rows: list[ButtonRow] = []
    for place in places:
        is_chosen = place.code in broadcast.place_codes
        sign = ("✓ " if is_chosen else "") + ("" if place.takes_posts else "⏸ ")
        label = f"{sign}{_.isolate(shorten(place.title))}"
        if not _.is_alone:
            label = _.row((label, _.language_name(place.language)))
        action = callbacks.BROADCAST("place", broadcast.id, f"{'-' if is_chosen else '+'}{place.code}")
        rows.append((Press(label, action),))
    rows.append((Press(_.label("‹ Back"), callbacks.BROADCAST("review", broadcast.id)),))
    return Screen(text, tuple(rows))


def way_to_choose(_: Translator, broadcast: Broadcast) -> Press:
    """Return the button that chooses places."""
    label = _.label("📡 Channels and groups: none")
    if broadcast.place_codes:
        label = _.label("📡 Channels and groups: {count}", count=_.number(len(broadcast.place_codes)))
    return Press(label, callbacks.BROADCAST("places", broadcast.id))


def may_go_there(_: Translator) -> Markup:
    """Say that a prepared broadcast can be posted in places as well."""
    return _("📡 It can be posted in your channels and groups, too: tap their button below.")
