"""Telling subscribers how the petition ended or was answered: before the decision, after it, and a prepared post."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.post import Post
from chatbot.petition.lifecycle import PetitionEnding, PetitionStatus, Told
from chatbot.petition.model import CampaignWords
from chatbot.screens import callbacks
from chatbot.screens.context import ReaderContext, ending_line
from chatbot.screens.screen import ButtonRow, Press


@dataclass(frozen=True, slots=True)
class Consequences:
    """What the end of the petition brings. `readers` are the subscribers who read a language of the words."""

    subscribers: int
    readers: int
    days: int
    """Days until names are erased."""
    gone_at: datetime
    prepared: tuple[Markup, ...] = ()
    """What is said of the updates that were prepared before."""


def foretell(_: Translator, ends: Consequences) -> tuple[Markup, ...]:
    """Say before the end who is written to by it, what goes out all the same, and what is erased when."""
    told = _("📣 Nobody is written to by this: nobody subscribes to updates.")
    if ends.subscribers and not ends.readers:
        told = _.plural(
            "📣 Nobody is written to by this. On the next screen you find a prepared update to {count} subscriber.",
            "📣 Nobody is written to by this. On the next screen you find a prepared update to {count} subscribers.",
            ends.subscribers,
        )
    elif ends.subscribers:
        told = _.plural(
            "📣 Nobody is written to by this. On the next screen you can send the words to {count} subscriber.",
            "📣 Nobody is written to by this. On the next screen you can send the words to {count} subscribers.",
            ends.readers,
        )
    gone = _.plural(
        "🗑 {count} day later, on {date}, names, reasons, Telegram ids and all subscriptions are erased: nobody can be "
        "written to any more. Until then: /export, /deliver.",
        "🗑 {count} days later, on {date}, names, reasons, Telegram ids and all subscriptions are erased: nobody can be "
        "written to any more. Until then: /export, /deliver.",
        ends.days,
        date=_.moment(ends.gone_at),
    )
    return told, *ends.prepared, gone


def say_prepared(_: Translator, scheduled: int, requested: int) -> tuple[Markup, ...]:
    """Say what goes out all the same, at its time or once it is approved."""
    lines = []
    if scheduled:
        lines.append(
            _.plural(
                "🕘 {count} update is scheduled, and this doesn't stop it: /scheduled",
                "🕘 {count} updates are scheduled, and this doesn't stop them: /scheduled",
                scheduled,
            )
        )
    if requested:
        lines.append(
            _.plural(
                "👀 {count} update waits for approval, and goes out all the same once it has it: /broadcast",
                "👀 {count} updates wait for approval, and go out all the same once they have it: /broadcast",
                requested,
            )
        )
    return tuple(lines)


def offer(_: Translator, told: Told, subscribers: int) -> tuple[ButtonRow, ...]:
    """Return the button to a prepared broadcast; without `subscribers` it goes to channels and groups only."""
    label = _.plural(
        "📣 Send these words to {count} subscriber …", "📣 Send these words to {count} subscribers …", subscribers
    )
    if told == "end":
        label = _.plural("📣 Tell {count} subscriber …", "📣 Tell {count} subscribers …", subscribers)
    text = str(label) if subscribers else _.label("📡 Post it in channels and groups …")
    return ((Press(text, callbacks.STATUS("tell", told), "primary"),),)


def nobody_to_tell(_: Translator) -> Markup:
    """Say why no update about the end is offered."""
    return _("📣 Nobody subscribes to updates, so there is nobody to write to.")


def tell_end(_: Translator, words: CampaignWords, ending: PetitionEnding, total: int) -> Post:
    """Return the post in one language that says how the petition ended, without words of the team."""
    parts = (
        _("<b>{title}</b>", title=words.title),
        ending_line(_, ReaderContext(is_open=False, status=PetitionStatus(ending)), total),
        _.plural("<b>{count}</b> supporter", "<b>{count}</b> supporters", total) if ending == "victory" else None,
        _("Thank you to everyone who stood with us."),
    )
    return Post(Markup("\n\n").join(part for part in parts if part))


def is_open(_: Translator) -> str:
    """Notice: there is no end to tell of. Plain text."""
    return _.label("The petition is open. There is no end to tell of.")
