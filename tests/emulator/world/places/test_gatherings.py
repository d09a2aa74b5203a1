"""Groups and channels: a person chooses one for the bot, takes its rights away, and gives them back."""

from typing import Any

import pytest

from chatbot.emulator.world.places.gatherings import expel_bot, gather, give_rights, rename, share, take_rights, upgrade
from chatbot.screens.organizer.places.places import ask_chat
from chatbot.transport.outgoing.rendering import render_message
from tests.support.bot_api_schema import check_request


@pytest.fixture
async def asked(line, sam, translators) -> dict[str, Any]:
    """The bot's own question for a channel or group, which Sam sees."""
    method, values = render_message(ask_chat(translators["en"]))
    check_request(method, {"chat_id": sam.id, **values})
    return await line.result(method, chat_id=sam.id, **values)


@pytest.mark.parametrize(("kind", "request_id"), [("channel", 1), ("group", 2), ("supergroup", 2)])
async def test_bot_gets_exactly_the_rights_it_asks_for(emulator, line, sam, heard, asked, kind, request_id):
    place = gather(emulator.world, "Square", [sam], kind=kind, bot=False)
    share(emulator.world, sam, request_id, place)
    changed, *_, told = heard()
    member = changed["my_chat_member"]["new_chat_member"]
    given = {name for name, value in member.items() if value is True}
    assert given == ({"can_post_messages", "can_edit_messages"} if kind == "channel" else {"can_pin_messages"})
    assert told["message"]["chat_shared"] == {"request_id": request_id, "chat_id": place.id, "title": "Square"}
    sent = await line.result("sendMessage", chat_id=place.id, text="Hello")
    assert await line.result("pinChatMessage", chat_id=place.id, message_id=sent["message_id"])
    assert place.pinned == [sent["message_id"]]
    assert await line.result("unpinChatMessage", chat_id=place.id, message_id=sent["message_id"])
    assert "not found" in await line.refusal("unpinChatMessage", chat_id=place.id, message_id=sent["message_id"])


async def test_person_shares_only_their_own_place_and_only_when_asked(emulator, sam, hana, asked):
    place = gather(emulator.world, "Square", [hana], kind="channel", bot=False)
    own = gather(emulator.world, "Friends", [sam], bot=False)
    for person, request_id, chosen in ((sam, 1, place), (hana, 1, place), (sam, 1, own), (sam, 9, own)):
        with pytest.raises(ValueError, match=r"button|rights"):
            share(emulator.world, person, request_id, chosen)


@pytest.mark.parametrize(
    ("kind", "refusal"),
    [("channel", "need administrator rights"), ("supergroup", "not enough rights"), ("group", "manage pinned")],
)
async def test_rights_are_taken_and_given_back(emulator, line, sam, heard, kind, refusal):
    place = gather(emulator.world, "Square", [sam], kind=kind)
    give_rights(emulator.world, place)
    sent = await line.result("sendMessage", chat_id=place.id, text="Hello")
    emulator.world.updates.clear()
    take_rights(emulator.world, place)
    take_rights(emulator.world, place)
    assert len(heard()) == 1, "the second time nothing changes"
    if kind == "group":
        assert refusal in await line.refusal("pinChatMessage", chat_id=place.id, message_id=sent["message_id"])
    else:
        assert refusal in await line.refusal("sendMessage", chat_id=place.id, text="Hello")
    give_rights(emulator.world, place)
    await line.result("sendMessage", chat_id=place.id, text="Hello")
    expel_bot(emulator.world, place)
    assert "kicked" in await line.refusal("sendMessage", chat_id=place.id, text="Hello")


async def test_supergroup_keeps_the_rights_of_the_bot(emulator, sam):
    group = gather(emulator.world, "Square", [sam], kind="group")
    give_rights(emulator.world, group)
    grown = upgrade(emulator.world, group)
    assert (grown.bot_status, grown.bot_rights, grown.owner_id) == ("administrator", ["can_pin_messages"], sam.id)


@pytest.mark.parametrize("kind", ["channel", "supergroup"])
async def test_bot_hears_of_a_new_title(emulator, sam, heard, kind):
    place = gather(emulator.world, "Square", [sam], kind=kind)
    emulator.world.updates.clear()
    rename(emulator.world, place, "Plaza")
    [update] = heard()
    [message] = update.values()
    assert (message["new_chat_title"], message["chat"]["title"]) == ("Plaza", "Plaza")
