"""Reading updates of groups and channels: what people say to the bot, and how the chat changes."""

import pytest

from chatbot.conversation.interface import (
    BotAdded,
    BotStatus,
    Heard,
    InGroup,
    Person,
    PlaceMoved,
    PlaceRenamed,
    SharedChat,
)
from chatbot.transport.incoming.updates import reduce_update
from tests.transport.incoming.test_updates import (
    ANONYMOUS,
    CHANNEL,
    GROUP,
    OUR_BOT,
    PHOTO,
    US,
    membership,
    message,
)


def post(**content):
    return {"update_id": 5, "channel_post": {"message_id": 1, "date": 1, "chat": CHANNEL, **content}}


US_ADDED = {"id": 424242, "is_bot": True, "first_name": "Petition", "username": "SaveMyFriend_Bot"}
CHANNEL_BOT = {"id": 136817688, "is_bot": True, "first_name": "Channel"}


IN_GROUPS = [
    (membership(GROUP, "left", "member"), BotStatus(-100, "Friends", None, joined=True)),
    (membership(GROUP, "kicked", "administrator"), BotStatus(-100, "Friends", None)),
    (membership(GROUP, "member", "administrator"), BotStatus(-100, "Friends", None)),
    (membership(GROUP, "administrator", "restricted"), BotStatus(-100, "Friends", "rights")),
    (membership(GROUP, "member", "restricted", can_send_messages=True), BotStatus(-100, "Friends", None)),
    (membership(GROUP, "member", "left"), BotStatus(-100, "Friends", "removed")),
    (membership(CHANNEL, "left", "administrator", can_post_messages=True), BotStatus(-200, "News", None)),
    (membership(CHANNEL, "administrator", "administrator"), BotStatus(-200, "News", "rights")),
    (membership(CHANNEL, "administrator", "kicked"), BotStatus(-200, "News", "removed")),
    (message(chat_shared={"request_id": 1, "chat_id": -200, "title": "News"}), SharedChat("channel", -200, "News")),
    (message(chat_shared={"request_id": 2, "chat_id": -100}), SharedChat("group", -100, "")),
    (message(GROUP, new_chat_members=[{"id": 5, "is_bot": False, "first_name": "Sam"}, US_ADDED]), BotAdded(-100)),
    (message(GROUP, group_chat_created=True), BotAdded(-100)),
    (message(GROUP, text="/start"), InGroup(-100, wants_card=True)),
    (message(GROUP, text="/SIGN now"), InGroup(-100)),
    (message(GROUP, text="/start@savemyfriend_bot"), InGroup(-100, wants_card=True)),
    (message(GROUP, text="/Share@SaveMyFriend_bot now"), InGroup(-100, wants_card=True)),
    (message(GROUP, text="Ask @savemyfriend_BOT, please"), InGroup(-100, wants_card=True)),
    (message(GROUP, photo=PHOTO, caption="@SaveMyFriend_bot"), InGroup(-100, wants_card=True)),
    (message(GROUP, text="/weather@savemyfriend_bot"), InGroup(-100)),
]
WITHOUT_A_PERSON = [
    (message(GROUP, ANONYMOUS, new_chat_members=[US_ADDED]), BotAdded(-100)),
    (message(GROUP, migrate_to_chat_id=-300), PlaceMoved(-100, -300)),
    (message(GROUP, new_chat_title="Friends of them"), PlaceRenamed(-100, "Friends of them")),
    (post(new_chat_title="New news"), PlaceRenamed(-200, "New news")),
    (message(GROUP, CHANNEL_BOT, text="/start", sender_chat=CHANNEL), InGroup(-100, wants_card=True)),
]
SILENT = [
    message(GROUP, text="/start@OtherBot"),
    message(GROUP, new_chat_members=[{"id": 5, "is_bot": True, "username": "OtherBot"}, "SaveMyFriend_bot"]),
    message(GROUP, new_chat_members="SaveMyFriend_bot"),
    message(GROUP, text="hello /start"),
    message(GROUP, sticker={"file_id": "f"}),
    message(GROUP, text="/weather"),
    message(GROUP, text="/ban 5"),
    message(GROUP, text="/signs"),
    message(GROUP, {"id": 777000, "is_bot": False, "first_name": "Telegram"}, text="/start", sender_chat=CHANNEL),
    message(GROUP, CHANNEL_BOT, text="/start", sender_chat=CHANNEL, is_automatic_forward=True),
    message(GROUP, CHANNEL_BOT, text="/sign", sender_chat=CHANNEL),
    message(GROUP, text="hello@SaveMyFriend_bot.example"),
    message(GROUP, text="@SaveMyFriend_bot2 and t.me/@SaveMyFriend_bot"),
    message(GROUP, text="/weather@OtherBot @SaveMyFriend_bot"),
    message(GROUP, text="@SaveMyFriend_bot", via_bot=OUR_BOT),
    message(GROUP, text="@SaveMyFriend_bot", forward_origin={"type": "hidden_user", "date": 1}),
    message(chat_shared={"request_id": 9, "chat_id": -200}),
    post(text="/start @SaveMyFriend_bot"),
    message(GROUP, {"id": 1087968824, "is_bot": True, "first_name": "Group"}, text="/start"),
]


@pytest.mark.parametrize(("update", "event"), IN_GROUPS)
def test_reader_finds_events_for_the_bot(update, event, caplog):
    assert reduce_update(update, US) == Heard(5, Person(11, "김하나", "ko"), event)
    assert caplog.records == []


@pytest.mark.parametrize("update", SILENT)
def test_reader_ignores_other_messages(update):
    assert reduce_update(update, US) is None


def test_reader_finds_the_former_id_of_a_supergroup():
    heard = reduce_update(message(GROUP, migrate_from_chat_id=-300), US)
    assert heard == Heard(5, Person(-100, "", None), PlaceMoved(-300, -100))


def test_reader_takes_an_anonymous_admin_for_the_group():
    heard = reduce_update(message(GROUP, ANONYMOUS, text="/sign", sender_chat=GROUP), US)
    assert heard == Heard(5, Person(-100, "", None), InGroup(-100))


@pytest.mark.parametrize(("update", "event"), WITHOUT_A_PERSON)
def test_reader_takes_the_chat_for_the_person_of_a_change(update, event, caplog):
    assert reduce_update(update, US) == Heard(5, Person(event.chat_id, "", None), event)
    assert caplog.records == []
