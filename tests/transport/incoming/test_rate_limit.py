"""The rate limit of each person."""

from chatbot.conversation.interface import Answer, BlockedBot, Heard, Person, Pressed, Said
from chatbot.transport.incoming.dispatcher import Dispatcher
from chatbot.transport.incoming.rate_limit import RateLimit, Verdict
from tests.support.cast import MALLORY, SAM
from tests.support.clock import Clock
from tests.support.fake_conversation import FakeConversation

ALLOWED, WARNED, DROPPED = Verdict.ALLOWED, Verdict.WARNED, Verdict.DROPPED


def spend(rate_limit, times, person_id=MALLORY):
    return [rate_limit.spend(person_id) for _ in range(times)]


def test_limit_allows_a_burst_and_warns_once():
    rate_limit = RateLimit(burst=3, rate=1.0, clock=Clock(0.0))
    assert spend(rate_limit, 6) == [ALLOWED, ALLOWED, ALLOWED, WARNED, DROPPED, DROPPED]


def test_limit_does_not_slow_other_people():
    rate_limit = RateLimit(burst=3, rate=1.0, clock=Clock(0.0))
    spend(rate_limit, 100)
    assert spend(rate_limit, 3, person_id=SAM) == [ALLOWED] * 3


def test_limit_allows_more_as_time_passes():
    clock = Clock(0.0)
    rate_limit = RateLimit(burst=4, rate=2.0, clock=clock)
    spend(rate_limit, 100)
    clock.now = 0.5
    assert spend(rate_limit, 3) == [ALLOWED, DROPPED, DROPPED]
    clock.now = 100.0
    assert spend(rate_limit, 5) == [ALLOWED] * 4 + [WARNED]


def test_turn_that_is_given_back_costs_nothing():
    rate_limit = RateLimit(burst=2, rate=1.0, clock=Clock(0.0))
    for _ in range(10):
        assert rate_limit.spend(SAM) is ALLOWED
        rate_limit.give_back(SAM)


def test_limit_forgets_a_crowd():
    clock = Clock(0.0)
    rate_limit = RateLimit(burst=3, rate=1.0, clock=clock)
    for person in range(10_000):
        rate_limit.spend(person)
    spend(rate_limit, 3)
    clock.now = 2.0
    for person in range(20_000, 25_000):
        rate_limit.spend(person)
    assert len(rate_limit._spent) < 6_000
    clock.now = 2.5
    assert spend(rate_limit, 3)[-1] is WARNED, "somebody who floods is remembered"


async def test_dispatcher_drops_a_flood_and_acknowledges_every_tap():
    carried_out = []

    async def hear(heard):
        carried_out.append(heard)
        return Answer(heard.person.id)

    dispatcher = Dispatcher(FakeConversation(hear))
    mallory = Person(MALLORY, "Mallory", "en")
    answers = [await dispatcher.take(Heard(each, mallory, Said("flood"))) for each in range(200)]
    heard = len(carried_out)
    assert 40 <= heard < 60
    assert [answer.screen.text for answer in answers if answer and answer.screen] == ["slow down"]
    tapped = await dispatcher.take(Heard(500, mallory, Pressed("sign", "query", 7)))
    assert (tapped.query_id, tapped.notice, tapped.screen) == ("query", "too fast", None)
    await dispatcher.take(Heard(501, mallory, BlockedBot()))
    assert [each.event for each in carried_out[heard:]] == [BlockedBot()], (
        "the conversation always hears that somebody left"
    )
    sam = Person(SAM, "Sam", "en")
    assert await dispatcher.take(Heard(502, sam, Said("hello"))) == Answer(SAM)


async def test_turn_that_was_not_stored_costs_nothing():
    async def refuse(_heard):
        raise TimeoutError

    dispatcher = Dispatcher(FakeConversation(refuse, (TimeoutError,)))
    sam = Person(SAM, "Sam", "en")
    for _ in range(100):
        try:
            await dispatcher.take(Heard(1, sam, Said("hello")))
        except TimeoutError:
            continue
        raise AssertionError("the person was slowed down")
