"""Moments and durations for organizers, always with the name of the time zone."""

import math
from datetime import datetime, timedelta

from babel.core import get_global
from babel.dates import format_date, format_skeleton, format_time, format_timedelta, get_timezone_location

from chatbot.i18n import Translator

_MINUTE, _HOUR = 60, 3600
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
        zone=zone(_).replace(" ", "\u00a0"),
    )


def brief(_: Translator, at: datetime) -> str:
    """Write a moment for a button: Dec 1, 09:00."""
    local = at.astimezone(_.zone)
    return _.isolate(f"{format_skeleton('MMMd', local, locale=_.locale)} {hour(_, local)}")


def stamp(_: Translator, at: datetime) -> str:
    """Write a moment of any year for a list: Dec 1, 2026 09:00."""
    local = at.astimezone(_.zone)
    return _.isolate(f"{format_skeleton('yMMMd', local, locale=_.locale)} {hour(_, local)}")


def hour(_: Translator, local: datetime) -> str:
    """Write the hours and minutes of a moment in the readers' zone, of 24 hours: 09:00, 9.00."""
    return str(format_skeleton("Hm", local, locale=_.locale))


def zone(_: Translator) -> str:
    """Name the zone of the readers by its country, as CLDR does: Egypt Time. Zones of no country keep their names."""
    key = str(_.zone)
    if key == "Asia/Seoul":
        return _.label("Korean time")  # Koreans say 한국, where CLDR has 대한민국
    is_of_country = get_global("zone_territories").get(key, "ZZ") not in _NO_COUNTRY
    return get_timezone_location(key, locale=_.locale) if is_of_country else key


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
