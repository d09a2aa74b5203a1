"""Links of the team, and their QR codes."""

from typing import Any

from markupsafe import Markup

from chatbot.i18n import Translator
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


def show_link(_: Translator, name: str, link: str) -> Screen:
    """Show a link, to copy and as a QR code."""
    text = _(
        "🔗 <b>{name}</b>\n{link}\n\nWho comes through it and signs is counted under Sources. "
        "Links can have Latin letters, digits, - and _ only, so I write the name that way.",
        name=name,
        link=link,
    )
    return Screen(
        text,
        (
            (Press(_.label("▦ As a QR code"), callbacks.LINK("qr", name), "primary"),),
            (Copy(_.label("📋 Copy the link"), link),),
            (Press(_.label("➕ Another link"), callbacks.LINK("new")), _to_sources(_)),
        ),
    )


def being_drawn(_: Translator) -> str:
    """Notice: the job will send it. Plain text."""
    return _.label("🖌 Your chart is on its way.")


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
