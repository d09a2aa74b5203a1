"""Posting an ended broadcast once more in channels and groups where it failed."""

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.place_delivery import PlaceDelivery
from chatbot.screens import callbacks
from chatbot.screens.organizer.broadcasts.ending import again_action
from chatbot.screens.organizer.broadcasts.summary import facts
from chatbot.screens.organizer.places.post_lines import name
from chatbot.screens.screen import ButtonRow, Press, Screen


def ask_again(
    _: Translator,
    broadcast: Broadcast,
    failed: Sequence[PlaceDelivery],
    unknown: Sequence[PlaceDelivery],
) -> Screen:
    """Ask before an ended broadcast is posted once more where it failed, or where nobody knows whether it arrived."""
    question = _("📡 <b>Post it again in channels and groups?</b>")
    if broadcast.kind == "correction":
        question = _("📡 <b>Correct it again in channels and groups?</b>")
    if broadcast.kind == "recall":
        question = _("📡 <b>Delete it again in channels and groups?</b>")
    about = broadcast
    if broadcast.kind != "update":  # where it is done, nothing happens
        about = replace(broadcast, places=(*failed, *unknown))
    parts = [question, Markup("\n").join(facts(_, about, None, now=True))]
    rows: list[ButtonRow] = []
    if failed:
        parts.append(_("Where it failed: {places}", places=name(_, failed)))
        rows.append(
            (_again(_, broadcast, _.label("✅ Yes, where it failed: {count}", count=_.number(len(failed))), "failed"),)
        )
    if unknown:
        asked = _(
            "Where it's unknown: {places}. Please look there first: if it's there, it would be there twice.",
            places=name(_, unknown),
        )
        if broadcast.kind != "update":
            asked = _(
                "Where it's unknown: {places}. It can be repeated: nothing is there twice.", places=name(_, unknown)
            )
        parts.append(asked)
        label = _.label("❓ Yes, where it's unknown: {count}", count=_.number(len(unknown)))
        rows.append((_again(_, broadcast, label, "unknown"),))
    is_new = broadcast.kind == "update"
    parts.append(_("People don't get it again.") if is_new else _("In people's chats nothing changes."))
    rows.append((Press(_.label("‹ Never mind"), callbacks.BROADCAST("open", broadcast.id)),))
    return Screen(Markup("\n\n").join(parts), tuple(rows))


def _again(_: Translator, broadcast: Broadcast, label: str, whose: str) -> Press:
    return Press(label, again_action(broadcast, whose, "repost"), "success" if whose == "failed" else "plain")


def goes_again(_: Translator) -> Screen:
    """Confirm that it is posted once more."""
    return Screen(_("🚀 <b>On its way to channels and groups.</b>\n\nYou can follow it below."))
