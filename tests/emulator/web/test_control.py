import asyncio

import aiohttp
import orjson
import pytest
from aiohttp import web

from chatbot.emulator.web import control
from chatbot.emulator.world.samples import MOVIE, picture
from tests.support.limits import GIVE_UP


class Visitor:
    """A client of the control API, like the page."""

    def __init__(self, emulator, http):
        self.emulator = emulator
        self.http = http

    async def get(self, path, **how):
        async with self.http.get(f"{self.emulator.url}{path}", **how) as answer:
            body = await answer.read()
            return answer.status, orjson.loads(body) if "json" in answer.content_type else body

    async def post(self, path, content=None, **how):
        how = how or {"json": content or {}}
        async with self.http.post(f"{self.emulator.url}{path}", **how) as answer:
            return answer.status, await answer.json()


@pytest.fixture
async def visitor(emulator):
    async with aiohttp.ClientSession() as http:
        yield Visitor(emulator, http)


async def test_page_adds_people(emulator, visitor, hana):
    status, bot = await visitor.get("/emulator/bot")
    assert (status, bot["username"], bot["first_name"]) == (200, "petition_bot", "Petition")
    assert bot["languages"]["ko"] == "한국어"
    new = {"first_name": "Sam", "last_name": "Taylor", "username": "sam", "language_code": "en"}
    status, sam = await visitor.post("/emulator/people", new)
    assert (status, sam) == (201, {**new, "id": sam["id"], "blocked": False, "role": ""})
    status, people = await visitor.get("/emulator/people")
    assert [person["first_name"] for person in people] == ["하나", "Sam"]
    assert (await visitor.post("/emulator/people", {"first_name": " "}))[0] == 400


async def test_control_api_returns_a_chat(emulator, visitor, hana, line):
    await line.result("setMyCommands", commands=[{"command": "sign", "description": "서명"}], language_code="ko")
    await line.result("sendMessage", chat_id=hana.id, text="안녕")
    status, chat = await visitor.get(f"/emulator/chats/{hana.id}")
    assert status == 200
    assert chat["bot"] == {"name": "Petition", "description": "", "short_description": ""}
    assert chat["commands"] == [{"command": "sign", "description": "서명"}]
    assert [message["text"] for message in chat["messages"]] == ["/start", "안녕"]
    assert (chat["blocked"], chat["started"]) == (False, True)


async def test_people_act_through_the_control_api(emulator, visitor, hana, heard, line):
    chat = f"/emulator/chats/{hana.id}"
    said = await visitor.post(f"{chat}/say", {"text": "/help me"})
    assert said[1]["entities"][0]["type"] == "bot_command"
    assert (await visitor.post(f"{chat}/send", {"kind": "sticker"}))[1]["sticker"]["emoji"]
    form = aiohttp.FormData({"caption": "look"})
    form.add_field("kind", "photo")
    form.add_field("file", picture(), filename="x.png", content_type="image/png")
    status, photo = await visitor.post(f"{chat}/file", data=form)
    assert (status, photo["caption"]) == (200, "look")
    assert (await visitor.get(f"/emulator/files/{photo['photo'][0]['file_id']}"))[1] == picture()
    status, pressed = await visitor.post(f"{chat}/press", {"message_id": 1, "data": "x"})
    assert await line.result("answerCallbackQuery", callback_query_id=pressed["query_id"])
    assert await visitor.post(f"{chat}/block") == (200, {"blocked": True})
    assert (await visitor.post(f"{chat}/say", {"text": "x"}))[0] == 400
    assert (await visitor.post(f"{chat}/start", {"payload": "poster"}))[1]["text"] == "/start poster"
    assert await visitor.post(f"{chat}/unblock") == (200, {"blocked": False})
    kinds = [next(iter(update)) for update in heard()]
    assert kinds == ["message", "message", "message", "callback_query", "my_chat_member", "my_chat_member", "message"]


async def test_people_edit_forward_and_reply_through_the_control_api(emulator, visitor, hana, sam, heard):
    chat, other = f"/emulator/chats/{hana.id}", f"/emulator/chats/{sam.id}"
    bold = [{"type": "bold", "offset": 0, "length": 2}]
    _, said = await visitor.post(f"{chat}/say", {"text": "하나", "entities": bold})
    assert said["entities"] == bold
    number = said["message_id"]
    status, edited = await visitor.post(f"{chat}/edit", {"message_id": number, "text": "김하나", "entities": bold})
    assert (status, edited["text"], edited["edit_date"]) == (200, "김하나", edited["date"])
    _, forwarded = await visitor.post(f"{other}/forward", {"from": hana.id, "message_id": number})
    assert forwarded["forward_origin"]["sender_user"]["id"] == hana.id
    _, reply = await visitor.post(f"{chat}/say", {"text": "네", "reply_to": number})
    assert reply["reply_to_message"]["text"] == "김하나"
    kinds = [next(iter(update)) for update in heard()]
    assert kinds == ["message", "edited_message", "message", "message"]


async def test_several_files_are_sent_as_an_album(visitor, hana, heard):
    form = aiohttp.FormData({"caption": "보세요", "entities": '[{"type": "bold", "offset": 0, "length": 3}]'})
    form.add_field("reply_to", "1")
    for name in ("a.png", "b.png"):
        form.add_field("kind", "photo")
        form.add_field("file", picture(), filename=name, content_type="image/png")
    status, first = await visitor.post(f"/emulator/chats/{hana.id}/file", data=form)
    assert (status, first["caption_entities"][0]["type"]) == (200, "bold")
    messages = [update["message"] for update in heard()]
    assert {message["media_group_id"] for message in messages} == {first["media_group_id"]}
    assert {message["reply_to_message"]["text"] for message in messages} == {"/start"}
    assert len(messages) == 2


@pytest.mark.parametrize(
    ("act", "content", "status"),
    [
        ("say", {"text": " "}, 400),
        ("say", {"text": "x", "entities": [{"type": "magic", "offset": 0, "length": 1}]}, 400),
        ("edit", {"message_id": 1, "text": " "}, 400),
        ("edit", {"message_id": 999, "text": "x"}, 400),
        ("forward", {"from": 5, "message_id": 1}, 404),
        ("send", {"kind": "telepathy"}, 400),
        ("start", {"payload": "a b"}, 400),
        ("press", {"message_id": "x", "data": "y"}, 400),
        ("dance", {}, 404),
        ("file", {}, 400),
    ],
)
async def test_wrong_actions_are_explained(visitor, hana, act, content, status):
    answered, body = await visitor.post(f"/emulator/chats/{hana.id}/{act}", content)
    assert answered == status
    assert body["error"]


async def test_unknown_paths_and_people_are_not_found(visitor, hana):
    for path in ("/emulator/chats/5", "/emulator/nothing", "/page/../control.py", "/page/%2e%2e/server.py",
                 "/page/none.js", "/emulator/files/none"):  # fmt: skip
        assert (await visitor.get(path))[0] == 404, path
    assert (await visitor.get("/emulator/chats/x"))[0] == 400
    assert (await visitor.post("/emulator/people", data=b"[]"))[0] == 400
    assert (await visitor.post("/emulator/people", data=b"{"))[0] == 400


async def test_events_are_streamed(emulator, visitor, hana, line):
    emulator.control.heartbeat = 0.01
    async with visitor.http.get(f"{emulator.url}/emulator/chats/{hana.id}/events") as stream:
        assert stream.content_type == "text/event-stream"
        assert await stream.content.readline() == b": here\n"
        sent = await line.result("sendMessage", chat_id=hana.id, text="x")
        await line.result("editMessageText", chat_id=hana.id, message_id=sent["message_id"], text="y")
        await line.result("deleteMessage", chat_id=hana.id, message_id=sent["message_id"])
        query_id = emulator.world.presses(hana, 1, "x", stale=True)
        await line.result("answerCallbackQuery", callback_query_id=query_id)
        emulator.world.blocks(hana)
        kinds, beats = [], 0
        async with asyncio.timeout(GIVE_UP):
            while len(kinds) < 5 or not beats:
                text = await stream.content.readline()
                beats += text == b": still here\n"
                if text.startswith(b"data: "):
                    kinds.append(orjson.loads(text[6:])["type"])
        assert kinds == ["message", "edited", "deleted", "answered", "blocked"]


async def test_stop_ends_the_event_streams(emulator, visitor, hana):
    async with visitor.http.get(f"{emulator.url}/emulator/chats/{hana.id}/events") as stream:
        await stream.content.readline()
        await emulator.stop()
        assert await stream.content.read() == b"\n"


async def test_other_web_pages_cannot_use_the_control_api(emulator, visitor, hana):
    say = f"/emulator/chats/{hana.id}/say"
    port = emulator.port
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"},
                    {"Host": f"evil.example:{port}", "Origin": f"http://evil.example:{port}"},
                    {"Sec-Fetch-Site": "cross-site"}, {"Origin": f"http://127.0.0.1:{port + 1}"}):  # fmt: skip
        assert (await visitor.post(say, json={"text": "x"}, headers=headers))[0] == 403, headers
    assert (await visitor.get("/emulator/people", headers={"Host": "evil.example"}))[0] == 403
    assert (await visitor.post(say, json={"text": "x"}, headers={"Origin": emulator.url}))[0] == 200
    assert len(emulator.world.said_in(hana)) == 2


async def test_uploaded_file_is_not_served_as_a_page(emulator, visitor):
    stored = emulator.world.files.keep("document", b"<script>", "x.html", "text/html")
    async with visitor.http.get(f"{emulator.url}/emulator/files/{stored.file_id}") as answer:
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_video_is_served_in_ranges(emulator, visitor):
    film = emulator.world.files.keep("video", MOVIE, "wave.webm", "video/webm")
    address = f"{emulator.url}/emulator/files/{film.file_id}"
    parts = {
        "": (200, MOVIE),
        "bytes=0-": (200, MOVIE),
        "bytes=100-": (206, MOVIE[100:]),
        "bytes=5-9": (206, MOVIE[5:10]),
    }
    for asked, (status, part) in parts.items():
        async with visitor.http.get(address, headers={"Range": asked} if asked else {}) as answer:
            assert (answer.status, answer.content_type, await answer.read()) == (status, "video/webm", part)
    async with visitor.http.get(address, headers={"Range": "bytes=5-9"}) as answer:
        assert answer.headers["Content-Range"] == f"bytes 5-9/{len(MOVIE)}"
    assert (await visitor.get(f"/emulator/files/{film.file_id}", headers={"Range": "pages=1"}))[0] == 400


async def test_control_api_sets_faults_and_lists_deliveries(emulator, visitor, hana, line):
    fault = {"what": "refuse", "method": "sendMessage", "code": 429, "retry_after": 3, "times": 1}
    status, active = await visitor.post("/emulator/faults", fault)
    assert (status, active[0]["method"], active[0]["code"]) == (200, "sendMessage", 429)
    assert (await line("sendMessage", chat_id=hana.id, text="x"))["parameters"] == {"retry_after": 3}
    await line.result("sendMessage", chat_id=hana.id, text="x")
    assert (await visitor.get("/emulator/faults"))[1][0]["hits"] == 1
    assert await visitor.post("/emulator/faults", {"clear": True}) == (200, [])
    assert (await visitor.get("/emulator/deliveries"))[1][0]["chat_id"] == hana.id
    assert (await visitor.post("/emulator/faults", {"what": "magic"}))[0] == 400
    assert (await visitor.post("/emulator/faults", {"what": "slow", "wrong": 1}))[0] == 400


async def test_server_serves_the_page(visitor, tmp_path, monkeypatch):
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "app.js").write_text("let it;")
    monkeypatch.setattr(control, "PAGE", tmp_path)
    assert await visitor.get("/") == (200, b"<!doctype html>")
    assert await visitor.get("/page/app.js") == (200, b"let it;")


async def test_emulator_reports_no_failure_when_the_page_closes_at_once(emulator, visitor, hana, monkeypatch):
    prepare = web.StreamResponse.prepare

    async def leave(response, request):
        request.transport.abort()
        return await prepare(response, request)

    monkeypatch.setattr(web.StreamResponse, "prepare", leave)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await visitor.get(f"/emulator/chats/{hana.id}/events")
    assert emulator.failures == []


async def test_person_makes_and_changes_a_group_through_the_control_api(emulator, visitor, hana, heard, line):
    status, place = await visitor.post(f"/emulator/chats/{hana.id}/place", {"kind": "group", "title": "동네"})
    assert (status, place["role"], place["owner"], place["id"] < 0) == (201, "group", hana.id, True)
    assert await visitor.get("/emulator/places") == (200, [place])
    assert (await visitor.post(f"/emulator/chats/{hana.id}/place", {"kind": "club", "title": "x"}))[0] == 400
    at = f"/emulator/chats/{place['id']}"
    asked = {"request_id": 2, "chat_is_channel": False, "bot_is_member": True}
    keyboard = {"keyboard": [[{"text": "Which?", "request_chat": asked}]]}
    await line.result("sendMessage", chat_id=hana.id, text="Which?", reply_markup=keyboard)
    assert (await visitor.get(f"/emulator/chats/{hana.id}"))[1]["keyboard"] == keyboard["keyboard"]
    share = f"/emulator/chats/{hana.id}/share"
    assert (await visitor.post(share, {"request_id": 1, "chat": place["id"]}))[0] == 400
    assert (await visitor.post(share, {"request_id": 2, "chat": place["id"]}))[1]["chat_shared"]
    assert (await visitor.post(f"{at}/say", {"text": "/start"}))[1]["from"]["id"] == hana.id
    for act, may_post in (("give_rights", True), ("take_rights", False), ("expel", False), ("give_rights", True)):
        assert (await visitor.post(f"{at}/{act}"))[0] == 200
        assert (await visitor.get(at))[1]["may_post"] is may_post
    await visitor.post(f"{at}/rename", {"title": "이웃"})
    assert (await visitor.get(at))[1]["bot"]["name"] == "이웃"
    grown = (await visitor.post(f"{at}/upgrade"))[1]
    assert [each["id"] for each in (await visitor.get("/emulator/places"))[1]] == [grown["id"]]
    assert (await visitor.post(f"{at}/fly"))[0] == 404
    assert any("my_chat_member" in update for update in heard())
