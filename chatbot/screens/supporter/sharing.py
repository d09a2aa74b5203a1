"""Sharing: the words that are shared, and a button for each place that the campaign names."""

from dataclasses import replace
from functools import lru_cache
from urllib.parse import quote

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign, CampaignWords
from chatbot.petition.text.share_targets import ShareTarget
from chatbot.screens.context import ReaderContext, friends_line, goal_line, signed_line, way_back, way_to_action
from chatbot.screens.languages import way_to_subscription_language
from chatbot.screens.screen import Button, ChooseChat, Copy, Link, Screen, pack
from chatbot.screens.supporter import subscription

_COPY_LIMIT = 256


def share(
    _: Translator,
    campaign: Campaign,
    link: str,
    total: int,
    reader: ReaderContext,
    *,
    joined: Language | None = None,
    offers_chats: bool = False,
) -> Screen:
    """Offer the prepared text and `link` (a deep link) everywhere.

    `offers_chats`: Telegram lists their own chats, and the card is posted in the one they choose; otherwise a link is.
    `joined`: they just subscribed in this language, below the thanks, which have their number.

    `total` counts all supporters. What is shared fits the state: after the end nobody is asked to sign.
    """
    words = campaign.words[_.language]
    text = _choose_text(_, words, total, reader)
    parts = (
        subscription.joined(_, joined) if joined else None if reader.number is None else signed_line(_, reader.number),
        friends_line(_, reader),
        _ask(_, campaign, total, reader),
        # As Telegram sends it: the link first.
        _("<blockquote>{link}\n{text}</blockquote>", text=text, link=link),
    )
    buttons = [
        ChooseChat(_.label("Share on Telegram"), "primary" if reader.is_open else "plain")
        if target == "telegram" and offers_chats
        else make_share_button(_, target, text, link, words.hashtag, reader)
        for target in words.share_to
    ]
    rows = (
        tuple(buttons[:1]),
        *pack(buttons[1:]),
        way_to_subscription_language(_, joined) if joined else (),
        way_to_action(_, reader),
        (way_back(_),),
    )
    return Screen(Markup("\n\n").join(part for part in parts if part), tuple(row for row in rows if row))


def add_hint_of_inline_mode(_: Translator, screen: Screen) -> Screen:
    """Tell somebody of the team, below the ways to share, what is not switched on."""
    hint = _(
        "⚙️ <i>Only the team sees this: with inline mode, the first button opens people's own chats and posts a card "
        "there, whose number follows. Send <code>/setinline</code> to @BotFather, and then "
        "<code>/setinlinefeedback</code> with 100%.</i>"
    )
    return replace(screen, text=Markup("\n\n").join((screen.text, hint)))


def _ask(_: Translator, campaign: Campaign, total: int, reader: ReaderContext) -> Markup:
    if reader.status.ending == "victory":
        return _("📣 <b>Pass on the good news.</b> Everyone who signed or shared has a part in it.")
    if not reader.is_open:
        return _("📣 <b>Let others know.</b> Every friend who knows helps.")
    lead = _("📣 <b>Pass it on.</b> Every friend who reads it helps.")
    if reader.number is not None:
        lead = _("📣 <b>Now pass it on.</b> One friend who signs doubles your voice.")
    return Markup("\n").join((lead, goal_line(_, total, reader.status.find_milestone(campaign, total))))


def _choose_text(_: Translator, words: CampaignWords, total: int, reader: ReaderContext) -> str:
    if reader.is_open:
        return words.share_text
    text = words.share_text_won if reader.status.ending == "victory" else words.share_text_closed
    return text.replace("{count}", _.number(total))


def make_share_button(
    _: Translator, target: ShareTarget, text: str, link: str, hashtag: str, reader: ReaderContext
) -> Button:
    """Return the button that shares a text and a link to a place."""
    match target:
        case "telegram":
            address = _address("https://t.me/share/url", url=link, text=text)
            return Link(_.label("Share on Telegram"), address, "primary" if reader.is_open else "plain")
        case "whatsapp":
            return Link("WhatsApp", _address("https://wa.me/", text=f"{text}\n{link}"))
        case "line":
            return Link("LINE", _address("https://line.me/R/share", text=f"{text}\n{link}"))
        case "x":
            return Link("X", _address("https://x.com/intent/post", text=text, url=link))
        case "facebook":
            base = "https://www.facebook.com/sharer/sharer.php"
            return Link("Facebook", _address(base, u=link, quote=text, **({"hashtag": hashtag} if hashtag else {})))
        case "copy":
            return Copy(_.label("📋 Copy message"), f"{text[: _COPY_LIMIT - len(link) - 1]}\n{link}")


def _address(base: str, **parameters: str) -> str:
    return f"{base}?{'&'.join(f'{name}={_quote(value)}' for name, value in parameters.items())}"


@lru_cache(maxsize=256)
def _quote(text: str) -> str:
    """Quote a value of an address. The text to share is the same for everybody, and long."""
    return quote(text, safe="")
