import io

import aiohttp
import pytest

from chatbot.emulator.world.places.gatherings import gather
from chatbot.emulator.world.samples import picture

EN = [{"command": "sign", "description": "Sign the petition"}]
KO = [{"command": "sign", "description": "청원에 서명하기"}]
PRIVATE = {"type": "all_private_chats"}


async def test_get_me_returns_the_bot(emulator, line):
    me = await line.result("getMe")
    assert (me["id"], me["is_bot"], me["username"]) == (424242, True, "petition_bot")


async def test_commands_are_found_in_telegrams_order(emulator, line, hana, sam):
    def shown(person):
        return emulator.world.menu.commands_shown(person.id, person.language_code)

    assert shown(hana) == []
    await line.result("setMyCommands", commands=EN)
    await line.result("setMyCommands", commands=KO, language_code="ko")
    assert (shown(hana), shown(sam)) == (KO, EN)
    everywhere = [{"command": "help", "description": "everywhere private"}]
    await line.result("setMyCommands", commands=everywhere, scope=PRIVATE)
    assert (shown(hana), shown(sam)) == (everywhere, everywhere), "a scope hides the localised default"
    hers = [{"command": "stats", "description": "for an organizer"}]
    await line.result("setMyCommands", commands=hers, scope={"type": "chat", "chat_id": hana.id})
    assert shown(hana) == hers
    await line.result("deleteMyCommands", scope={"type": "chat", "chat_id": hana.id})
    await line.result("deleteMyCommands", scope=PRIVATE)
    assert shown(hana) == KO
    assert await line.result("getMyCommands", language_code="ko") == KO
    assert await line.result("getMyCommands", language_code="fr") == []
    assert await line.result("getMyCommands", scope=PRIVATE) == []


async def test_watches_get_the_new_menu(emulator, line, hana):
    with emulator.world.watch(hana) as chat:
        await line.result("setMyName", name="청원", language_code="ko")
        assert await chat.next() == {
            "type": "commands", "commands": [], "bot": {"name": "청원", "description": "", "short_description": ""},
        }  # fmt: skip


@pytest.mark.parametrize(
    ("commands", "description"),
    [
        ([{"command": "Sign", "description": "x"}], "Bad Request: BOT_COMMAND_INVALID"),
        ([{"command": "", "description": "x"}], "Bad Request: command must be non-empty"),
        ([{"command": "a" * 33, "description": "x"}], "Bad Request: command length must not exceed 32"),
        ([{"command": "a", "description": " "}], "Bad Request: command description must be non-empty"),
        ([{"command": "a", "description": "x" * 257}],
         "Bad Request: command description length must not exceed 256"),
        ([{"command": "a"}], 'Bad Request: can\'t parse BotCommand: Can\'t find field "description"'),
        (["a"], "Bad Request: can't parse BotCommand: expected an Object"),
        ([{"command": f"a{number}", "description": "x"} for number in range(101)],
         "Bad Request: BOT_COMMANDS_TOO_MUCH"),
        ("{", "Bad Request: can't parse commands JSON object"),
        ({"a": 1}, "Bad Request: expected an Array of BotCommand"),
    ],
)  # fmt: skip
async def test_wrong_commands_are_refused(line, commands, description):
    assert await line.refusal("setMyCommands", commands=commands) == description


@pytest.mark.parametrize(
    ("scope", "description"),
    [
        ({"type": "moon"}, "Bad Request: can't parse BotCommandScope: Unsupported type specified"),
        ({}, "Bad Request: can't parse BotCommandScope: Can't find field \"type\""),
        ({"type": "chat"}, "Bad Request: can't parse BotCommandScope: Empty chat_id specified"),
        ({"type": "chat", "chat_id": 5}, "Bad Request: chat not found"),
        ("x", "Bad Request: can't parse BotCommandScope JSON object"),
    ],
)
async def test_wrong_scopes_are_refused(line, scope, description):
    assert await line.refusal("setMyCommands", commands=EN, scope=scope) == description


async def test_bot_has_names_and_descriptions_per_language(line):
    assert await line.result("getMyName") == {"name": "Petition"}
    await line.result("setMyName", name="Save My Friend")
    await line.result("setMyName", name="내 친구를 구해주세요", language_code="ko")
    assert await line.result("getMyName", language_code="ko") == {"name": "내 친구를 구해주세요"}
    assert await line.result("getMyName", language_code="fr") == {"name": "Save My Friend"}
    await line.result("setMyName", name="", language_code="ko")
    assert await line.result("getMyName", language_code="ko") == {"name": "Save My Friend"}
    for what, most in (("Description", 512), ("ShortDescription", 120)):
        field = {"Description": "description", "ShortDescription": "short_description"}[what]
        assert await line.result(f"setMy{what}", **{field: "가" * most})
        assert await line.result(f"getMy{what}") == {field: "가" * most}
        assert await line.refusal(f"setMy{what}", **{field: "가" * (most + 1)})
    assert await line.refusal("setMyName", name="가" * 65) == "Bad Request: BOT_TITLE_INVALID"
    assert await line.refusal("setMyName", name="x", language_code="kor") == (
        "Bad Request: invalid language code specified"
    )


async def test_bot_reads_chats_and_members(emulator, line, hana, sam):
    group = gather(emulator.world, "Friends", [sam])
    assert (await line.result("getChat", chat_id=hana.id))["first_name"] == "하나"
    assert (await line.result("getChat", chat_id=group.id))["title"] == "Friends"
    assert await line.refusal("getChat", chat_id=7) == "Bad Request: chat not found"
    for chat, person_id, status in ((group, sam.id, "creator"), (group, hana.id, "left"), (group, 424242, "member"),
                              (hana, hana.id, "member"), (hana, 424242, "member")):  # fmt: skip
        assert (await line.result("getChatMember", chat_id=chat.id, user_id=person_id))["status"] == status
    assert await line.refusal("getChatMember", chat_id=group.id) == "Bad Request: invalid user_id specified"
    assert await line.refusal("getChatMember", chat_id=group.id, user_id=9) == "Bad Request: PARTICIPANT_ID_INVALID"


async def test_photo_is_uploaded_once_and_then_sent_by_id(emulator, line, hana):
    form = aiohttp.FormData({"chat_id": str(hana.id), "photo": "attach://file0", "caption": "<b>x</b>",
                             "parse_mode": "HTML"})  # fmt: skip
    form.add_field("file0", picture(400, 300), filename="flag.png", content_type="image/png")
    async with line.http.post(line.address("sendPhoto"), data=form) as answer:
        sent = (await answer.json())["result"]
    assert [(size["width"], size["height"]) for size in sent["photo"]] == [(90, 68), (320, 240), (400, 300)]
    assert sent["caption_entities"] == [{"offset": 0, "length": 1, "type": "bold"}]
    for size in sent["photo"]:
        again = await line.result("sendPhoto", chat_id=hana.id, photo=size["file_id"])
        assert again["photo"] == sent["photo"]
    file = await line.result("getFile", file_id=sent["photo"][-1]["file_id"])
    async with line.http.get(f"{emulator.url}/file/bot{emulator.token}/{file['file_path']}") as answer:
        assert await answer.read() == picture(400, 300)
    async with line.http.get(f"{emulator.url}/file/bot{emulator.token}/photos/none.jpg") as answer:
        assert answer.status == 404


@pytest.mark.parametrize("kind", ["document", "video", "animation"])
async def test_bot_sends_other_files(line, hana, kind):
    form = aiohttp.FormData({"chat_id": str(hana.id)})
    form.add_field(kind, b"bytes", filename="letter.pdf", content_type="application/pdf")
    async with line.http.post(line.address(f"send{kind.title()}"), data=form) as answer:
        sent = (await answer.json())["result"]
    assert sent[kind]["file_name"] == "letter.pdf"
    wrong = await line.refusal("sendPhoto", chat_id=hana.id, photo=sent[kind]["file_id"])
    assert wrong == f"Bad Request: can't use file of type {kind.title()} as Photo"


@pytest.mark.parametrize(
    ("photo", "description"),
    [
        (None, "Bad Request: there is no photo in the request"),
        ("AgACnothing", "Bad Request: wrong remote file identifier specified: can't unserialize it"),
        ("https://example.org/a.png", "Bad Request: failed to get HTTP URL content"),
        (b"no picture", "Bad Request: IMAGE_PROCESS_FAILED"),
        (picture(9990, 20), "Bad Request: PHOTO_INVALID_DIMENSIONS"),
        (b"\0" * (10 * 1024 * 1024 + 1),
         "Bad Request: file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes"),
    ],
    ids=["none", "unknown", "elsewhere", "no picture", "too long", "too big"],
)  # fmt: skip
async def test_invalid_photo_is_refused(line, hana, photo, description):
    form = aiohttp.FormData({"chat_id": str(hana.id)})
    if photo is not None:
        form.add_field("photo", io.BytesIO(photo) if isinstance(photo, bytes) else photo)
    async with line.http.post(line.address("sendPhoto"), data=form) as answer:
        assert (await answer.json())["description"] == description


async def test_caption_over_1024_characters_is_refused(emulator, line, hana):
    photo = emulator.world.files.keep("photo", picture()).file_id
    assert await line.result("sendPhoto", chat_id=hana.id, photo=photo, caption="가" * 1024)
    refusal = await line.refusal("sendPhoto", chat_id=hana.id, photo=photo, caption="가" * 1025)
    assert refusal == "Bad Request: message caption is too long"


async def test_unknown_file_is_refused(line):
    assert await line.refusal("getFile", file_id="x") == "Bad Request: invalid file_id"
    assert await line.refusal("getFile") == "Bad Request: file_id not specified"
