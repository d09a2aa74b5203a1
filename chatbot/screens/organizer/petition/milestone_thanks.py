"""Prepared broadcasts: the thanks for a milestone, which organizers may change, and why there are none."""

from urllib.parse import quote, urlencode

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.post import Post, PostButton
from chatbot.petition.model import CampaignWords
from chatbot.screens import callbacks
from chatbot.screens.screen import Press, Screen


def thank_for(_: Translator, words: CampaignWords, milestone: int, bot_link: str) -> Post:
    """Return the post in one language, with a share button."""
    parts = (
        _("🎉 <b>We are {milestone} now.</b>", milestone=_.number(milestone)),
        _(
            "Thank you. {milestone} people have put their names to “{title}”.",
            milestone=_.number(milestone),
            title=words.title,
        ),
        _("{thanks}", thanks=words.thanks_milestone) if words.thanks_milestone else None,
        _("Will you tell one more friend?"),
    )
    text = Markup("\n\n").join(part for part in parts if part)
    link = f"https://t.me/share/url?{urlencode({'url': bot_link, 'text': words.share_text}, quote_via=quote)}"
    return Post(text, button=PostButton(_.label("📣 Share the petition"), link))


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
