"""The human check for organizers: its switch, and notices to the team."""

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.job import JobDetails
from chatbot.petition.signing.human_check import RATES, HumanCheck, Mode, read_mode
from chatbot.screens import callbacks, times
from chatbot.screens.organizer.team.members import shorten
from chatbot.screens.screen import ButtonRow, Press, Screen


def button(_: Translator, check: HumanCheck) -> ButtonRow:
    """Return the button on the petition screen, which shows the current setting."""
    return (
        Press(_.label("🧩 Human check: {state}", state=state(_, check.mode, check.rate)), callbacks.STATUS("human")),
    )


def state(_: Translator, mode: Mode, rate: int) -> str:
    """Name the setting briefly. Plain text."""
    return {
        "off": _.label("off"),
        "on": _.label("on"),
        "auto": _.label("automatic, at {count}", count=_.number(rate)),
    }[mode]


def show(_: Translator, check: HumanCheck, *, asks: bool, hint: Markup | None = None) -> Screen:
    """Show the modes, a line and a button for each. `asks`: people are being asked now."""
    modes: dict[Mode, Markup] = {
        "off": _("<b>Off</b>: nobody is asked."),
        "on": _("<b>On</b>: everyone who hasn't passed it is asked."),
        "auto": _(
            "<b>Automatic</b>: it asks when {count} people sign within ten minutes, most of them new to the bot.",
            count=_.number(check.rate),
        ),
    }
    lines = [Markup("{} {}").format("●" if mode == check.mode else "○", line) for mode, line in modes.items()]
    parts = [
        hint,
        _("🧩 <b>The human check</b>\n\nBefore signing, people tap the right picture of four. It stops simple robots."),
        Markup("\n").join(lines),
    ]
    if check.mode == "auto":
        asking = _("Right now nobody is asked.")
        if asks and check.until is not None:
            asking = _("It's asking now, until {moment} or later.", moment=times.named(_, check.until))
        parts.append(asking)
    switches = (
        _switch(_.label("Off"), check, "off", check.rate),
        _switch(_.label("On"), check, "on", check.rate),
        _switch(_.label("Automatic"), check, "auto", check.rate),
    )
    rates = tuple(
        _switch(_.label("from {count}", count=_.number(rate)), check, "auto", rate)
        for rate in (RATES if check.mode == "auto" else ())
    )
    back = (Press(_.label("‹ The petition"), callbacks.STATUS("show")),)
    rows = (switches, rates, back) if rates else (switches, back)
    return Screen(Markup("\n\n").join(part for part in parts if part), rows)


def _switch(label: str, check: HumanCheck, mode: Mode, rate: int) -> Press:
    """Return a button that sets the mode; the one that stands has a dot."""
    stands = mode == check.mode and rate == check.rate
    return Press(f"● {label}" if stands else label, callbacks.STATUS("human", mode, rate, check.revision))


def was_first(_: Translator, name: str) -> Markup:
    """Say that somebody else changed the setting meanwhile."""
    return _("⚠️ Your change wasn't made: {name} was first. This is how it is now.", name=name)


def switched(_: Translator, details: JobDetails) -> Screen:
    """Notify the team of a change by a member."""
    text = _(
        "🧩 {by} has set the human check to: <b>{state}</b>.",
        by=shorten(_, str(details["by"])),
        state=_named(_, details["mode"], details["rate"]),
    )
    return Screen(text, _ways(_))


def switched_on_automatically(_: Translator, details: JobDetails) -> Screen:
    """Notify the team that the check switched on automatically."""
    text = _(
        "🧩 <b>The human check has switched itself on.</b>\n\nAt least {count} people signed within ten minutes, most "
        "of them new to the bot. It stays on while that lasts, and an hour longer.",
        count=_.number(int(details["rate"] or 0)),
    )
    return Screen(text, _ways(_))


def switched_off_automatically(_: Translator, _details: JobDetails) -> Screen:
    """Notify the team that the check switched off automatically."""
    text = _("🧩 <b>The human check has switched itself off.</b>\n\nThe surge has been over for an hour.")
    return Screen(text, _ways(_))


def line(_: Translator, details: JobDetails) -> Markup:
    """Write its line in the log."""
    return _(
        "human check: {before} → {after}",
        before=_named(_, details["mode_before"], details.get("rate_before")),
        after=_named(_, details["mode_after"], details.get("rate_after")),
    )


def _named(_: Translator, mode: str | int | None, rate: str | int | None) -> str:
    return state(_, read_mode(str(mode)) or "off", rate if isinstance(rate, int) else 0)


def _ways(_: Translator) -> tuple[ButtonRow, ...]:
    return ((Press(_.label("🧩 The human check"), callbacks.STATUS("human")),),)
