"""The prepared broadcast that thanks subscribers for a milestone; organizers may change it."""

from urllib.parse import quote, urlencode

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.post import Post, PostButton
from chatbot.petition.model import CampaignWords


def thank_for(_: Translator, words: CampaignWords, milestone: int, bot_link: str) -> Post:
    """Return the post in one language, with a share button."""
    text = _(
        "🎉 <b>We are {milestone} now.</b>\n\nThank you. {milestone} people have put their names to “{title}” and will "
        "not look away. Those in danger are not alone.\n\nWill you tell one more friend?",
        milestone=_.number(milestone),
        title=words.title,
    )
    link = f"https://t.me/share/url?{urlencode({'url': bot_link, 'text': words.share_text}, quote_via=quote)}"
    return Post(text, button=PostButton(_.label("📣 Share the petition"), link))
