"""What organizers read about the posts of a broadcast to channels and groups: what is planned, and what became of it.

Places are named, never counted as people.
"""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.place import choose_language
from chatbot.petition.broadcasts.place_delivery import PlaceDelivery
from chatbot.petition.broadcasts.rest import Recall, list_keeping_places
from chatbot.petition.model import Campaign
from chatbot.screens.organizer.places.places import shorten

_NAMED: Final = 8
_LISTED: Final = 20


def planned(_: Translator, broadcast: Broadcast) -> list[Markup]:
    """Say where it goes as well, or for a correction or deletion, where it is; and which places are left out."""
    if broadcast.kind != "update":
        there = [each for each in broadcast.places if each.is_there or each.message_id is not None]
        return [_("📡 also in {places}", places=name(_, there))] if there else []
    if broadcast.started_at is not None:
        there = [each for each in broadcast.places if each.is_there]
        lacking = [each for each in broadcast.places if each.is_open]
        lines = [_("📡 also in {places}", places=name(_, there))] if there else []
        return [*lines, *([_("📡 not yet in {places}", places=name(_, lacking))] if lacking else [])]
    going = [each for each in broadcast.places if each.state == "waiting"]
    lines = [_("📡 also in {places}", places=name(_, going))] if going else []
    left_out = [each for each in broadcast.places if each.state == "skipped"]
    return [*lines, *(_outcome(_, broadcast, each) for each in left_out)]


def unwritten(_: Translator, campaign: Campaign, broadcast: Broadcast) -> list[Markup]:
    """Say which of the chosen places get nothing, because it has no words for them."""
    if broadcast.kind != "update" or broadcast.started_at is not None:
        return []
    going = [each for each in broadcast.places if each.state == "waiting"]
    without = [each for each in going if choose_language(broadcast, each.language, campaign) is None]
    return [_("📡 nothing in their language for {places}", places=name(_, without))] if without else []


def count_done(_: Translator, broadcast: Broadcast) -> list[Markup]:
    """Say how far it is with its places."""
    if not broadcast.places:
        return []
    done, total = sum(each.state == "sent" for each in broadcast.places), len(broadcast.places)
    return [_("📡 channels and groups: {done} of {total}", done=_.number(done), total=_.number(total))]


def became(_: Translator, broadcast: Broadcast) -> Markup | None:
    """Say what became of it in each place; those without it come first. None if it went to none."""
    if not broadcast.places:
        return None
    ordered = sorted(broadcast.places, key=lambda each: each.state == "sent")
    lines = [_outcome(_, broadcast, each) for each in ordered[:_LISTED]]
    if (more := len(ordered) - _LISTED) > 0:
        lines.append(_("… and {more} more", more=_.number(more)))
    head = _("📡 <b>Channels and groups</b>")
    if broadcast.recalled_at is not None:
        head = _("📡 <b>Channels and groups, before the deletion</b>")
    return Markup("\n").join((head, *lines))


def kept(_: Translator, broadcast: Broadcast, recall: Recall) -> list[Markup]:
    """Say which places keep a recalled broadcast."""
    places = list_keeping_places(broadcast, recall.broadcast)
    return [_("📡 still in {places}", places=name(_, places))] if places else []


def name(_: Translator, places: Sequence[PlaceDelivery]) -> str:
    """Name a few places and count the others."""
    names = [_.isolate(shorten(each.title)) for each in places[:_NAMED]]
    if more := len(places) - len(names):
        return _.label("{places} and {more} more", places=_.row(names), more=_.number(more))
    return _.join(names)


def _outcome(_: Translator, broadcast: Broadcast, place: PlaceDelivery) -> Markup:
    """Say what became of it in one place."""
    title = shorten(place.title)
    match place.state, place.reason:
        case "sent", _reason:
            return _("✅ {place}", place=title)
        case "waiting" | "sending", _reason:
            if broadcast.ended_at is not None and place.state == "waiting":
                return _("✖ {place}: it was stopped before", place=title)
            return _("⏳ {place}", place=title)
        case "unknown", _reason:
            return _("❓ {place}: nobody knows whether it arrived. Please look there.", place=title)
        case "skipped", "paused":
            return _("⏸ {place}: left out, because it's paused", place=title)
        case "skipped", "unlinked":
            return _("🔗 {place}: left out, because it isn't linked any more", place=title)
        case "skipped", "no_words":
            return _("🌐 {place}: nothing in its language", place=title)
        case _state, "removed":
            return _("🚪 {place}: I am not there any more", place=title)
        case _state, "rights":
            return _("🚪 {place}: I may not post there any more", place=title)
        case _state, "moved":
            return _("🚪 {place}: it became a supergroup. Please try again.", place=title)
        case _state, "message_gone":
            return _("🚪 {place}: the message was deleted there", place=title)
        case _state, "too_old":
            return _("⚠️ {place}: too old to change", place=title)
        case _state, "content":
            return _("⚠️ {place}: Telegram refuses it there", place=title)
        case _state, "flood":
            return _("⚠️ {place}: too many messages there. Please try again later.", place=title)
    return _("⚠️ {place}: failed", place=title)
