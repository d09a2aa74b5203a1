"""Prepared broadcasts: the thanks for a milestone, which organizers may change, and why there are none."""

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.post import Post
from chatbot.petition.model import CampaignWords
from chatbot.screens import callbacks
from chatbot.screens.screen import Press, Screen


def thank_for(_: Translator, words: CampaignWords, milestone: int) -> Post:
    """Return the post in one language, which asks to share."""
    parts = (
        first_line(_, milestone),
        _(
            "Thank you. {milestone} people have put their names to “{title}”.",
            milestone=_.number(milestone),
            title=words.title,
        ),
        _("{thanks}", thanks=words.thanks_milestone) if words.thanks_milestone else None,
        _("Will you tell one more friend?"),
    )
    return Post(Markup("\n\n").join(part for part in parts if part))


def first_line(_: Translator, milestone: int) -> Markup:
    """Return what the thanks begin with, and are known by."""
    return _("🎉 <b>We are {milestone} now.</b>", milestone=_.number(milestone))


def is_overtaken(_: Translator, milestone: int, total: int) -> Markup:
    """Say above thanks that were prepared earlier that they are not true any more."""
    return _(
        "⚠️ <b>There are {total} supporters now</b>, fewer than the {milestone} in this text: signatures were excluded "
        "or withdrawn. Please change the text, or discard it.",
        total=_.number(total),
        milestone=_.number(milestone),
    )


def not_reached(_: Translator, milestone: int, total: int) -> Screen:
    """Say that thanks for this milestone would not be true."""
    text = _(
        "⚠️ <b>There are {total} supporters now</b>, fewer than {milestone}: signatures were excluded or withdrawn. "
        "So I have prepared no thanks. I tell you when {milestone} is reached again.",
        total=_.number(total),
        milestone=_.number(milestone),
    )
    return Screen(text, ((Press(_.label("📜 Manage the petition"), callbacks.STATUS("show")),),))


def no_words(_: Translator) -> str:
    return _.label("These words do not stand on the welcome any more.")
