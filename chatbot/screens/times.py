"""Moments and durations for organizers.

Every hour stands with the name of its time zone: `moment`, `named` and `full` write it, and where `brief` or `stamp` is
used, a `note` or the heading has it, and above `relative` the question. Where several hours stand on one screen, the
first has it (`name_zone_once`). An hour that comes twice, when clocks are set
back, has its distance to Greenwich.
"""

import math
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.core import get_global
from babel.dates import (
    format_date,
    format_skeleton,
    format_time,
    format_timedelta,
    get_timezone_gmt,
    get_timezone_location,
)
from markupsafe import Markup, escape

from chatbot.i18n import Translator
from chatbot.petition.dates.zones import is_repeated

_MINUTE, _HOUR = 60, 3600
_MOMENT = "\0"
"""Stands for a moment where the words around it are looked for."""
_END = "\u2069"
"""The end of what is isolated: of the moment, where words are written from right to left."""
_NO_COUNTRY = ("001", "ZZ")
"""CLDR's territories of zones like UTC: the world, and an unknown one."""


def moment(_: Translator, at: datetime) -> str:
    """Write a moment in full: Tuesday, December 1, 2026, 9:00 AM (UTC)."""
    local = at.astimezone(_.zone)
    # CLDR has Korean words for AM and PM only in the wide form.
    pattern = _.locale.time_formats["short"].pattern.replace("a", "aaaa")
    return _.label(
        "{day}, {time} ({zone})",
        day=format_date(local.date(), "full", locale=_.locale),
        time=format_time(local, pattern, locale=_.locale).replace("\u202f", "\u00a0").replace(" ", "\u00a0"),
        zone=_name_zone(_, at).replace(" ", "\u00a0"),
    )


def brief(_: Translator, at: datetime) -> str:
    """Write a moment for a button: Dec 1, 09:00."""
    return _write(_, "MMMd", at)


def relative(_: Translator, at: datetime, now: datetime) -> str:
    """Write a moment for a button, with words for near days: Tomorrow 09:00, Mon, Nov 30 09:00."""
    local = at.astimezone(_.zone)
    clock = f"{hour(_, local)} {offset(_, at)}" if is_repeated(at, _.zone) else hour(_, local)
    match (local.date() - now.astimezone(_.zone).date()).days:
        case 0:
            return _.label("Today {time}", time=clock)
        case 1:
            return _.label("Tomorrow {time}", time=clock)
        case _other:
            return _.isolate(f"{format_skeleton('MMMEd', local, locale=_.locale)} {clock}")


def stamp(_: Translator, at: datetime) -> str:
    """Write a moment of any year for a list: Dec 1, 2026 09:00."""
    return _write(_, "yMMMd", at)


def named(_: Translator, at: datetime) -> str:
    """Write a moment and the zone: Dec 1, 09:00 (Korean time)."""
    return _.label("{moment} ({zone})", moment=brief(_, at), zone=zone(_))


def full(_: Translator, at: datetime) -> str:
    """Write a moment of any year and the zone: Dec 1, 2026 09:00 (Korean time)."""
    return _.label("{moment} ({zone})", moment=stamp(_, at), zone=zone(_))


def note(_: Translator) -> Markup:
    """Name the zone of the hours on a screen."""
    return _("<i>Times are in {zone}.</i>", zone=zone(_))


def name_zone_once(_: Translator, text: Markup) -> Markup:
    """Name the zone beside the first hour of a screen alone; what people wrote stays as it is."""
    day = _.label("{moment} ({zone})", moment=_MOMENT, zone=zone(_)).partition(_MOMENT)[2]
    full_day = _.label("{day}, {time} ({zone})", day="", time=_MOMENT, zone=zone(_).replace(" ", "\u00a0"))
    named = {str(escape(each.removeprefix(_END))) for each in (day, full_day.partition(_MOMENT)[2])} - {""}
    found = re.compile("|".join(("“[^”]*”", *(f"(?P<zone{nth}>{re.escape(each)})" for nth, each in enumerate(named)))))
    zones = [each for each in found.finditer(text) if each.lastgroup]
    written = str(text)
    for each in reversed(zones[1:]):
        written = f"{written[: each.start()]}{written[each.end() :]}"
    return Markup(written)  # noqa: S704 - it was Markup


def offset(_: Translator, at: datetime) -> str:
    """Write how far the clocks are from Greenwich: GMT+02:00."""
    return get_timezone_gmt(at.astimezone(_.zone), "long", locale=_.locale)


def _write(_: Translator, skeleton: str, at: datetime) -> str:
    local = at.astimezone(_.zone)
    written = f"{format_skeleton(skeleton, local, locale=_.locale)} {hour(_, local)}"
    return _.isolate(f"{written} {offset(_, at)}" if is_repeated(at, _.zone) else written)


def _name_zone(_: Translator, at: datetime) -> str:
    return f"{zone(_)}, {offset(_, at)}" if is_repeated(at, _.zone) else zone(_)


def hour(_: Translator, local: datetime) -> str:
    """Write the hours and minutes of a moment in the readers' zone, of 24 hours: 09:00, 9.00."""
    return str(format_skeleton("Hm", local, locale=_.locale))


def hour_there(_: Translator, local: datetime) -> str:
    """Write the hours and minutes of a moment in its own zone, which is named if it is not that of the readers."""
    if not isinstance(local.tzinfo, ZoneInfo) or str(local.tzinfo) == str(_.zone):
        return hour(_, local)
    return _.label("{moment} ({zone})", moment=hour(_, local), zone=zone(_.in_zone(local.tzinfo)))


def exact(_: Translator, at: datetime, day: date) -> str:
    """Write a moment with its distance to Greenwich, and its date unless that is `day`: 23:30 GMT+02:00."""
    local = at.astimezone(_.zone)
    written = f"{hour(_, local)} {offset(_, at)}"
    return written if local.date() == day else f"{format_skeleton('MMMd', local, locale=_.locale)} {written}"


def zone(_: Translator) -> str:
    """Name the zone of the readers as CLDR does: Egypt Time, in a country with several zones New York Time.

    Zones of no country keep their names.
    """
    key = str(_.zone)
    if key == "Asia/Seoul":
        return _.label("Korean time")  # Koreans say 한국, where CLDR has 대한민국
    known = get_global("zone_aliases").get(key, key)
    territory = get_global("zone_territories").get(known, "ZZ")
    if territory in _NO_COUNTRY:
        return key
    if len(get_global("territory_zones").get(territory, ())) == 1:
        return get_timezone_location(key, locale=_.locale)
    city = get_timezone_location(key, locale=_.locale, return_city=True)  # babel would name the country beside it
    return str(_.locale.zone_formats["region"] % city.rpartition("/")[2])


def age(_: Translator, passed: timedelta) -> str:
    """Write how long ago something was, roughly: 40 minutes, 8 hours, 3 days."""
    return str(format_timedelta(max(passed, timedelta(minutes=1)), "minute", locale=_.locale))


def duration(_: Translator, seconds: float) -> str:
    """Write how long something takes, rounded up to what matters: 40 seconds, 12 minutes, 1 hour 39 minutes."""
    whole = max(math.ceil(seconds), 1)
    if whole > _MINUTE:
        whole = math.ceil(whole / _MINUTE) * _MINUTE
    hours, rest = divmod(whole, _HOUR)
    # Above 24 hours, so that 25 hours are not shown as "1 day".
    said = [format_timedelta(timedelta(hours=hours), "hour", threshold=1e9, locale=_.locale)] if hours else []
    if rest:
        said.append(format_timedelta(timedelta(seconds=rest), threshold=1, locale=_.locale))
    return " ".join(said)
