"""Screens of people's own data."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from chatbot.i18n import Translator
from chatbot.petition.signing.draft import LINES, Draft
from chatbot.screens.context import ReaderContext
from chatbot.screens.screen import Screen
from chatbot.screens.supporter import my_data, signing
from chatbot.screens.supporter.rights import forgetting, withdrawing
from tests.support.cast import HANA


def rights_screens(_: Translator, draft: Draft, number: int, new: ReaderContext) -> Iterator[tuple[str, Screen]]:
    """Yield each screen under its own name."""
    alone = replace(new, number=number)
    signed = replace(alone, subscription_language="en")
    yield "withdraw", withdrawing.ask(_, number, signed, "withdraw:abcdefghijk")
    yield (
        "withdraw-closed",
        withdrawing.ask(_, number, replace(alone, is_open=False), "withdraw:x"),
    )
    yield "withdraw-done", withdrawing.taken_back(_, new)
    yield "withdraw-nothing", withdrawing.nothing_signed(_, new)
    yield "withdraw-drafting", withdrawing.nothing_signed(_, replace(new, drafting=True))
    yield "forget", forgetting.ask(_, new, "forget:abcdefghijk")
    yield "forget-signed", forgetting.ask(_, signed, "forget:abcdefghijk", in_team=True, was_in_team=True)
    yield "forget-done", forgetting.farewell(_)
    until = datetime(2026, 12, 24, 3, 0, tzinfo=UTC)
    yield "forget-done-team", forgetting.farewell(_, until)
    yield "forget-nothing-team", forgetting.nothing_kept(_, until)
    yield "forget-nothing", forgetting.nothing_kept(_)
    yield "forget-named", forgetting.is_configured(_)
    yield "forget-last-owner", forgetting.last_owner(_)
    own = my_data.Own(
        number,
        datetime(2026, 3, 1, 23, 30, tzinfo=UTC),
        draft.name or "",
        draft.country or "",
        draft.reason,
        named=False,
    )
    yield "me", my_data.show(_, signed, own, HANA)
    yield "me-file-not-made", my_data.not_made(_)
    yield "me-in-team", my_data.show(_, signed, own, HANA, is_member=True)
    yield (
        "me-named",
        my_data.show(_, alone, replace(own, named=True, reason=None), HANA),
    )
    yield "me-drafting", my_data.show(_, replace(new, drafting=True), None, HANA)
    yield "me-changed", my_data.show(_, signed, own, HANA, my_data.changed_meanwhile(_))
    other = replace(draft, name="Samuel", country="FR", reason=None)
    for line in LINES:
        yield f"me-changed-{line}", my_data.changed(_, signed, line, draft, other, "0123abcd")
    yield "me-changed-back", my_data.changed(_, alone, "reason", other, draft, "0123abcd")
    yield "me-name-doubtful", signing.ask_whether_name(_, "왜요?", draft, draft.name, "own_name")
    yield "me-name", signing.ask_name(_, draft, draft.name, None, "own_name")
    yield "me-reason", signing.ask_reason(_, draft, None, "own_reason")
