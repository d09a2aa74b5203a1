"""The discussion group of a channel: copies of posts, of people and of the bot, and of their edits."""

import pytest

from chatbot.emulator.world.places.discussions import open_discussion
from chatbot.emulator.world.places.gatherings import edit_post, gather, give_rights, post


@pytest.fixture
def pair(emulator, sam):
    """A channel and its discussion group, with the bot as admin in both."""
    channel = gather(emulator.world, "News", [sam], kind="channel")
    group = gather(emulator.world, "Talk", [sam])
    give_rights(emulator.world, group)
    open_discussion(emulator.world, channel, group)
    emulator.world.updates.clear()
    return channel, group


async def test_post_is_copied_into_the_discussion_group(emulator, pair, heard):
    channel, group = pair
    written = post(emulator.world, channel, "News of @petition_bot")
    assert [next(iter(each)) for each in heard()] == ["channel_post", "message"]
    copy = heard()[-1]["message"]
    assert (copy["from"]["id"], copy["from"]["is_bot"]) == (777000, False)
    assert copy["sender_chat"] == channel.as_chat()
    assert copy["is_automatic_forward"] is True
    assert copy["forward_origin"]["message_id"] == written["message_id"]
    assert (copy["chat"]["id"], copy["text"]) == (group.id, "News of @petition_bot")
    edit_post(emulator.world, channel, written["message_id"], "Newer news")
    assert emulator.world.said_in(group)[-1]["text"] == "Newer news"
    assert heard()[-1]["edited_message"]["is_automatic_forward"] is True


async def test_post_of_the_bot_is_copied_with_its_button_and_follows_its_edits(emulator, pair, line):
    channel, group = pair
    markup = {"inline_keyboard": [[{"text": "Sign", "url": "https://t.me/petition_bot?start=c-1"}]]}
    sent = await line.result("sendMessage", chat_id=channel.id, text="120 people", reply_markup=markup)
    [copy] = [each for each in emulator.world.said_in(group) if "text" in each]
    assert (copy["text"], copy["reply_markup"]) == ("120 people", markup)
    values = {"chat_id": channel.id, "message_id": sent["message_id"]}
    await line.result("editMessageText", **values, text="130 people", reply_markup=markup)
    assert emulator.world.message(group.id, copy["message_id"])["text"] == "130 people"
    refused = await line.refusal("editMessageText", chat_id=group.id, message_id=copy["message_id"], text="140")
    assert "can't be edited" in refused


async def test_only_a_supergroup_of_the_same_owner_discusses_a_channel(emulator, sam, hana, pair):
    channel, group = pair
    for other in (gather(emulator.world, "Hers", [hana]), gather(emulator.world, "Town", [sam], kind="group"), channel):
        with pytest.raises(ValueError, match="owner"):
            open_discussion(emulator.world, channel, other)
    newer = gather(emulator.world, "Newer", [sam], kind="channel")
    open_discussion(emulator.world, newer, group)
    assert channel.discussion_id is None, "a group discusses one channel"
