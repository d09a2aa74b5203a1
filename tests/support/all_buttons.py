"""All cases of buttons that change something, and all buttons that only show or ask."""

from typing import Final

from tests.support import broadcast_buttons, desk_buttons, draft_buttons, status_buttons
from tests.support.place_buttons import PLACE_CASES

CASES: Final = {**broadcast_buttons.CASES, **draft_buttons.CASES, **status_buttons.CASES, **desk_buttons.CASES}
WITH_CASE: Final = frozenset(
    {case.button for case in CASES.values()} | {f"channels:{case.what}" for case in PLACE_CASES.values()}
)
"""Buttons that two organizers tap at once; those about channels in a test of their own."""
_SHOWING: Final = {
    "appeal": "changes list",
    "broadcast": "aside ask button countries discard hour languages later list more oneway open places "
    "placesrest preview recall review settings show sleepers unknown unschedule urgent who write",
    "channels": "ask languages list new show",
    "course": "erased show",
    "desk": "show",
    "doubts": "again ask back list open",
    "export": "ask show type",
    "link": "new poster deliver",
    "log": "kinds list newer older who",
    "stats": "country friends language overview pictures source steps",
    "team": "ask eyes invite list member number",
}
SHOWING: Final = frozenset(f"{verb}:{what}" for verb, acts in _SHOWING.items() for what in acts.split())
"""Buttons that only show something or ask."""
