"""The time zone in which a member sees hours."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.screens import callbacks, times
from chatbot.screens.screen import ButtonRow, Press, Screen

CAMPAIGN: Final = "campaign"
"""Stands for the campaign's zone in the data of a button."""


def way_to_zone(_: Translator) -> ButtonRow:
    """Return the button that shows and changes the zone."""
    return (Press(_.label("🕘 My time zone: {zone}", zone=times.zone(_)), callbacks.TEAM("zone")),)


def ask_zone(
    _: Translator,
    own: str | None,
    offers: Sequence[str],
    campaign: ZoneInfo,
    now: datetime,
    back: ButtonRow,
    *,
    is_unknown: bool,
) -> Screen:
    """Show the member's zone, and ask for another one. `own` is the name of the chosen one."""
    parts = [
        _("🕘 <b>My time zone</b>"),
        _("You see times in {zone}. It is {moment} there.", zone=times.zone(_), moment=times.brief(_, now)),
        _("Tap, or type the city or the country where you are."),
    ]
    if is_unknown:
        parts.insert(0, _("⚠️ I do not know this place. Type a large city nearby, or the country."))
    team = _.label("As the team: {zone}", zone=times.zone(_.in_zone(campaign)))
    rows: list[ButtonRow] = [(Press(f"✓ {team}" if own is None else team, callbacks.TEAM("here", CAMPAIGN)),)]
    rows += [_offer(_, each, now, is_chosen=each == own) for each in offers]
    return Screen(Markup("\n\n").join(parts), (*rows, back))


def which_zone(_: Translator, zones: Sequence[str], now: datetime, back: ButtonRow) -> Screen:
    """Ask which of several zones is meant."""
    return Screen(
        _("🕘 There is more than one time zone. What time is it where you are?"),
        (*(_offer(_, each, now) for each in zones), back),
    )


def chosen(_: Translator, campaign: ZoneInfo, now: datetime, back: ButtonRow) -> Screen:
    """Confirm the zone, and say what does not follow it."""
    parts = [
        _("🕘 You see times in {zone}. It is {moment} there.", zone=times.zone(_), moment=times.brief(_, now)),
        _(
            "Days of statistics and files stay those of the team ({zone}), so that all of you see the same numbers.",
            zone=times.zone(_.in_zone(campaign)),
        ),
    ]
    change = (Press(_.label("✏️ Change it"), callbacks.TEAM("zone")),)
    return Screen(Markup("\n\n").join(parts), (change, back))


def _offer(_: Translator, zone: str, now: datetime, *, is_chosen: bool = False) -> ButtonRow:
    there = _.in_zone(ZoneInfo(zone))
    label = f"{times.zone(there)} · {times.brief(there, now)}"
    return (Press(f"✓ {label}" if is_chosen else label, callbacks.TEAM("here", zone)),)


def way_to_team(_: Translator) -> ButtonRow:
    """Return the button that leads back to the team."""
    return (Press(_.label("‹ The team"), callbacks.TEAM("list")),)
