"""Recalling a broadcast."""

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.screens import callbacks, rounded_counts
from chatbot.screens.screen import Press, Screen


def ask_recall(_: Translator, broadcast: Broadcast, people: int, *, too_old: bool) -> Screen:
    """Ask for confirmation before it is deleted in all chats; warn where Telegram no longer allows that."""
    number = broadcast.id
    chats = _.plural("{count} chat", "{count} chats", people)
    if broadcast.is_by_signature:
        chats = _("every chat that has it")
    text = _(
        "🗑 <b>Delete it for everyone?</b>\n\nIt's deleted in {chats}, and removed from /updates. Those who have read "
        "it have read it. You can pause the deletion, but not undo it.",
        chats=chats,
    )
    label = _.label("🗑 Yes, delete it for {count}", count=rounded_counts.people(_, broadcast, people))
    if too_old:
        text = _(
            "🗑 <b>Remove it from /updates?</b>\n\nIt's older than 48 hours, so Telegram no longer lets me delete it in "
            "people's chats: those who have it keep it. A correction still reaches every chat."
        )
        label = _.label("🗑 Remove it from the updates")
    correct = Press(
        _.label("✏️ Correct it instead"), callbacks.BROADCAST("correct", number), "primary" if too_old else "plain"
    )
    return Screen(
        text,
        (
            (Press(label, callbacks.BROADCAST("takeback", number), "plain" if too_old else "danger"),),
            (correct,),
            (Press(_.label("‹ Never mind"), callbacks.BROADCAST("open", number)),),
        ),
    )
