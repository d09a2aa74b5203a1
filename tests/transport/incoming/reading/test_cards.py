"""Inline queries, posted cards and calls as a guest: what the reader takes from them, and how many are heard."""

import pytest

from chatbot.conversation.interface import AskedForCards, CalledAsGuest, Heard, Person, PostedCard
from chatbot.transport.incoming.dispatcher import CARDS_AT_ONCE, Dispatcher
from chatbot.transport.incoming.updates import reduce_update
from tests.support.bot_api_schema import check_update
from tests.support.fake_conversation import FakeConversation

HANA = {"id": 11, "is_bot": False, "first_name": "하나", "language_code": "ko"}
PERSON = Person(11, "하나", "ko")
QUERY = {"id": "q", "from": HANA, "query": "비밀", "offset": ""}
GROUP = {"id": -100_5, "type": "supergroup", "title": "친구들"}
CALL = {"message_id": 1, "date": 1, "chat": GROUP, "from": HANA, "text": "@bot 비밀", "guest_query_id": "g"}


@pytest.mark.parametrize(
    ("content", "event"),
    [
        ({"inline_query": QUERY}, AskedForCards("q")),
        ({"inline_query": QUERY | {"chat_type": "supergroup"}}, AskedForCards("q")),
        ({"inline_query": QUERY | {"chat_type": "channel"}}, AskedForCards("q", in_channel=True)),
        (
            {"chosen_inline_result": {"result_id": "ko", "from": HANA, "query": "비밀", "inline_message_id": "m"}},
            PostedCard("m", "ko"),
        ),
        ({"guest_message": CALL}, CalledAsGuest("g", -100_5)),
    ],
)
def test_reader_takes_person_and_chat_but_no_words(content, event):
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
def test_reader_ignores_requests_that_cannot_be_answered(content):
    assert reduce_update({"update_id": 5, **content}, "bot") is None


@pytest.fixture
def heard():
    """All that the conversation has heard."""
    return []


@pytest.fixture
def dispatcher(heard):
    async def hear(each):
        heard.append(each)

    return Dispatcher(FakeConversation(hear))


async def test_dispatcher_drops_a_flood_of_queries_silently(dispatcher, heard):
    for number in range(200):
        assert await dispatcher.take(Heard(number, PERSON, AskedForCards("q"))) is None
    assert len(heard) == CARDS_AT_ONCE
    assert not dispatcher._rate_limit._spent, "the limit of the chat with the bot stays as it was"


async def test_dispatcher_limits_a_group_however_many_people_call(dispatcher, heard):
    for number in range(200):
        await dispatcher.take(Heard(number, Person(number, "", None), CalledAsGuest("g", -5)))
    assert len(heard) == CARDS_AT_ONCE
