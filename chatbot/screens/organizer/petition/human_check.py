"""The human check at the desk: how it is switched, and what the team is told about it."""

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.job import JobDetails
from chatbot.petition.signing.human_check import RATES, HumanCheck, Mode, read_mode
from chatbot.screens import callbacks, times
from chatbot.screens.organizer.team.members import shorten
from chatbot.screens.screen import ButtonRow, Press, Screen


def button(_: Translator, check: HumanCheck) -> ButtonRow:
    """The button on the screen of the petition, which says how it is switched."""
    return (
        Press(_.label("🧩 Human check: {state}", state=state(_, check.mode, check.rate)), callbacks.status("human")),
    )


def state(_: Translator, mode: Mode, rate: int) -> str:
    """How it is switched, in a few words, plain."""
    return {
        "off": _.label("off"),
        "on": _.label("on"),
        "auto": _.label("automatic, at {count}", count=_.number(rate)),
    }[mode]


def show(_: Translator, check: HumanCheck, *, asks: bool, hint: Markup | None = None) -> Screen:
    """What it is, how it is switched, and the ways to switch it. `asks`: people are asked at this moment."""
    states = {
        "off": _("<b>Off</b>: nobody is asked."),
        "on": _("<b>On</b>: everybody who has not passed it is asked."),
        "auto": _(
            "<b>By itself</b>: it asks when {count} people sign within ten minutes, most of them new to the bot.",
            count=_.number(check.rate),
        ),
    }
    parts = [
        hint,
        _(
            "🧩 <b>The human check</b>\n\nBefore signing, people tap the right picture of four, in their language. "
            "It stops simple robots and takes people a second. Whoever has passed it is never asked again."
        ),
        states[check.mode],
    ]
    if check.mode == "auto":
        asking = _("At this moment nobody is asked.")
        if asks and check.until is not None:
            asking = _("It is asking now, until {moment} or longer.", moment=times.brief(_, check.until))
        parts.append(asking)
    rows = (
        (_switch(_.label("Off"), check, "off", check.rate), _switch(_.label("On"), check, "on", check.rate)),
        tuple(_switch(_.label("Auto: {count}", count=_.number(rate)), check, "auto", rate) for rate in RATES),
        (Press(_.label("‹ The petition"), callbacks.status("show")),),
    )
    return Screen(Markup("\n\n").join(part for part in parts if part), rows)


def _switch(label: str, check: HumanCheck, mode: Mode, rate: int) -> Press:
    stands = mode == check.mode and (mode != "auto" or rate == check.rate)
    action = callbacks.status("human", mode, rate, check.revision)
    return Press(f"● {label}" if stands else label, action, "primary" if stands else "plain")


def was_first(_: Translator, name: str) -> Markup:
    """Somebody else switched it meanwhile."""
    return _("⚠️ Nothing was changed by you: {name} was first. This is how it stands now.", name=name)


def switched(_: Translator, details: JobDetails) -> Screen:
    """Tell that another of the team switched it."""
    text = _(
        "🧩 {by} has switched the human check: <b>{state}</b>.",
        by=shorten(_, str(details["by"])),
        state=_named(_, details["mode"], details["rate"]),
    )
    return Screen(text, _ways(_))


def on_by_itself(_: Translator, details: JobDetails) -> Screen:
    """Tell that it has switched itself on."""
    text = _(
        "🧩 <b>The human check has switched itself on.</b>\n\n{count} people signed within ten minutes, most of them "
        "new to the bot. It stays on while that lasts, and an hour longer.",
        count=_.number(int(details["rate"] or 0)),
    )
    return Screen(text, _ways(_))


def off_by_itself(_: Translator, _details: JobDetails) -> Screen:
    """Tell that it has switched itself off again."""
    text = _("🧩 <b>The human check has switched itself off.</b>\n\nThe surge has been over for an hour.")
    return Screen(text, _ways(_))


def line(_: Translator, details: JobDetails) -> Markup:
    """The line of the log."""
    return _(
        "human check: {before} → {after}",
        before=_named(_, details["mode_before"], details.get("rate_before")),
        after=_named(_, details["mode_after"], details.get("rate_after")),
    )


def _named(_: Translator, mode: str | int | None, rate: str | int | None) -> str:
    return state(_, read_mode(str(mode)) or "off", rate if isinstance(rate, int) else 0)


def _ways(_: Translator) -> tuple[ButtonRow, ...]:
    return ((Press(_.label("🧩 The human check"), callbacks.status("human")),),)
