"""Signals that mean the same signatures are one, and those that are set aside are not offered again."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chatbot.petition.review.detector import Detection
from chatbot.petition.review.filter import ReviewFilter, Signal, hash_name
from chatbot.petition.review.merging import merge
from chatbot.storage.people.signatures import Signature

AT = datetime(2026, 11, 27, 16, 49, tzinfo=UTC)
SIGNATURE = Signature(1, 1, "박철수", "KR", None, "ko", "flyer", "v", AT, "flyer", seconds=3)


def make(signal_id: int, kind: str, value: int, **shared: int) -> Signal:
    overlaps = {int(other[1:]): count for other, count in shared.items()}
    return Signal(signal_id, kind, ReviewFilter(source=str(signal_id)), value, 0.5, AT, overlaps)


FLYER, FAST, NAME = (
    make(1, "source", 70, s2=70, s3=68),
    make(2, "speed", 80, s1=70, s3=70),
    make(3, "name", 71, s1=68, s2=70),
)


def test_signals_with_the_same_signatures_are_one_under_the_name() -> None:
    groups = merge([FAST, FLYER, NAME], handled=())
    assert [[each.kind for each in group.signals] for group in groups] == [["speed"], ["name", "source"]]
    assert [group.left for group in groups] == [80, 71]


def test_larger_signal_takes_none_of_two_that_share_more() -> None:
    fast, flyer = make(2, "speed", 80, s1=73, s3=70), make(1, "source", 70, s2=73, s3=68)
    groups = merge([fast, flyer, NAME], handled=())
    assert [[each.kind for each in group.signals] for group in groups] == [["speed"], ["name", "source"]]


@pytest.mark.parametrize("handled", [{1}, {3}, {1, 3}])
def test_signal_with_few_left_is_not_offered_again(handled: set[int]) -> None:
    assert merge([FAST, FLYER, NAME], handled) == []


def test_signal_with_many_left_is_offered_with_their_number() -> None:
    [group] = merge([replace(FAST, value=120), FLYER], handled={1})
    assert (group.first.kind, group.left) == ("speed", 50)


def test_signals_of_different_signatures_stay_apart() -> None:
    assert [group.left for group in merge([make(4, "new", 40, s5=5), make(5, "name", 12)], handled={9})] == [40, 12]


def test_detector_counts_the_signatures_that_two_signals_share() -> None:
    flood = [replace(SIGNATURE, supporter_id=nth, number=nth) for nth in range(1, 31)]
    slow = [replace(each, seconds=60, name=f"Sam {each.number}") for each in flood]
    detection = Detection(AT, AT, 0).add([*flood, *slow]).blur(lambda: 0)
    keys = detection.list_compared({})
    assert sorted(kind for kind, _subject in keys) == ["name", "source", "speed"]
    shared = detection.compare(keys, flood).compare(keys, slow).blur_overlaps(lambda: 0).overlaps
    assert {tuple(sorted(kind for kind, _subject in pair)): count for pair, count in shared.items()} == {
        ("name", "source"): 30,
        ("name", "speed"): 30,
        ("source", "speed"): 30,
    }
    assert hash_name("박철수") in {subject for _kind, subject in keys}
