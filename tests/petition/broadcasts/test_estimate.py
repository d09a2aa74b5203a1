"""Estimates of the time and price of a broadcast."""

import pytest

from chatbot.petition.broadcasts.estimate import Estimate, estimate_sending


@pytest.mark.parametrize(
    ("people", "rate", "paid", "expected"),
    [
        (0, 25, False, Estimate(0, 0)),
        (178_921, 30, False, Estimate(178_921 / 30, 0)),
        (1000, 25, True, Estimate(40, 0)),
        (1000, 30, True, Estimate(1000 / 30, 0)),
        # A second at 1000/s: 30 of them are free, each of the other 970 costs a tenth of a Star.
        (1000, 1000, True, Estimate(1, 97)),
        (1, 1000, True, Estimate(0.001, 1)),
        (1000, 1000, False, Estimate(1, 0)),
    ],
)
def test_estimate_has_time_and_stars(people: int, rate: float, paid: bool, expected: Estimate) -> None:
    assert estimate_sending(people, rate, paid=paid) == expected
