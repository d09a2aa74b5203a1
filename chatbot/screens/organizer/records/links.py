"""Links of the team, and their QR codes."""

from typing import Any

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.exports.request import ExportRequest, to_code
from chatbot.petition.languages import Language
from chatbot.petition.model import CampaignWords
from chatbot.screens import callbacks
from chatbot.screens.screen import Copy, Press, Screen


def ask_name(_: Translator, problem: Markup | None = None) -> Screen:
    """Ask what the link is for."""
    question = _(
        "🔗 <b>A link of its own</b>\n\nWhere will people find it? Send me a word or two, for example: flyer. "
        "I count who signs through it."
    )
    text = Markup("\n\n").join(part for part in (problem, question) if part)
    return Screen(text, ((_to_sources(_),),))


def bad_name(_: Translator) -> Markup:
    """Say that nothing of the typed name can stand in a link."""
    return _("⚠️ I cannot make a link of that. Please send a word of letters or digits.")


def show_link(_: Translator, name: str, link: str, *, is_open: bool) -> Screen:
    """Show a link, to copy, as a QR code and, while people can sign, as a poster."""
    text = _(
        "🔗 <b>{name}</b>\n{link}\n\nWho comes through it and signs is counted under Sources. "
        "Links can have Latin letters, digits, - and _ only, so I write the name that way.",
        name=name,
        link=link,
    )
    if not is_open:
        text = _(
            "🔗 <b>{name}</b>\n{link}\n\n🔒 Signing has closed: the link shows the petition, and counts nobody unless "
            "it is reopened. Links can have Latin letters, digits, - and _ only, so I write the name that way.",
            name=name,
            link=link,
        )
    poster = (Press(_.label("🖨 As a poster"), callbacks.LINK("poster", name)),) if is_open else ()
    return Screen(
        text,
        (
            (Press(_.label("▦ As a QR code"), callbacks.LINK("qr", name), "primary"), *poster),
            (Copy(_.label("📋 Copy the link"), link),),
            (Press(_.label("➕ Another link"), callbacks.LINK("new")), _to_sources(_)),
        ),
    )


def being_drawn(_: Translator) -> str:
    """Notice: the job will send it. Plain text."""
    return _.label("▦ Your QR code is on its way.")


def choose_poster(_: Translator, name: str, *, is_delivered: bool) -> Screen:
    """Ask for the language of a poster: of one to deliver the petition with, or of one of a link."""
    text = _(
        "🖨 <b>A poster to print</b>\n\nOne A4 page with the title, why it matters, and a QR code. Who signs through it "
        "is counted as “{name}”.\n\n<b>Which language?</b>",
        name=name,
    )
    rows = [(Press(_.language_name(each), callbacks.LINK("print", each, name)),) for each in _.languages]
    delivery = callbacks.EXPORT("show", to_code(ExportRequest("delivery", "pdf", _.language)))
    back = Press(_.label("‹ Back"), delivery) if is_delivered else _to_sources(_)
    return Screen(text, (*rows, (back,)))


def poster_follows(_: Translator) -> str:
    """Notice: the job will send it. Plain text."""
    return _.label("🖨 Your poster is on its way.")


def no_poster(_: Translator) -> str:
    """Notice: after the end, nobody is asked to sign. Plain text."""
    return _.label("Signing has closed, so there is no poster.")


def describe_poster(_: Translator, words: CampaignWords, link: str) -> dict[str, Any]:
    """Describe the poster, which `chatbot.documents.poster` makes. No number is on it: it hangs for months."""
    return {
        "language": _.language,
        "direction": _.direction,
        "title": words.title,
        "lead": words.lead or "",
        "call": _.label("Sign in Telegram. It takes a minute."),
        "scan": _.label("Point your phone's camera at the code, or open:"),
        "link": link,
        "address": link.removeprefix("https://").partition("?")[0],
        "name": words.bot_name,
        "foot": _.label("To {addressee}", addressee=words.addressee),
    }


def caption_of_poster(_: Translator, language: Language, name: str) -> Markup:
    """Write the caption of a poster."""
    if _.is_alone:
        return _("🖨 A4 poster. Who signs through it is counted as “{name}”.", name=name)
    return _(
        "🖨 A4 poster, {language}. Who signs through it is counted as “{name}”.",
        language=_.language_name(language),
        name=name,
    )


def left(_: Translator) -> Screen:
    """Confirm that no link was made."""
    return Screen(_("All right, no link was made."), ((_to_sources(_),),))


def describe_qr_code(_: Translator, title: str, link: str) -> dict[str, Any]:
    """Describe the picture, which `chatbot.documents.charts` draws."""
    return {
        "kind": "qr",
        "direction": _.direction,
        "heading": title,
        "link": link,
        "foot": link.removeprefix("https://"),
    }


def caption(_: Translator, link: str) -> Markup:
    """Write the caption of a QR code."""
    return _("▦ {link}", link=link)


def _to_sources(_: Translator) -> Press:
    return Press(_.label("🔗 Sources"), callbacks.STATISTICS("source", "all"))
