"""Reading updates: the kinds that the bot uses, other kinds, and broken ones."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from markupsafe import Markup

from chatbot.conversation.interface import (
    BlockedBot,
    Edited,
    Heard,
    InGroup,
    Person,
    Pressed,
    Said,
    SentMedia,
    UnblockedBot,
)
from chatbot.transport.incoming.updates import reduce_update

US = "SaveMyFriend_bot"
HANA = {"id": 11, "is_bot": False, "first_name": "하나", "last_name": "김", "language_code": "ko"}
PRIVATE = {"id": 11, "type": "private", "first_name": "하나"}
GROUP = {"id": -100, "type": "supergroup", "title": "Friends"}
CHANNEL = {"id": -200, "type": "channel", "title": "News"}
OUR_BOT = {"id": 1, "is_bot": True, "first_name": "Save", "username": US}


def message(chat=PRIVATE, sender=HANA, **content):
    return {"update_id": 5, "message": {"message_id": 3, "date": 1, "chat": chat, "from": sender, **content}}


def callback(of, **more):
    return {
        "update_id": 5,
        "callback_query": {"id": "q1", "from": HANA, "chat_instance": "c", "message": of, "data": "sign", **more},
    }


def membership(chat, before, after, **rights):
    old, new = ({"user": OUR_BOT, "status": status, "until_date": 0} for status in (before, after))
    new |= rights
    change = {"chat": chat, "from": HANA, "date": 1, "old_chat_member": old, "new_chat_member": new}
    return {"update_id": 5, "my_chat_member": change}


BOLD = {"type": "bold", "offset": 2, "length": 1}
PHOTO = [
    {"file_id": "small", "width": 90, "height": 60},
    {"file_id": "large", "width": 1280, "height": 960},
    {"file_id": "medium", "width": 320, "height": 240},
]


def edited(chat=PRIVATE, sender=HANA, **content):
    """Return the same message as Telegram reports it after an edit."""
    update = message(chat, sender, edit_date=2, **content)
    return {"update_id": 5, "edited_message": update["message"]}


CUSTOM_EMOJI = {"type": "custom_emoji", "offset": 3, "length": 2, "custom_emoji_id": "5"}
ASKED = {"message_id": 4, "date": 1, "chat": PRIVATE, "from": OUR_BOT}
HEARD = [
    (message(text="안녕하세요"), Said("안녕하세요")),
    (message(text="/start"), Said("/start", "start")),
    (message(text="/Start  x_1-2 "), Said("/Start  x_1-2 ", "start", "x_1-2")),
    (message(text="/start@savemyfriend_BOT x"), Said("/start@savemyfriend_BOT x", "start", "x")),
    (message(text="/start@OtherBot x"), Said("/start@OtherBot x")),
    (message(text="/sign\nnow"), Said("/sign\nnow", "sign", "now")),
    (message(text="/sign."), Said("/sign.", "sign", ".")),
    (message(text="please /sign"), Said("please /sign")),
    (message(text="/usr/bin"), Said("/usr/bin")),
    (message(text="/sign하다"), Said("/sign하다")),
    (message(text="/"), Said("/")),
    (message(text="a\0b"), Said("ab")),
    (
        message(text="hi", forward_origin={"type": "hidden_user", "date": 1, "sender_user_name": "x"}),
        Said("hi", is_forwarded=True),
    ),
    (message(text="a\0b c", entities=[BOLD]), Said("ab c", formatted=Markup("a<b>b</b> c"))),
    (message(text="/start", entities=[{"type": "bot_command", "offset": 0, "length": 6}]), Said("/start", "start")),
    (
        message(text="/broadcast x", entities=[{**BOLD, "offset": 11}]),
        Said("/broadcast x", "broadcast", "x", Markup("/broadcast <b>x</b>")),
    ),
    (message(photo=[{"file_id": "f"}], caption="/start"), SentMedia("photo", "f", "/start")),
    (
        message(photo=PHOTO, caption="<하나>", caption_entities=[BOLD]),
        SentMedia("photo", "large", "<하나>", Markup("&lt;하<b>나</b>&gt;")),
    ),
    (message(photo=PHOTO), SentMedia("photo", "large")),
    (message(photo=PHOTO[:1]), SentMedia("photo", "small")),
    (message(photo=[]), SentMedia("photo")),
    (message(photo="f"), SentMedia("photo")),
    (message(video={"file_id": "f"}, caption="hi"), SentMedia("video", "f", "hi")),
    (message(photo=[{"file_id": "f"}], media_group_id="7"), SentMedia("photo", "f", album="7")),
    (message(document={"file_id": "f"}), SentMedia("document", "f")),
    (message(document={}), SentMedia("document")),
    (message(voice={"file_id": "f"}, caption="hi"), SentMedia("voice", None, "hi")),
    (message(animation={"file_id": "f"}, document={"file_id": "g"}), SentMedia("animation", "f")),
    (message(venue={"title": "x"}, location={"latitude": 0, "longitude": 0}), SentMedia("venue")),
    (message(sticker={"file_id": "f"}), SentMedia("sticker")),
    (message(hologram={"file_id": "f"}), SentMedia("unknown")),
    (callback({**ASKED, "text": "Welcome"}), Pressed("sign", "q1", 4)),
    (callback({**ASKED, "photo": [{"file_id": "f"}], "caption": "Welcome"}), Pressed("sign", "q1", None)),
    (callback({"message_id": 4, "date": 0, "chat": PRIVATE}), Pressed("sign", "q1", None)),
    (callback(None, inline_message_id="i"), Pressed("sign", "q1", None)),
    (callback({**ASKED, "text": "Welcome"}, data=""), Pressed("", "q1", 4)),
    (callback({**ASKED, "chat": GROUP, "text": "Welcome"}), InGroup(-100, "q1")),
    (callback({**ASKED, "chat": CHANNEL, "text": "Welcome"}), InGroup(-200, "q1")),
    (membership(PRIVATE, "member", "kicked"), BlockedBot()),
    (membership(PRIVATE, "kicked", "member"), UnblockedBot()),
    (edited(text="김하나"), Edited(Said("김하나"))),
    (edited(text="a\0b c", entities=[BOLD]), Edited(Said("ab c", formatted=Markup("a<b>b</b> c")))),
    (edited(text="/sign"), Said("/sign", "sign")),
    (edited(photo=PHOTO, caption="hi"), Edited(SentMedia("photo", "large", "hi"))),
    (message(text="hi 💙", entities=[CUSTOM_EMOJI]), Said("hi 💙", has_custom_emoji=True)),
    (
        message(photo=PHOTO, caption="hi 💙", caption_entities=[CUSTOM_EMOJI]),
        SentMedia("photo", "large", "hi 💙", has_custom_emoji=True),
    ),
]
ODD = [
    # An optional field of another type counts as missing.
    (message(photo=PHOTO, caption=5), SentMedia("photo", "large")),
    (message(photo=PHOTO, caption="hi", caption_entities=5), SentMedia("photo", "large", "hi")),
    (message(photo=[{"file_id": 5}]), SentMedia("photo")),
    (message(text=5, photo=PHOTO), SentMedia("photo", "large")),
    (message(text=None, sticker={"file_id": "f"}), SentMedia("sticker")),
    (message(text="hi", entities={"type": "bold"}), Said("hi")),
    (message(text="hi", date="yesterday"), Said("hi")),
    (message(text="hi", sender_chat=None), Said("hi")),
    (message(text="hi", message_thread_id="77"), Said("hi")),
    (callback({**ASKED, "text": "x"}, data={}), Pressed("", "q1", 4)),
    (callback({**ASKED, "text": "x"}, data=None), Pressed("", "q1", 4)),
    (callback({**ASKED, "text": "x", "message_id": 1.5}), Pressed("sign", "q1", None)),
    (callback({**ASKED, "text": ["x"]}), Pressed("sign", "q1", None)),
    (callback({**ASKED, "text": "x", "chat": None}), Pressed("sign", "q1", None)),
    (callback("message"), Pressed("sign", "q1", None)),
    (
        {
            "update_id": 5,
            "my_chat_member": {**membership(PRIVATE, "", "kicked")["my_chat_member"], "old_chat_member": 5},
        },
        BlockedBot(),
    ),
]
SILENT = [
    message(CHANNEL, text="/start"),
    message(sender={**HANA, "is_bot": True}, text="hi"),
    message(pinned_message=ASKED),
    message(write_access_allowed={}),
    membership(PRIVATE, "member", "left"),
    {"update_id": 5, "edited_message": message(text="/start")["message"]},  # without the date of an edit
    edited(GROUP, text="/start"),
    edited(sticker={"file_id": "f"}),
    edited(location={"latitude": 0, "longitude": 0, "live_period": 60}),
    edited(text=5),
    {"update_id": 5, "telepathy": {"thought": "/start"}},
    {"update_id": 5},
]
BROKEN = [
    None,
    [],
    "update",
    {"message": message(text="hi")["message"]},
    {"update_id": "5", "message": message(text="hi")["message"]},
    {"update_id": True, "message": message(text="hi")["message"]},
    {"update_id": 2**63, "message": message(text="hi")["message"]},
    {"update_id": 5, "message": []},
    message({"id": "11", "type": "private"}, text="hi"),
    message({"id": 2**70, "type": "private"}, text="hi"),
    message({"type": "private"}, text="hi"),
    message(text=5),
    message(GROUP, migrate_to_chat_id="-300"),
    message(chat_shared={"request_id": 1, "chat_id": "-200"}),
    callback({**ASKED, "text": "x"}, id=5),
    callback({**ASKED, "text": "x"}, id=""),
    {"update_id": 5, "edited_message": []},
    {"update_id": 5, "my_chat_member": {"chat": PRIVATE, "from": HANA}},
]


def with_message(event, date):
    """Return the event with the id of its message, 3, and its time, if `date` is valid."""
    match event:
        case Said() | SentMedia() if event != SentMedia("unknown"):
            return replace(event, message_id=3, sent_at=datetime.fromtimestamp(1, UTC) if date == 1 else None)
        case Edited(said):
            return Edited(with_message(said, date))
    return event


def _read_date(update):
    return update.get("message", update.get("edited_message", {})).get("date")


@pytest.mark.parametrize(("update", "event"), HEARD + ODD)
def test_reader_finds_the_person_and_the_event(update, event, caplog):
    assert reduce_update(update, US) == Heard(5, Person(11, "김하나", "ko"), with_message(event, _read_date(update)))
    assert caplog.records == []


@pytest.mark.parametrize("update", SILENT)
def test_reader_ignores_other_updates_silently(update):
    assert reduce_update(update, US) is None


@pytest.mark.parametrize("update", BROKEN)
def test_reader_logs_a_broken_update_without_its_content(update, caplog):
    assert reduce_update(update, US) is None
    assert len(caplog.records) == 1
    assert "하나" not in caplog.text


def test_reader_logs_only_the_name_of_an_unknown_kind(caplog):
    caplog.set_level("INFO")
    assert reduce_update({"update_id": 5, "telepathy": {"from": HANA}}, US) is None
    assert reduce_update({"update_id": 5, "하나": {}}, US) is None
    assert "telepathy" in caplog.text
    assert "하나" not in caplog.text


def test_reader_accepts_a_profile_without_names():
    mononym = reduce_update(message(sender={"id": 11, "first_name": "Sam"}, text="hi"), US)
    nameless = reduce_update(message(sender={"id": 11}, text="hi"), US)
    assert mononym is not None
    assert nameless is not None
    assert mononym.person == Person(11, "Sam", None)
    assert nameless.person == Person(11, "", None)


@pytest.mark.parametrize(
    ("fields", "name", "language_code"),
    [
        ({"first_name": 5, "last_name": "김"}, "김", "ko"),
        ({"first_name": ["하나"], "last_name": None}, "", "ko"),
        ({"username": None, "is_premium": "yes"}, "김하나", "ko"),
        *(({"language_code": code}, "김하나", None) for code in (None, 5, True, ["ko"], {"ko": "KR"}, "", "\0")),
        ({"language_code": "k" * 200}, "김하나", "k" * 64),
    ],
)
def test_reader_takes_the_valid_part_of_a_profile(fields, name, language_code, caplog):
    for update in (message(sender=HANA | fields, text="hi"), edited(sender=HANA | fields, text="hi")):
        heard = reduce_update(update, US)
        assert heard is not None
        assert heard.person == Person(11, name, language_code)
    assert caplog.records == []


ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


@pytest.mark.parametrize(
    ("update", "thread_id"),
    [
        (message(text="hi", message_thread_id=77, is_topic_message=True), 77),
        (message(text="hi", message_thread_id=77), 77),
        (message(photo=PHOTO, message_thread_id=77), 77),
        (edited(text="hi", message_thread_id=77), 77),
        (callback({**ASKED, "text": "x", "message_thread_id": 77}), 77),
        (callback({"message_id": 4, "date": 0, "chat": PRIVATE}), None),
        (message(GROUP, text="/start", message_thread_id=9, is_topic_message=True), 9),
        (message(GROUP, ANONYMOUS, text="/start", sender_chat=GROUP, message_thread_id=9, is_topic_message=True), 9),
        (message(GROUP, text="/start", message_thread_id=9), None),  # a reply in a group without topics
        *((message(text="hi", message_thread_id=odd), None) for odd in (None, "77", 0, -1, 2**31, True, 7.5, [77])),
    ],
)
def test_reader_finds_the_topic(update, thread_id):
    heard = reduce_update(update, US)
    assert heard is not None
    assert heard.thread_id == thread_id


@pytest.mark.parametrize(
    ("update", "comment_id"),
    [
        (message(GROUP, text="/sign", message_thread_id=9), message(GROUP)["message"]["message_id"]),
        (message(GROUP, text="/sign"), None),
        (message(GROUP, text="/sign", message_thread_id=9, is_topic_message=True), None),
        (message(GROUP, text="/sign", message_thread_id="9"), None),
        (message(text="hi", message_thread_id=77), None),
        (callback({"message_id": 4, "date": 0, "chat": GROUP, "message_thread_id": 3}), None),
    ],
)
def test_reader_finds_the_comment_that_is_answered(update, comment_id):
    heard = reduce_update(update, US)
    assert heard is not None
    assert heard.comment_id == comment_id
