"""Sharing: Telegram's share sheet, X, Facebook, and a copy button."""

from urllib.parse import quote, urlencode

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.languages import Language
from chatbot.petition.model import CampaignWords
from chatbot.screens.context import ReaderContext, signed_line, way_back
from chatbot.screens.languages import way_to_subscription_language
from chatbot.screens.screen import Copy, Link, Screen
from chatbot.screens.supporter import subscription

_COPY_LIMIT = 256


def share(
    _: Translator,
    words: CampaignWords,
    hashtag: str,
    link: str,
    reader: ReaderContext,
    *,
    joined: Language | None = None,
) -> Screen:
    """Offer the prepared text and `link` (a deep link) everywhere. `joined`: they just subscribed in this language."""
    signed = None if reader.number is None else signed_line(_, reader.number)
    lead = _("📣 <b>Carry it further.</b> Every friend who reads it counts.")
    if signed and reader.is_open:
        lead = _("📣 <b>Now carry it further.</b> One friend who signs doubles your voice.")
    if reader.status.ending == "victory":
        lead = _("📣 <b>Pass on the good news.</b> Everyone who signed or shared has a part in it.")
    ready = _("<blockquote>{text}\n{link}</blockquote>", text=words.share_text, link=link)
    told = subscription.joined(_, joined) if joined else None
    text = Markup("\n\n").join(part for part in (signed, told, lead, ready) if part)
    telegram = _address("https://t.me/share/url", url=link, text=words.share_text)
    x = _address("https://x.com/intent/post", text=words.share_text, url=link)
    facebook = _address("https://www.facebook.com/sharer/sharer.php", u=link, quote=words.share_text, hashtag=hashtag)
    copied = f"{words.share_text[: _COPY_LIMIT - len(link) - 1]}\n{link}"
    rows = (
        (Link(_.label("Share in Telegram"), telegram, "primary"),),
        (Link("X", x), Link("Facebook", facebook)),
        (Copy(_.label("📋 Copy text and link"), copied),),
        way_to_subscription_language(_, joined) if joined else (),
        (way_back(_),),
    )
    return Screen(text, tuple(row for row in rows if row))


def _address(base: str, **parameters: str) -> str:
    return f"{base}?{urlencode(parameters, quote_via=quote)}"
