"""Writing in a supergroup as somebody else, as Telegram tells the bot of it."""

import pytest

from chatbot.emulator.world.places.gatherings import gather
from chatbot.emulator.world.places.speaking import list_speakers, says, speaks_as
from tests.emulator.conftest import Line


@pytest.fixture
def square(emulator, sam, hana):
    """Sam's supergroup with 하나 and the bot in it."""
    place = gather(emulator.world, "Square", [sam, hana])
    emulator.world.updates.clear()
    return place


async def test_anonymous_admin_writes_as_the_group(emulator, sam, square, heard):
    speaks_as(emulator.world, sam, square, square.id)
    says(emulator.world, sam, square, "/share@petition_bot")
    [update] = heard()
    message = update["message"]
    assert message["from"] == {
        "id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot",
    }  # fmt: skip
    assert message["sender_chat"] == message["chat"] == square.as_chat()
    assert "Sam" not in str(update)


async def test_owner_of_a_channel_writes_as_the_channel(emulator, sam, square, heard):
    channel = gather(emulator.world, "News", [sam], kind="channel", bot=False)
    speaks_as(emulator.world, sam, square, channel.id)
    says(emulator.world, sam, square, "/start@petition_bot")
    [update] = heard()
    assert update["message"]["from"]["username"] == "Channel_Bot"
    assert update["message"]["sender_chat"] == channel.as_chat()
    speaks_as(emulator.world, sam, square, sam.id)
    says(emulator.world, sam, square, "/start@petition_bot")
    assert heard()[-1]["message"]["from"]["id"] == sam.id


async def test_person_writes_only_as_whom_telegram_lets_them(emulator, sam, hana, square):
    channel = gather(emulator.world, "News", [sam], kind="channel", bot=False)
    basic = gather(emulator.world, "Town", [sam], kind="group", bot=False)
    assert [each.id for each in list_speakers(emulator.world, sam, square)] == [sam.id, square.id, channel.id]
    assert list_speakers(emulator.world, sam, basic) == [sam], "only in supergroups"
    assert list_speakers(emulator.world, hana, square) == [hana], "she is no admin"
    with pytest.raises(ValueError, match="may not"):
        speaks_as(emulator.world, hana, square, square.id)
    speaks_as(emulator.world, sam, square, square.id)
    with pytest.raises(ValueError, match="empty"):
        says(emulator.world, sam, square, "")


async def test_bot_with_privacy_mode_hears_no_talk_of_an_anonymous_admin(emulator, sam, square, heard):
    speaks_as(emulator.world, sam, square, square.id)
    says(emulator.world, sam, square, "Good morning")
    assert heard() == []
    assert emulator.world.said_in(square)[-1]["text"] == "Good morning"


async def test_emulator_takes_what_the_bot_answers_there(emulator, sam, square, line: Line):
    speaks_as(emulator.world, sam, square, square.id)
    asked = says(emulator.world, sam, square, "/share@petition_bot")
    answer = {"message_id": asked["message_id"]}
    sent = await line.result("sendMessage", chat_id=square.id, text="Sign", reply_parameters=answer)
    assert sent["reply_to_message"]["sender_chat"]["id"] == square.id
