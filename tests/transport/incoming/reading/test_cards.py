"""Inline queries, posted cards and calls as a guest: what is read of them, and how many are heard."""

import pytest

from chatbot.conversation.interface import AskedForCards, CalledAsGuest, Heard, Person, PostedCard
from chatbot.transport.incoming.dispatcher import CARDS_AT_ONCE, Dispatcher
from chatbot.transport.incoming.updates import reduce_update
from tests.support.bot_api_schema import check_update

HANA = {"id": 11, "is_bot": False, "first_name": "하나", "language_code": "ko"}
PERSON = Person(11, "하나", "ko")
GROUP = {"id": -100_5, "type": "supergroup", "title": "친구들"}
CALL = {"message_id": 1, "date": 1, "chat": GROUP, "from": HANA, "text": "@bot 비밀", "guest_query_id": "g"}


@pytest.mark.parametrize(
    ("content", "event"),
    [
        ({"inline_query": {"id": "q", "from": HANA, "query": "비밀", "offset": ""}}, AskedForCards("q")),
        (
            {"chosen_inline_result": {"result_id": "ko", "from": HANA, "query": "비밀", "inline_message_id": "m"}},
            PostedCard("m", "ko"),
        ),
        ({"guest_message": CALL}, CalledAsGuest("g", -100_5)),
    ],
)
def test_reader_reads_who_and_where_but_no_words(content, event):
    update = {"update_id": 5, **content}
    check_update(update)
    assert reduce_update(update, "bot") == Heard(5, PERSON, event)


def test_anonymous_admin_calls_as_the_group():
    call = CALL | {"from": {"id": 1087968824, "is_bot": True, "first_name": "Group"}, "sender_chat": GROUP}
    heard = reduce_update({"update_id": 5, "guest_message": call}, "bot")
    assert heard == Heard(5, Person(-100_5, "", None), CalledAsGuest("g", -100_5))


@pytest.mark.parametrize(
    "content",
    [
        {"chosen_inline_result": {"result_id": "ko", "from": HANA, "query": ""}},
        {"inline_query": {"id": 5, "from": HANA}},
        {"inline_query": {"id": "q"}},
        {"guest_message": {name: value for name, value in CALL.items() if name != "guest_query_id"}},
    ],
)
def test_reader_leaves_out_what_leads_nowhere(content):
    assert reduce_update({"update_id": 5, **content}, "bot") is None


class Conversation:
    """A conversation that counts what it hears."""

    unavailable = ()

    def __init__(self):
        self.heard = []

    async def hear(self, heard):
        self.heard.append(heard.event)

    def apologise(self, heard):
        raise AssertionError

    def slow_down(self, heard):
        raise AssertionError


async def test_flood_of_queries_is_dropped_in_silence_and_costs_no_turn_in_the_chat():
    dispatcher = Dispatcher(conversation := Conversation())
    for number in range(200):
        assert await dispatcher.take(Heard(number, PERSON, AskedForCards("q"))) is None
    assert len(conversation.heard) == CARDS_AT_ONCE
    assert not dispatcher._rate_limit._spent


async def test_group_is_limited_however_many_people_call():
    dispatcher = Dispatcher(conversation := Conversation())
    for number in range(200):
        await dispatcher.take(Heard(number, Person(number, "", None), CalledAsGuest("g", -5)))
    assert len(conversation.heard) == CARDS_AT_ONCE
