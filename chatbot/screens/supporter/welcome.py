"""The welcome: what the petition is, its progress, and the way to sign."""

from dataclasses import replace

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.languages import Language
from chatbot.petition.lifecycle import PetitionStatus, choose_words
from chatbot.petition.model import Campaign
from chatbot.screens import callbacks
from chatbot.screens.context import (
    ReaderContext,
    ending_line,
    friends_line,
    goal_line,
    signed_line,
    stated,
    way_on,
    way_to_action,
    way_to_updates,
)
from chatbot.screens.languages import way_to_language
from chatbot.screens.screen import ButtonRow, Press, Screen, Style


def welcome(_: Translator, campaign: Campaign, language: Language, signed_here: int, reader: ReaderContext) -> Screen:
    """Show why the petition matters, and its progress. `signed_here` counts the signatures in this bot."""
    words = campaign.words[language]
    total = campaign.carried_over + signed_here
    parts = [
        _("<b>{title}</b>", title=words.title),
        _("{lead}", lead=words.lead) if words.lead and reader.is_open else None,
        ending_line(_, reader, total),
        stated(_, reader.status),
        _count(_, campaign, signed_here, reader),
        _answer(_, reader.status, language, words.addressee),
        _state(_, reader),
        _(
            "<i>To: {addressee}</i>\n<i>Started by {starter} · {date}</i>",
            addressee=words.addressee,
            starter=words.starter,
            date=_.date(campaign.started_on),
        ),
    ]
    rows: list[ButtonRow] = [
        way_on(_, reader),
        *_ways_around(_, reader),
        way_to_language(_, language),
    ]
    return Screen(Markup("\n\n").join(part for part in parts if part), tuple(row for row in rows if row))


def _ways_around(_: Translator, reader: ReaderContext) -> list[ButtonRow]:
    """Return the buttons below the main one: reading, updates and sharing."""
    read = Press(_.label("📖 Read the appeal"), callbacks.READ(1))
    updates = Press(_.label("📰 Updates"), callbacks.UPDATES(1))
    share = Press(_.label("📣 Share"), callbacks.SHARE)
    if reader.number is not None:
        style: Style = "plain" if reader.is_open else "primary"  # while it is open, sharing is the main button
        return [way_to_action(_, reader), way_to_updates(_, reader, style), (read, updates)]
    if reader.is_open:
        return [(read,), (updates, share)]
    # With nothing left to sign, the updates are the main button.
    if reader.subscription_language is None:
        updates = replace(updates, style="primary")
    return [(updates,), (read, share)]


def _count(_: Translator, campaign: Campaign, signed_here: int, reader: ReaderContext) -> Markup:
    total = campaign.carried_over + signed_here
    lines = [_.plural("<b>{count}</b> supporter", "<b>{count}</b> supporters", total)]
    if not reader.is_open and reader.status.ending != "victory":
        lines = []  # the line about the end has the count
    if campaign.carried_over:
        lines.append(
            _(
                "{before} on {platform} + {here} here",
                before=_.number(campaign.carried_over),
                platform=_unlinked(campaign.carried_over_from),
                here=_.number(signed_here),
            )
        )
    if reader.is_open:
        # In words: a bar of signs would be read aloud sign by sign.
        lines.append(goal_line(_, total, reader.status.find_milestone(campaign, total)))
    return Markup("\n").join(lines)


def _answer(_: Translator, status: PetitionStatus, language: Language, addressee: str) -> Markup | None:
    """Quote the addressee's answer."""
    answer = choose_words(status.answer, language, _.languages)
    if answer is None:
        return None
    return Markup("\n").join((_("💬 <b>The answer</b> · {addressee}", addressee=addressee), answer))


def _unlinked(name: str) -> str:
    # Telegram links everything that looks like a domain; an invisible word joiner prevents that.
    return name.replace(".", "\u2060.")


def _state(_: Translator, reader: ReaderContext) -> Markup:
    if reader.number is not None:
        lines = (signed_line(_, reader.number), friends_line(_, reader))
        return Markup("\n").join(line for line in lines if line)
    if reader.status.ending == "victory":
        return _("Thank you to everyone who stood with us. You can still read the appeal and follow the updates.")
    if not reader.is_open:
        return _("You can still read the appeal and follow the updates.")
    if reader.drafting:
        return _("You haven't finished signing. Your answers are saved.")
    return _("Signing takes about a minute.")
