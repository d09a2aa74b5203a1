"""Messages about how many signed through the reader's link."""

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.screens import callbacks
from chatbot.screens.context import way_back
from chatbot.screens.screen import Press, Screen


def tell(_: Translator, count: int) -> Screen:
    """Tell somebody how many signed through their link."""
    text = _.plural(
        "🌱 <b>{count}</b> person has signed through your link. Thank you for passing it on.",
        "🌱 <b>{count}</b> people have signed through your link. Thank you for passing it on.",
        count,
    )
    share = Press(_.label("📣 Share the petition"), callbacks.SHARE(callbacks.BELOW), "primary")
    mute = Press(_.label("🔕 No more of these messages"), callbacks.FRIENDS("mute"))
    return Screen(text, ((share,), (mute,)), silent=True)


def muted(_: Translator) -> Screen:
    """Confirm that the messages stop."""
    text = _("🔕 Done. I won't write to you about your link any more. The number is under /me.")
    return Screen(text, ((Press(_.label("🔔 Tell me again"), callbacks.FRIENDS("unmute")),), (way_back(_),)))


def unmuted(_: Translator) -> Screen:
    """Confirm that the messages come again."""
    text = _("🔔 Done. I'll write to you when 1, 3, 10 and 100 people have signed through your link.")
    mute = Press(_.label("🔕 No more of these messages"), callbacks.FRIENDS("mute"))
    return Screen(text, ((mute,), (way_back(_),)))


def about(_: Translator, line: Markup) -> Markup:
    """Say below the number what it is."""
    return _("{line}\n<i>Counted once a day. Nobody is told who it was, not even you.</i>", line=line)


def switch(_: Translator, *, hears: bool) -> Press:
    """Return the button under /me that stops the messages, or starts them again."""
    label = _.label("☑ Tell me when friends sign") if hears else _.label("☐ Tell me when friends sign")
    return Press(label, callbacks.FRIENDS("mute" if hears else "unmute", callbacks.ME))
