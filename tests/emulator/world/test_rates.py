import pytest

from chatbot.emulator import Rates
from chatbot.emulator.bot_api.refusal import RefusalError
from chatbot.emulator.world.places.gatherings import gather


def refused(rates, chat_id, now, *, paid=False):
    """Return the seconds to wait; 0 if the message is allowed."""
    try:
        rates.spend(chat_id, now, paid=paid)
    except RefusalError as refusal:
        return refusal.parameters["retry_after"]
    return 0


def test_rates_allow_thirty_messages_a_second():
    rates = Rates()
    assert [refused(rates, chat, 0.0) for chat in range(30)] == [0] * 30
    assert refused(rates, 99, 0.5) == 1
    assert refused(rates, 100, 0.9) == 1, "everything waits once the limit is hit"
    assert refused(rates, 100, 1.6) == 0
    assert rates.refused == 2


def test_rates_allow_a_thousand_paid_messages_a_second():
    rates = Rates()
    assert not any(refused(rates, chat, 0.0, paid=True) for chat in range(1000))
    assert refused(rates, 1001, 0.0, paid=True) == 1
    assert refused(rates, 1001, 0.0) == 0


def test_rates_allow_a_burst_to_one_chat():
    rates = Rates(chat_burst=3)
    assert [refused(rates, 1, 0.0) for _ in range(4)] == [0, 0, 0, 1]
    assert refused(rates, 2, 0.0) == 0
    assert [refused(rates, 1, 1.0), refused(rates, 1, 1.0)] == [0, 1]
    assert [refused(rates, 1, 60.0) for _ in range(4)] == [0, 0, 0, 1]


def test_rates_allow_twenty_messages_a_minute_to_a_group():
    rates = Rates()
    assert not any(refused(rates, -5, float(second)) for second in range(0, 40, 2))
    assert refused(rates, -5, 41.0) == 19
    assert refused(rates, -5, 60.5) == 0


async def test_api_applies_the_rates(emulator, line, hana, sam, clock):
    emulator.api.rates = Rates(chat_burst=1)
    assert await line.result("sendMessage", chat_id=hana.id, text="x")
    assert await line.refusal("sendMessage", chat_id=hana.id, text="x") == "Too Many Requests: retry after 1"
    assert await line.result("sendMessage", chat_id=sam.id, text="x")
    clock.advance(1)
    assert await line.result("sendMessage", chat_id=hana.id, text="x")
    assert emulator.deliveries.count == 3


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_api_applies_the_group_rate(emulator, line, sam, clock, kind):
    emulator.api.rates = Rates()
    group = gather(emulator.world, "Friends", [sam], kind=kind)
    for _ in range(20):
        clock.advance(1)
        await line.result("sendMessage", chat_id=group.id, text="x")
    assert await line.refusal("sendMessage", chat_id=group.id, text="x")
