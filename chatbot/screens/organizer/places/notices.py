"""Notices to the team about linked channels and groups."""

from typing import Final

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.job import JobDetails
from chatbot.screens.organizer.places.places import shorten, way_to_places
from chatbot.screens.screen import Screen


def _write(_: Translator, text: Markup) -> Screen:
    return Screen(text, (way_to_places(_),))


def _title(details: JobDetails) -> str:
    return shorten(str(details["title"]))


def rights_lost(_: Translator, details: JobDetails) -> Screen:
    text = _(
        "⚠️ I may no longer post in “{title}”: an admin there took the right away. Give it back, and I go on.",
        title=_title(details),
    )
    return _write(_, text)


def removed(_: Translator, details: JobDetails) -> Screen:
    text = _("⚠️ I was removed from “{title}”. Add me again as an admin there, and I go on.", title=_title(details))
    return _write(_, text)


def back(_: Translator, details: JobDetails) -> Screen:
    return _write(_, _("✅ I may post in “{title}” again.", title=_title(details)))


def grown(_: Translator, details: JobDetails) -> Screen:
    text = _("👥 “{title}” is a supergroup now, and stays linked.", title=_title(details))
    if details["card"]:
        text += "\n" + _("Its pinned card remained in the old group: pin a new one.")
    return _write(_, text)


def refused(_: Translator, details: JobDetails) -> Screen:
    text = _(
        "⚠️ Telegram refuses my posts in “{title}”. Please see whether I am still an admin there. If it refuses them on "
        "another day too, I unlink it.",
        title=_title(details),
    )
    return _write(_, text)


def all_refused(_: Translator, _details: JobDetails) -> Screen:
    text = _(
        "⚠️ Telegram refuses my posts in all linked channels and groups. That is probably Telegram's own trouble: I "
        "keep everything linked and try again with the next post."
    )
    return _write(_, text)


def unlinked(_: Translator, details: JobDetails) -> Screen:
    text = _(
        "🔌 I have unlinked “{title}”: Telegram refused my posts there on two days. Link it again once I am an admin "
        "there.",
        title=_title(details),
    )
    return _write(_, text)


def card_pinned(_: Translator, details: JobDetails) -> Screen:
    return _write(_, _("📌 The card is pinned in “{title}”, and its number follows.", title=_title(details)))


def card_refused(_: Translator, details: JobDetails) -> Screen:
    text = _("⚠️ Telegram does not let me post in “{title}”, so no card is pinned there.", title=_title(details))
    return _write(_, text)


def card_not_pinned(_: Translator, details: JobDetails) -> Screen:
    text = _(
        "⚠️ The card is in “{title}”, but I may not pin it. Pin it yourself: its number follows all the same.",
        title=_title(details),
    )
    return _write(_, text)


def card_unsure(_: Translator, details: JobDetails) -> Screen:
    text = _(
        "⚠️ I was interrupted and do not know whether the card is in “{title}”. Please look there. If it is not, pin it "
        "again; if it is, delete it first.",
        title=_title(details),
    )
    return _write(_, text)


NOTICES: Final = {
    "place_rights": rights_lost,
    "place_removed": removed,
    "place_back": back,
    "place_grown": grown,
    "place_refused": refused,
    "places_refused": all_refused,
    "place_unlinked": unlinked,
    "place_card_pinned": card_pinned,
    "place_card_refused": card_refused,
    "place_card_not_pinned": card_not_pinned,
    "place_card_unsure": card_unsure,
}
"""By the kind of notice, as `refusals` and the jobs about cards give it."""
