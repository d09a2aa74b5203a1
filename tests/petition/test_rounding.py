"""Shares of a whole in percent, and groups of enough people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.petition.rounding import FEW, group_few, share_out


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


@given(st.dictionaries(st.sampled_from(["ko", "en", "ja", "ar", "fr", "de"]), st.integers(min_value=0, max_value=50)))
def test_groups_count_enough_and_leave_nobody_out(counts: dict[str, int]) -> None:
    groups = group_few(counts)
    assert sorted(key for group in groups for key in group) == sorted(key for key in counts if counts[key])
    assert len(groups) < 2 or min(sum(counts[key] for key in group) for group in groups) >= FEW
    assert sum(len(group) > 1 for group in groups) <= 1, "a language is put together with others without need"
