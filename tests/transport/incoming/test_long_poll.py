"""Long polls that the network cuts become shorter. Such a cut is no outage, and not each of them logs a line."""

import logging

import pytest

from chatbot.transport.incoming.long_poll import IN_A_ROW, LONGEST, LongPoll


def poll_repeatedly(poll: LongPoll, limit: float, polls: int) -> tuple[int, list[int]]:
    """Poll on a network that cuts idle connections after `limit` seconds; return the number of cuts and all lengths."""
    cuts, asked = 0, []
    for _ in range(polls):
        asked.append(poll.seconds)
        if poll.seconds < limit:
            poll.ended(poll.seconds + 0.05)
        else:
            assert poll.was_cut(limit + 0.01)
            cuts += 1
    return cuts, asked


@pytest.mark.parametrize("limit", [3, 5, 10, 30, 49])
def test_cut_shortens_later_polls(limit, caplog):
    caplog.set_level(logging.INFO)
    cuts, asked = poll_repeatedly(LongPoll(), limit, 20)
    assert (cuts, asked[0]) == (1, LONGEST)
    assert 0.5 * limit < asked[1] < limit
    assert len(caplog.records) == 1


def test_poll_tries_more_time_less_and_less_often(caplog):
    caplog.set_level(logging.INFO)
    poll = LongPoll()
    cuts, _asked = poll_repeatedly(poll, 30, 3_000)
    assert 3 <= cuts <= 9
    assert len(caplog.records) == 1, "the network stays the same, so one line is enough"


def test_polls_become_longer_on_a_better_network():
    poll = LongPoll()
    poll_repeatedly(poll, 5, 2)
    assert poll.seconds == 4
    cuts, asked = poll_repeatedly(poll, 1000, 400)
    assert (cuts, asked[-1]) == (0, LONGEST)


def test_early_or_late_cut_is_a_failure():
    poll = LongPoll()
    assert not poll.was_cut(0.3)
    assert not poll.was_cut(LONGEST + 2)
    assert poll.seconds == LONGEST


def test_many_cuts_in_a_row_are_an_outage():
    """A proxy before a Telegram that is down keeps every request for a while, and then gives up."""
    poll = LongPoll()
    assert [poll.was_cut(1.8) for _ in range(IN_A_ROW + 3)].count(True) <= IN_A_ROW
    assert not poll.was_cut(1.8)


def test_early_response_does_not_lengthen_polls():
    poll = LongPoll()
    poll.was_cut(30)
    for _ in range(1000):
        poll.ended(0.1)
    assert poll.seconds < 30


def test_lost_response_shortens_the_next_poll():
    poll = LongPoll()
    poll.was_lost()
    poll.was_lost()
    assert poll.seconds == LONGEST // 4
    for _ in range(10):
        poll.was_lost()
    assert poll.seconds == 1
