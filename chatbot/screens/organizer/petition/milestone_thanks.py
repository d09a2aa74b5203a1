"""Prepared broadcasts: the thanks for a milestone, which organizers may change, and why there are none."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.post import Post
from chatbot.petition.model import CampaignWords
from chatbot.screens import callbacks
from chatbot.screens.screen import Press, Screen


class Overtaken(NamedTuple):
    """Thanks that are not true any more: their milestone, and how many people count now."""

    milestone: int
    total: int


def find_overtaken(
    translators: Mapping[str, Translator], ahead: Iterable[int], total: int, broadcast: Broadcast
) -> Overtaken | None:
    """Tell whether a broadcast begins as thanks for a milestone that lies `ahead` of the total; None if it does not."""
    for milestone in ahead:
        for language, post in broadcast.posts.items():
            words = translators.get(language)
            if words is not None and first_line(words, milestone) in post.text:
                return Overtaken(milestone, total)
    return None


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


def is_overtaken(_: Translator, thanks: Overtaken) -> Markup:
    """Say above thanks that were prepared earlier that they are not true any more."""
    return _(
        "⚠️ <b>There are {total} supporters now</b>, fewer than the {milestone} in this text: signatures were excluded "
        "or withdrawn. Please change the text, or discard it.",
        total=_.number(thanks.total),
        milestone=_.number(thanks.milestone),
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
