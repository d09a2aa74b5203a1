"""How much one person may say in a while."""

from dataclasses import dataclass

from chatbot.conversation.turn import Answer, Heard, Left, Person, Pressed, Said
from chatbot.screens.screen import Screen
from chatbot.transport.allowance import Allowance, Verdict
from chatbot.transport.taking import Taker

HEARD, TOLD, PASSED_OVER = Verdict.HEARD, Verdict.TOLD, Verdict.PASSED_OVER
MALLORY, SAM = 666, 2002


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self):
        return self.now


def say(allowance, times, by=MALLORY):
    return [allowance.spend(by) for _ in range(times)]


def test_a_burst_is_heard_and_what_goes_beyond_is_told_once():
    allowance = Allowance(burst=3, rate=1.0, clock=Clock())
    assert say(allowance, 6) == [HEARD, HEARD, HEARD, TOLD, PASSED_OVER, PASSED_OVER]


def test_nobody_else_is_slowed():
    allowance = Allowance(burst=3, rate=1.0, clock=Clock())
    say(allowance, 100)
    assert say(allowance, 3, by=SAM) == [HEARD] * 3


def test_time_gives_the_allowance_back():
    clock = Clock()
    allowance = Allowance(burst=4, rate=2.0, clock=clock)
    say(allowance, 100)
    clock.now = 0.5
    assert say(allowance, 3) == [HEARD, PASSED_OVER, PASSED_OVER]
    clock.now = 100.0
    assert say(allowance, 5) == [HEARD] * 4 + [TOLD]


def test_a_turn_that_was_not_kept_costs_nothing():
    allowance = Allowance(burst=2, rate=1.0, clock=Clock())
    for _ in range(10):
        assert allowance.spend(SAM) is HEARD
        allowance.give_back(SAM)


def test_a_crowd_is_not_remembered_for_ever():
    clock = Clock()
    allowance = Allowance(burst=3, rate=1.0, clock=clock)
    for person in range(10_000):
        allowance.spend(person)
    say(allowance, 3)
    clock.now = 2.0
    for person in range(20_000, 25_000):
        allowance.spend(person)
    assert len(allowance._spent) < 6_000
    clock.now = 2.5
    assert say(allowance, 3)[-1] is TOLD, "one who floods is remembered all the same"


def calm(heard):
    if isinstance(heard.event, Pressed):
        return Answer(heard.person.id, query_id=heard.event.query_id, notice="too fast")
    return Answer(heard.person.id, Screen("slow down"))


async def test_a_flood_is_not_carried_out_and_every_tap_is_answered():
    carried_out = []

    async def hear(heard):
        carried_out.append(heard)
        return Answer(heard.person.id)

    taker = Taker(hear, calm, calm=calm)
    mallory = Person(MALLORY, "Mallory", "en")
    answers = [await taker.take(Heard(each, mallory, Said("flood"))) for each in range(200)]
    heard = len(carried_out)
    assert 40 <= heard < 60
    assert [answer.screen.text for answer in answers if answer and answer.screen] == ["slow down"]
    tapped = await taker.take(Heard(500, mallory, Pressed("sign", "query", 7)))
    assert (tapped.query_id, tapped.notice, tapped.screen) == ("query", "too fast", None)
    await taker.take(Heard(501, mallory, Left()))
    assert [each.event for each in carried_out[heard:]] == [Left()], "that they left is always heard"
    sam = Person(SAM, "Sam", "en")
    assert await taker.take(Heard(502, sam, Said("hello"))) == Answer(SAM)


async def test_what_comes_again_costs_once():
    async def refuse(_heard):
        raise TimeoutError

    taker = Taker(refuse, calm, (TimeoutError,), calm)
    sam = Person(SAM, "Sam", "en")
    for _ in range(100):
        try:
            await taker.take(Heard(1, sam, Said("hello")))
        except TimeoutError:
            continue
        raise AssertionError("it was slowed instead of refused")
