"""Unusual patterns among new signatures, compared with the usual rates of this petition."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.petition.review.detector import (
    FASTEST,
    FEWEST,
    WINDOW,
    Detection,
    find_first_new_id,
    is_frequent_name,
    is_unusual,
)
from chatbot.petition.review.filter import ReviewFilter, hash_name
from chatbot.petition.review.parse_filter import parse_filter
from chatbot.petition.rounding import FEW
from chatbot.petition.sealing.keys import Seal, make_pair

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
counts = st.integers(0, 100_000)
rates = st.floats(0, 10_000)


@dataclass(frozen=True)
class Signed:
    """Make a signature with the facts that detection uses."""

    supporter_id: int = 5_000_000_000
    name: str = "하나"
    country: str = "KR"
    counted_as: str = "+direct"
    signed_at: datetime = AT
    seconds: int | None = 40


def look(*signatures: Signed, frontier: int = 8_000_000_000) -> Detection:
    return Detection(AT, AT + WINDOW, frontier).add(signatures)


@given(counts, rates, counts, rates)
def test_higher_counts_are_more_unusual(count: int, usual: float, more: int, higher: float) -> None:
    if is_unusual(count, usual):
        assert is_unusual(count + more, usual)
    else:
        assert not is_unusual(count, usual + higher)
    assert not is_unusual(min(count, FEWEST - 1), usual)


@given(st.integers(0, 1_000), st.integers(0, 1_000))
def test_frequent_name_is_unusual_by_its_share(count: int, others: int) -> None:
    if is_frequent_name(count, count + others):
        assert count >= 10
        assert count * 10 > count + others


@given(st.integers(0, 500), st.integers(1, 200))
def test_detector_learns_and_forgets_usual_counts(count: int, windows: int) -> None:
    usual: dict = {}
    always = replace(look(), counts={("source", "flyer"): count}, total=count)
    for _ in range(400):
        usual = always.learn(usual)
    assert usual.get(("source", "flyer"), 0) == pytest.approx(count, abs=0.5)
    assert not always.find_signals(usual)
    quiet = Detection(AT, AT + windows * WINDOW, 0).learn(usual)
    assert all(0 <= value <= usual[key] for key, value in quiet.items())


@pytest.mark.parametrize(
    ("flood", "kind", "subject"),
    [
        (Signed(counted_as="flyer"), "source", "flyer"),
        (Signed(name="Mallory"), "name", hash_name("MALLORY")),
        (Signed(seconds=FASTEST - 1), "speed", ""),
        (Signed(supporter_id=7_999_000_000), "new", ""),
    ],
)
def test_flood_of_each_kind_is_detected_with_its_signatures(flood: Signed, kind: str, subject: str) -> None:
    others = [Signed(name=str(nth), counted_as="+friends") for nth in range(10)]
    seen = look(*others, *[flood] * 30)
    key = (kind, subject)
    assert key in [key for key, _, _ in seen.find_signals({})]
    review_filter = seen.make_filter(key)  # type: ignore[arg-type]
    assert review_filter.fits(flood)
    assert not any(review_filter.fits(each) for each in others)
    assert ReviewFilter.from_mapping(review_filter.to_mapping()) == review_filter


def test_sealed_names_are_left_out() -> None:
    seal = Seal.read(make_pair()[0])
    seen = look(*[Signed(name=seal.close("Mallory")) for _ in range(30)])
    assert "name" not in {kind for kind, _ in seen.counts or {}}


def test_highest_ids_are_new() -> None:
    assert look(*[Signed(supporter_id=9_000_000_000)] * FEW).frontier == 9_000_000_000
    assert find_first_new_id(9_000_000_000) == 8_820_000_000


def test_typed_conditions_are_parsed() -> None:
    today = date(2026, 11, 25)
    day = datetime(2026, 11, 24, tzinfo=UTC)
    one = ReviewFilter(day, day + timedelta(days=1))
    for text, meant in {
        "2026-11-24": one,
        "11/24 Canada": ReviewFilter(one.since, one.before, "CA"),
        "캐나다 출처: flyer <10초": ReviewFilter(country="CA", source="flyer", faster_than=10),
        "source=flyer < 10 s": ReviewFilter(source="flyer", faster_than=10),
        "id>7000000000": ReviewFilter(ids_from=7_000_000_000),
        "id>=7000000000 name: Mallory M": ReviewFilter(ids_from=7_000_000_000, name=hash_name("mallory m")),
    }.items():
        assert parse_filter(text, today, UTC, ("ko", "en")) == meant, text
    for nonsense in ("", "everybody", "Canada whatever else", "<", "id>"):
        assert parse_filter(nonsense, today, UTC, ("en", "ko")) is None


def test_frontier_of_new_accounts_reveals_nobody():
    assert look(*[Signed(supporter_id=9_876_543_210)] * FEW).frontier == 9_870_000_000
    assert look(*[Signed(supporter_id=9_876_543_210)] * (FEW - 1)).frontier == 8_000_000_000, "few move nothing"
