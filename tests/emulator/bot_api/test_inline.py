"""Inline mode and guest mode, with Telegram's rules."""

import base64
import struct

import pytest

from chatbot.emulator.world import saving
from chatbot.emulator.world.inline import asks_inline, calls_guest, chooses_result
from chatbot.emulator.world.people import Bot
from chatbot.emulator.world.places.gatherings import gather
from chatbot.emulator.world.scene import Scene

KEYBOARD = {"inline_keyboard": [[{"text": "Sign", "url": "https://t.me/petition_bot?start=s-1"}]]}
ARTICLE = {
    "type": "article",
    "id": "ko",
    "title": "청원",
    "description": "12명",
    "input_message_content": {"message_text": "<b>청원</b>", "parse_mode": "HTML"},
    "reply_markup": KEYBOARD,
}
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
def world(emulator):
    emulator.world.bot.has_inline = emulator.world.bot.is_guest = True
    return emulator.world


@pytest.fixture
def group(world, hana):
    return gather(world, "친구들", [hana], bot=False)


async def hear(line):
    """Return the newest update."""
    return (await line.result("getUpdates"))[-1]


async def test_card_is_offered_posted_edited_and_lost(world, line, hana, group):
    assert (await line.result("getMe"))["supports_inline_queries"]
    query_id = asks_inline(world, hana, group, "비밀")
    heard = (await hear(line))["inline_query"]
    assert (heard["id"], heard["from"]["id"], heard["chat_type"]) == (query_id, hana.id, "supergroup")
    await line.result("answerInlineQuery", inline_query_id=query_id, results=[ARTICLE], is_personal=True, cache_time=5)
    assert await line.refusal("answerInlineQuery", inline_query_id=query_id, results=[ARTICLE]) == TOO_OLD
    with pytest.raises(ValueError, match="not offered"):
        chooses_result(world, query_id, "en")
    message = chooses_result(world, query_id, "ko")
    assert (message["text"], message["from"]["id"], message["via_bot"]["id"]) == ("청원", hana.id, world.bot.id)
    message_id = (await hear(line))["chosen_inline_result"]["inline_message_id"]
    raw = base64.urlsafe_b64decode(message_id + "=" * (-len(message_id) % 4))
    assert struct.unpack("<iqiq", raw)[1] == group.id, "as in Telegram, the id contains who or what owns the message"
    values = {"inline_message_id": message_id, "text": "13명", "reply_markup": KEYBOARD}
    assert await line.result("editMessageText", **values) is True
    assert "is not modified" in await line.refusal("editMessageText", **values)
    [shown] = world.said_in(group)
    assert shown["text"] == "13명"
    world.remove(shown)
    assert await line.refusal("editMessageText", **values) == "Bad Request: MESSAGE_ID_INVALID"


async def test_guest_is_called_where_it_is_no_member(world, line, hana, group):
    query_id = calls_guest(world, hana, group, "안녕")
    assert (await hear(line))["guest_message"]["guest_query_id"] == query_id
    sent = await line.result("answerGuestQuery", guest_query_id=query_id, result=ARTICLE)
    assert world.said_in(group)[-1]["from"]["id"] == world.bot.id
    edit = {"inline_message_id": sent["inline_message_id"], "text": "13명"}
    assert await line.result("editMessageText", **edit) is True
    assert await line.refusal("answerGuestQuery", guest_query_id=query_id, result=ARTICLE) == TOO_OLD
    with pytest.raises(ValueError, match="is a member"):
        calls_guest(world, hana, gather(world, "회원", [hana]))


async def test_late_and_malformed_answers_are_refused(world, line, hana, group, clock):
    query_id = asks_inline(world, hana, group)

    def answer(*results, **more):
        return line.refusal("answerInlineQuery", inline_query_id=query_id, results=list(results), **more)

    assert "RESULT_ID_DUPLICATE" in await answer(ARTICLE, ARTICLE)
    assert "RESULTS_TOO_MUCH" in await answer(*[ARTICLE | {"id": str(each)} for each in range(51)])
    assert "RESULT_ID_INVALID" in await answer(ARTICLE | {"id": "가" * 22})
    assert "START_PARAM_INVALID" in await answer(ARTICLE, button={"text": "Sign", "start_parameter": "가"})
    clock.now += 31
    assert await answer(ARTICLE) == TOO_OLD


async def test_bot_hears_nothing_without_inline_and_guest_mode(emulator, hana, heard):
    for act in (asks_inline, lambda world, person: calls_guest(world, person, person)):
        with pytest.raises(ValueError, match="has no"):
            act(emulator.world, hana)
    assert heard() == []


async def test_posted_messages_survive_a_restart(world, line, hana, group, tmp_path):
    query_id = asks_inline(world, hana, group)
    await line.result("answerInlineQuery", inline_query_id=query_id, results=[ARTICLE])
    chooses_result(world, query_id, "ko")
    saving.save(world, tmp_path / "world.json")
    again = Scene(Bot(world.bot.id, "petition_bot", "Petition"))
    saving.load(again, tmp_path / "world.json")
    assert again.inline_messages == world.inline_messages
