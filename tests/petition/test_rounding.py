"""Shares of a whole in percent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.petition.rounding import share_out


@pytest.mark.parametrize(
    ("counts", "shares"),
    [
        ([600, 160, 75, 38, 27, 25, 25, 25, 25], [60, 16, 8, 4, 3, 3, 2, 2, 2]),
        ([1, 1, 1], [34, 33, 33]),
        ([9_996, 4], [99, 1]),
        ([5], [100]),
        ([5, 0], [100, 0]),
        ([0, 0], [0, 0]),
        ([], []),
    ],
)
def test_largest_remainders_round_up(counts: list[int], shares: list[int]) -> None:
    assert share_out(counts) == shares


@given(st.lists(st.integers(min_value=0, max_value=10**9), max_size=12))
def test_shares_add_up_and_differ_by_less_than_two(counts: list[int]) -> None:
    shares, total = share_out(counts), sum(counts)
    assert sum(shares) == (100 if total else 0)
    assert all(
        abs(share * total - count * 100) < 2 * total for share, count in zip(shares, counts, strict=True) if total
    )
    assert all(count == total for share, count in zip(shares, counts, strict=True) if share == 100)
