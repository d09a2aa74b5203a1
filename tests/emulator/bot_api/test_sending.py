import aiohttp
import pytest

from chatbot.emulator.world.places.gatherings import expel_bot, gather, upgrade
from tests.emulator.conftest import last_of

KEYS = {"inline_keyboard": [[{"text": "Sign", "callback_data": "sign", "style": "success"}]]}


async def test_text_reaches_the_person(emulator, line, hana):
    with emulator.world.watch(hana) as chat:
        sent = await line.result(
            "sendMessage", chat_id=hana.id, text="<b>안녕</b>", parse_mode="HTML", reply_markup=KEYS
        )
        assert await chat.next_message() == sent
    assert sent["text"] == "안녕"
    assert sent["entities"] == [{"offset": 0, "length": 2, "type": "bold"}]
    assert sent["reply_markup"] == KEYS
    assert sent["from"]["is_bot"]
    assert last_of(emulator.world, hana) == sent


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": ""}, "Bad Request: message text is empty"),
        ({}, "Bad Request: message text is empty"),
        ({"text": " \n"}, "Bad Request: text must be non-empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "Bad Request: text must be non-empty"),
        ({"text": "가" * 4097}, "Bad Request: message is too long"),
        ({"text": "<p>", "parse_mode": "html"},
         'Bad Request: can\'t parse entities: Unsupported start tag "p" at byte offset 0'),
        ({"text": "x", "reply_markup": "{"}, "Bad Request: can't parse reply keyboard markup JSON object"),
        ({"text": "x", "link_preview_options": "[]"}, "Bad Request: object expected as link preview options"),
        ({"text": "x", "reply_parameters": {"message_id": 999}}, "Bad Request: message to be replied not found"),
    ],
)  # fmt: skip
async def test_wrong_text_is_refused(line, hana, params, description):
    assert await line.refusal("sendMessage", chat_id=hana.id, **params) == description


async def test_limit_counts_4096_code_points_without_tags(line, hana):
    sent = await line.result("sendMessage", chat_id=hana.id, text=f"<b>{'😀' * 4096}</b>", parse_mode="HTML")
    assert len(sent["text"]) == 4096


@pytest.mark.parametrize(
    ("chat_id", "description"),
    [
        ("", "Bad Request: chat_id is empty"),
        (12345, "Bad Request: chat not found"),
        ("@nobody", "Bad Request: chat not found"),
        ("hana", "Bad Request: chat not found"),
        ("@sam", "Bad Request: chat not found"),
    ],
)
async def test_unknown_chat_is_refused(line, sam, chat_id, description):
    assert await line.refusal("sendMessage", chat_id=chat_id, text="x") == description


async def test_unreachable_people_are_refused(emulator, line, hana):
    stranger = emulator.world.add_person("Sam")
    never = await line.refusal("sendMessage", chat_id=stranger.id, text="x")
    assert never == "Forbidden: bot can't initiate conversation with a user"
    emulator.world.blocks(hana)
    assert await line.refusal("sendMessage", chat_id=hana.id, text="x") == "Forbidden: bot was blocked by the user"
    emulator.world.unblocks(hana)
    assert await line.result("sendMessage", chat_id=hana.id, text="x")
    emulator.world.deactivates(hana)
    assert await line.refusal("sendMessage", chat_id=hana.id, text="x") == "Forbidden: user is deactivated"


async def test_wrong_content_is_refused_before_a_block(emulator, line, hana):
    emulator.world.blocks(hana)
    assert await line.refusal("sendMessage", chat_id=hana.id, text="가" * 4097) == "Bad Request: message is too long"


async def test_unreachable_groups_are_refused(emulator, line, sam):
    world = emulator.world
    group = gather(world, "Friends", [sam], kind="group")
    assert await line.result("sendMessage", chat_id=group.id, text="x")
    grown = upgrade(world, group)
    body = await line("sendMessage", chat_id=group.id, text="x")
    assert body["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert body["parameters"] == {"migrate_to_chat_id": grown.id}
    expel_bot(world, grown)
    refusal = await line.refusal("sendMessage", chat_id=grown.id, text="x")
    assert refusal == "Forbidden: bot was kicked from the supergroup chat"
    outside = gather(world, "News", [sam], kind="channel", username="news", bot=False)
    refusal = await line.refusal("sendMessage", chat_id="@news", text="x")
    assert refusal == "Forbidden: bot is not a member of the channel chat"
    assert outside.bot_status == "left"


async def test_api_accepts_parameters_in_any_form(emulator, line, hana):
    address, params = line.address("sendMessage"), {"chat_id": str(hana.id), "text": "안녕 & 반가워"}
    async with line.http.get(address, params=params) as answer:
        assert answer.status == 200
    async with line.http.post(address, data=params) as answer:
        assert answer.status == 200
    with aiohttp.MultipartWriter("form-data") as form:
        for name, value in params.items():
            form.append(value).set_content_disposition("form-data", name=name)
        async with line.http.post(address, data=form) as answer:
            assert answer.status == 200
    async with line.http.post(line.address("SENDMESSAGE"), json=params) as answer:
        assert answer.status == 200
    assert [message["text"] for message in emulator.world.newest(hana, 4)] == [params["text"]] * 4


async def test_reply_contains_the_answered_message(emulator, line, hana):
    said = emulator.world.says(hana, "hello")
    sent = await line.result(
        "sendMessage", chat_id=hana.id, text="x", reply_parameters={"message_id": said["message_id"]}
    )
    assert sent["reply_to_message"]["text"] == "hello"
    sent = await line.result(
        "sendMessage", chat_id=hana.id, text="x",
        reply_parameters={"message_id": 999, "allow_sending_without_reply": True},
    )  # fmt: skip
    assert "reply_to_message" not in sent


async def test_text_mention_shows_only_known_people(line, hana):
    text = f'<a href="tg://user?id={hana.id}">you</a> and <a href="tg://user?id=7">a stranger</a>'
    sent = await line.result("sendMessage", chat_id=hana.id, text=text, parse_mode="HTML")
    assert [entity["user"]["id"] for entity in sent["entities"]] == [hana.id]


async def test_copy_has_everything_but_the_origin(emulator, line, hana, sam):
    original = emulator.world.sends_photo(hana, caption="with <b>")
    copied = await line.result(
        "copyMessage", chat_id=sam.id, from_chat_id=hana.id, message_id=original["message_id"], reply_markup=KEYS
    )
    shown = last_of(emulator.world, sam)
    assert shown["message_id"] == copied["message_id"]
    assert (shown["photo"], shown["caption"]) == (original["photo"], "with <b>")
    assert shown["reply_markup"] == KEYS
    assert [delivery.chat_id for delivery in emulator.deliveries] == [sam.id]
    missing = await line.refusal("copyMessage", chat_id=sam.id, from_chat_id=hana.id, message_id=999)
    assert missing == "Bad Request: message to copy not found"


async def test_forward_names_its_origin(emulator, line, hana, sam):
    original = emulator.world.says(hana, "pass it on")
    sent = await line.result("forwardMessage", chat_id=sam.id, from_chat_id=hana.id, message_id=original["message_id"])
    assert sent["forward_origin"]["sender_user"]["first_name"] == "하나"


async def test_person_sees_the_bot_typing(emulator, line, hana):
    with emulator.world.watch(hana) as chat:
        assert await line.result("sendChatAction", chat_id=hana.id, action="typing")
        assert (await chat.next())["type"] == "typing"
    refusal = await line.refusal("sendChatAction", chat_id=hana.id, action="dancing")
    assert refusal == "Bad Request: wrong parameter action in request"


async def test_deliveries_are_logged(emulator, line, hana, sam, clock):
    for person in (hana, sam, hana):
        await line.result("sendMessage", chat_id=person.id, text="same")
    first, second, third = emulator.deliveries
    assert first.content == second.content == third.content
    assert (first.chat_id, first.method, first.at, first.update_id) == (hana.id, "sendmessage", clock(), None)
    assert [delivery.message_id for delivery in emulator.deliveries.to(hana.id)] == [first.message_id, third.message_id]
    await line.refusal("sendMessage", chat_id=1, text="x")
    assert emulator.deliveries.count == 3


async def test_unknown_methods_and_tokens_are_refused(emulator, line, caplog):
    assert await line("sendTelepathy", thought="x") == {
        "ok": False,
        "error_code": 404,
        "description": "Not Found: method not found",
    }
    assert "sendtelepathy" in caplog.text
    for address, status in (("bot1:x/getMe", 401), ("botx/getMe", 404), ("bot1:x", 404), ("file/bot1:x/y", 401)):
        async with line.http.get(f"{emulator.url}/{address}") as answer:
            assert (answer.status, (await answer.json())["error_code"]) == (status, status)
    assert emulator.token not in caplog.text
