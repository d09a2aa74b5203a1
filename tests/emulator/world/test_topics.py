"""Topics, anonymous admins and reply keyboards, with Telegram's rules."""

import pytest

from chatbot.emulator.bot_api import keyboards
from chatbot.emulator.world.places.gatherings import gather
from chatbot.emulator.world.places.speaking import says_as
from chatbot.emulator.world.topics import delete_topic, note, open_topic, says_in


@pytest.fixture
def world(emulator):
    return emulator.world


async def test_message_to_a_deleted_topic_is_refused(line, world, hana):
    thread_id = open_topic(world, hana, "Petition")
    sent = await line.result("sendMessage", chat_id=hana.id, text="Hello", message_thread_id=thread_id)
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (thread_id, True)
    assert "message_thread_id" not in await line.result("sendMessage", chat_id=hana.id, text="Hello")
    delete_topic(hana, thread_id)
    refusal = await line.refusal("sendMessage", chat_id=hana.id, text="Hello", message_thread_id=thread_id)
    assert refusal == "Bad Request: message thread not found"


async def test_bot_gets_events_of_topics(line, world, hana):
    forum = gather(world, "Friends", [hana])
    for place in (None, forum):
        thread_id = open_topic(world, hana, "Petition", place)
        note(world, hana, "forum_topic_closed", thread_id, place)
        says_in(world, hana, "/start", thread_id, place)
        heard = [update["message"] for update in await line.result("getUpdates") if "message" in update]
        created, closed, said = heard[-3:]
        assert created["forum_topic_created"]["name"] == "Petition"
        assert created["message_id"] == thread_id
        assert closed["forum_topic_closed"] == {}
        assert {each["message_thread_id"] for each in (created, closed, said)} == {thread_id}


async def test_anonymous_admin_writes_as_the_group(line, world, hana):
    group, channel = gather(world, "Friends", [hana]), gather(world, "News", [hana], kind="channel")
    says_as(world, group, "/start", group)
    says_as(world, channel, "/start", group)
    anonymous, posted = [update["message"] for update in (await line.result("getUpdates"))[-2:]]
    assert (anonymous["from"]["id"], anonymous["sender_chat"]["id"]) == (1087968824, group.id)
    assert (posted["from"]["id"], posted["sender_chat"]["id"]) == (136817688, channel.id)


async def test_reply_keyboard_stays_until_it_is_removed(line, world, hana):
    world.starts(hana)
    shown = {"keyboard": [[{"text": "🛒 Buy"}]], "resize_keyboard": True}
    sent = await line.result("sendMessage", chat_id=hana.id, text="Hello", reply_markup=shown)
    assert "reply_markup" not in sent
    assert hana.keyboard == shown["keyboard"]
    inline = {"inline_keyboard": [[{"text": "Sign", "callback_data": "sign"}]]}
    await line.result("sendMessage", chat_id=hana.id, text="Hello", reply_markup=inline)
    assert hana.keyboard == shown["keyboard"]
    await line.result("sendMessage", chat_id=hana.id, text="Hello", reply_markup={"remove_keyboard": True})
    assert hana.keyboard is None
    assert keyboards.read({"remove_keyboard": True}).answers == []
