"""Changing a broadcast that was sent: adding a language, or deleting it for everyone."""

from dataclasses import replace

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.tally import Tally
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.screens import callbacks, rounded_counts
from chatbot.screens.organizer.broadcasts.composing import pair
from chatbot.screens.organizer.broadcasts.report import counted, is_asleep_shown, is_rounded
from chatbot.screens.organizer.broadcasts.summary import facts
from chatbot.screens.screen import Press, Screen


def ask_recall(_: Translator, broadcast: Broadcast, tally: Tally, *, too_old: bool, lost: int = 0) -> Screen:
    """Ask for confirmation before it is deleted in all chats; warn where Telegram no longer allows that.

    `lost` corrections of it and additions to it, drafts or scheduled, are discarded.
    """
    number, people = broadcast.id, tally.count("sent")
    chats = _.plural("{count} chat", "{count} chats", people)
    if is_rounded(broadcast, tally):
        chats = _("every chat that has it")
    elif broadcast.is_in_places and not people:
        chats = _("channels and groups")
    elif broadcast.is_in_places:
        chats = _.plural(
            "{count} chat, and in channels and groups", "{count} chats, and in channels and groups", people
        )
    text = _(
        "🗑 <b>Delete it for everyone?</b>\n\nIt's deleted in {chats}, and removed from /updates. Those who have read "
        "it have read it, and those who blocked me or erased their data keep it. You can pause the deletion, but not "
        "undo it.",
        chats=chats,
    )
    label = _.label("🗑 Yes, delete it for {count}", count=counted(_, broadcast, tally, people))
    if not people and not is_rounded(broadcast, tally):
        label = _.label("🗑 Yes, delete it there")
    if not (tally.held or broadcast.is_by_signature or broadcast.is_in_places):
        text = _(
            "🗑 <b>Stop it and remove it from /updates?</b>\n\nNobody has it yet, and nobody gets it any more. You "
            "can't undo that."
        )
        label = _.label("🗑 Yes, nobody gets it")
    elif too_old:
        text = _(
            "🗑 <b>Remove it from /updates?</b>\n\nIt's older than 48 hours, so Telegram no longer lets me delete it in "
            "people's chats: those who have it keep it. A correction still reaches every chat."
        )
        label = _.label("🗑 Remove it from the updates")
    correct = Press(
        _.label("✏️ Correct it instead"), callbacks.BROADCAST("correct", number), "primary" if too_old else "plain"
    )
    lines = [
        *facts(_, replace(broadcast, kind="recall"), broadcast.count_reached(tally)),
        *_asleep(_, broadcast, tally),
    ]
    if lost:
        lines.append(
            _.plural(
                "📝 {count} correction or further language, not sent yet, is discarded with it.",
                "📝 {count} corrections or further languages, not sent yet, are discarded with it.",
                lost,
            )
        )
    return Screen(
        Markup("\n\n").join((text, Markup("\n").join(lines))),
        (
            (Press(label, callbacks.BROADCAST("takeback", number), "plain" if too_old else "danger"),),
            (correct,),
            (Press(_.label("‹ Never mind"), callbacks.BROADCAST("open", number)),),
        ),
    )


def _asleep(_: Translator, broadcast: Broadcast, tally: Tally) -> list[Markup]:
    """Say that those who wait for their morning get nothing."""
    if not is_asleep_shown(broadcast, tally):
        return []
    count = rounded_counts.about(_, tally.asleep)
    return [_("🌙 waiting for their morning: {count}. They don't get it.", count=count)]


def choose_language(_: Translator, campaign: Campaign, broadcast: Broadcast) -> Screen:
    """Offer the languages without a post."""
    buttons = [
        Press(f"➕ {_.language_name(each)}", callbacks.BROADCAST("add", broadcast.id, each))
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
