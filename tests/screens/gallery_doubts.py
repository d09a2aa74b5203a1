"""Every screen about signatures that are doubted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chatbot.i18n import Translator
from chatbot.petition.doubt import SetAside, Signal, Suspicion, hash_name
from chatbot.screens import doubting, notices
from chatbot.screens.screen import Screen

AT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
CODE = "abcdefghijk"
WHOLE = Suspicion(AT, AT + timedelta(minutes=10), "CA", "s" * 64, hash_name("Mallory"), 6, 7_000_000_000)
ONE = SetAside(2**48 - 1, 3003, Suspicion(source="flyer"), 9, "A flood by one link", AT, "counted", 1204, 900, 9, 5000)


def doubt_screens(_: Translator) -> Iterator[tuple[str, Screen]]:
    """Yield each with a name of its own."""
    kinds = {
        "source": Suspicion(AT, AT, source="+friends"),
        "name": Suspicion(AT, AT, name="0" * 32),
        "speed": Suspicion(AT, AT, faster_than=6),
        "new": Suspicion(AT, AT, ids_from=7_000_000_000),
    }
    signals = [Signal(2**48 - 1, kind, suspicion, 412, 3.2, AT) for kind, suspicion in kinds.items()]
    states = [replace(ONE, state=state) for state in ("running", "done", "cancelled", "restoring", "restored")]
    signals[1] = replace(signals[1], value=12)
    yield "doubts", doubting.overview(_, signals, states, 900, is_owner=True)
    yield "doubts-none", doubting.overview(_, [], [], 0, doubting.gone(_))
    yield "doubts-conditions", doubting.ask_conditions(_, doubting.not_understood(_))
    yield "doubts-counting", doubting.is_counting(_, WHOLE)
    whole, few = replace(ONE, suspicion=WHOLE), replace(ONE, found=7)
    yield "doubts-counted", doubting.counted(_, whole, 5000, None, may=True, is_owner=True)
    yield "doubts-counted-few", doubting.counted(_, few, 5000, None, may=False, is_owner=True)
    yield "doubts-counted-none", doubting.counted(_, replace(whole, found=0), 5000, None, may=True, is_owner=True)
    yield "doubts-pointed-out", doubting.counted(_, ONE, 5000, 1_207, may=True, is_owner=False)
    yield "doubts-pointed-out-few", doubting.counted(_, ONE, 5000, 12, may=False, is_owner=False)
    yield "doubts-reason", doubting.ask_reason(_, doubting.no_reason(_))
    yield "doubts-confirm", doubting.confirm(_, replace(ONE, reason="&" * doubting.MOST_WORDS), CODE)
    for each in states:
        yield f"doubts-{each.state}", doubting.standing(_, each)
    yield "doubts-decided", doubting.standing(_, states[1], doubting.used_up(_))
    yield "doubts-back", doubting.confirm_back(_, states[1], CODE)
    known = {"id": 2**48 - 1, "by": "유나", "count": 900, "reason": ONE.reason}
    for what in ("started", "done", "stopped", "back", "restored"):
        yield f"notice-set-aside-{what}", notices.write(_, "set_aside", known | {"what": what})
    for name in (0, 1):
        yield f"notice-many-asked-{name}", notices.write(_, "many_asked", {"by": "유나", "count": 20, "name": name})
    signal = {"id": 2**48 - 1, "kind": "speed", "conditions": '{"faster_than":6}', "value": 412, "usual": 3200}
    yield "notice-signal", notices.write(_, "signal", signal | {"found_at": AT.isoformat()})
