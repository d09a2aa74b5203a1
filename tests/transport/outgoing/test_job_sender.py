"""The job sender, with the emulator and with a fake of Telegram: messages, uploads, and calls to be retried."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from markupsafe import Markup

from chatbot.emulator import Emulator
from chatbot.emulator.world.places.gatherings import gather, take_rights, upgrade
from chatbot.petition.job import ChatMovedError, RetryLaterError
from chatbot.screens.screen import Press, Screen
from chatbot.transport.outgoing import client
from chatbot.transport.outgoing.job_sender import JobSender
from chatbot.transport.outgoing.retry import TokenRefusedError
from tests.support.cast import YUNA
from tests.support.clients import open_client
from tests.support.recorded_calls import Wire

PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (640).to_bytes(4) + (400).to_bytes(4) + b"..."
SCREEN = Screen(Markup("<b>Hello</b>"), ((Press("Continue", "home"),),))
NEWS = Screen(Markup("<b>하나</b> is free ✊"))
BLOCKED = (403, "Forbidden: bot was blocked by the user")


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    wire = Wire()
    async with Emulator(on_request=wire.on_request, on_answer=wire.on_answer) as running:
        running.world.add_person("유나", person_id=YUNA).started = True
        yield running


@pytest.fixture
async def chat_sender(emulator: Emulator, pace) -> AsyncIterator[JobSender]:
    async with open_client(emulator.token, emulator.url) as api:
        yield JobSender(api, pace)


def find_last_message(emulator: Emulator) -> dict:
    return list(emulator.world.messages[YUNA].values())[-1]


async def test_sender_shows_and_edits_a_screen(chat_sender: JobSender, emulator: Emulator) -> None:
    shown = await chat_sender.show(YUNA, SCREEN)
    again = await chat_sender.show(YUNA, Screen(Markup("Done")), shown)
    assert again == shown == find_last_message(emulator)["message_id"]
    assert find_last_message(emulator)["text"] == "Done"
    assert await chat_sender.show(YUNA, Screen(Markup("Done")), shown) == shown  # Telegram: not modified
    assert await chat_sender.show(YUNA, SCREEN, 999_999) not in (None, shown)  # this message does not exist


async def test_sender_pins_and_unpins_where_it_may(chat_sender: JobSender, emulator: Emulator) -> None:
    channel = gather(emulator.world, "Square", [emulator.world.person(YUNA)], kind="channel")
    shown = await chat_sender.show(channel.id, SCREEN)
    assert shown is not None
    assert await chat_sender.pin(channel.id, shown)
    assert channel.pinned == [shown]
    await chat_sender.unpin(channel.id, shown)
    assert channel.pinned == []
    await chat_sender.unpin(channel.id, shown)  # it is not pinned any more
    take_rights(emulator.world, channel)
    assert not await chat_sender.pin(channel.id, shown)
    assert await chat_sender.show(channel.id, SCREEN) is None


async def test_sender_raises_the_new_id_of_a_group(chat_sender: JobSender, emulator: Emulator) -> None:
    group = gather(emulator.world, "Square", [emulator.world.person(YUNA)], kind="group")
    grown = upgrade(emulator.world, group)
    with pytest.raises(ChatMovedError) as moved:
        await chat_sender.show(group.id, SCREEN)
    assert moved.value.chat_id == grown.id


async def test_sender_uploads_a_file_under_its_name(chat_sender: JobSender, emulator: Emulator, tmp_path: Path) -> None:
    file = tmp_path / "made"
    file.write_bytes(content := os.urandom(3_000_000))
    file_id = await chat_sender.send_file(YUNA, file, "서명 1-of-3.csv", Markup("<b>12</b> rows"))
    message = find_last_message(emulator)
    assert message["document"]["file_id"] == file_id
    assert message["document"]["file_name"] == "서명 1-of-3.csv"
    assert message["caption"] == "12 rows"
    assert message["caption_entities"] == [{"type": "bold", "offset": 0, "length": 2}]
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{emulator.url}/bot{emulator.token}/getFile?file_id={file_id}") as answer:
            path = (await answer.json())["result"]["file_path"]
        async with session.get(f"{emulator.url}/file/bot{emulator.token}/{path}") as answer:
            assert await answer.read() == content
        async with session.get(f"{emulator.url}/emulator/files/{file_id}") as answer:  # as the page does
            assert await answer.read() == content


async def test_sender_uploads_a_photo(chat_sender: JobSender, emulator: Emulator, tmp_path: Path) -> None:
    (tmp_path / "chart.png").write_bytes(PICTURE)
    file_id = await chat_sender.send_file(YUNA, tmp_path / "chart.png", "chart.png", Markup(""), "photo")
    photo = find_last_message(emulator)["photo"]
    assert photo[-1]["file_id"] == file_id
    assert (photo[-1]["width"], photo[-1]["height"]) == (640, 400)


async def test_sender_notes_a_flood_and_asks_to_retry(
    chat_sender: JobSender, emulator: Emulator, pace, tmp_path
) -> None:
    (tmp_path / "made").write_bytes(b"x")
    emulator.faults.flood(3, person=YUNA)
    with pytest.raises(RetryLaterError) as later:
        await chat_sender.send_file(YUNA, tmp_path / "made", "x.csv", Markup(""))
    assert (later.value.seconds, later.value.unsure, pace.refusals) == (3, False, [(YUNA, 3)])


async def test_cut_connection_leaves_the_outcome_unsure(chat_sender: JobSender, emulator: Emulator) -> None:
    emulator.faults.disconnect(delivered=False)
    with pytest.raises(RetryLaterError) as later:
        await chat_sender.show(YUNA, SCREEN)
    assert later.value.unsure


async def test_sender_does_not_retry_a_blocked_chat(chat_sender: JobSender, emulator: Emulator) -> None:
    emulator.world.blocks(emulator.world.chats[YUNA])
    assert await chat_sender.show(YUNA, SCREEN) is None


async def test_sender_raises_a_refused_token(emulator: Emulator, pace) -> None:
    async with open_client("424242:another-token-altogether", emulator.url) as api:
        with pytest.raises(TokenRefusedError):
            await JobSender(api, pace).show(YUNA, SCREEN)


async def test_sender_asks_to_retry_a_flooded_menu(emulator: Emulator, chat_sender: JobSender, pace) -> None:
    emulator.faults.flood(18_000, "setMyCommands")
    with pytest.raises(RetryLaterError) as later:
        await chat_sender.set_menu(YUNA, {None: (("sign", "Sign"),)})
    assert later.value.seconds == 60, "a minute, although Telegram asks for hours"
    assert pace.refusals == [], "messages do not wait for a menu"


async def test_sender_sends_nothing_to_a_chat_that_has_to_wait(
    chat_sender: JobSender, emulator: Emulator, pace
) -> None:
    pace.delays[YUNA] = 42.0
    with pytest.raises(RetryLaterError) as later:
        await chat_sender.show(YUNA, SCREEN)
    assert (later.value.seconds, later.value.unsure) == (42, False)
    assert emulator.calls["sendmessage"] == 0


async def test_sender_waits_for_a_slow_upload(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system has accepted the whole file, and Telegram has not read it yet. That is no failure."""
    monkeypatch.setattr(client, "READ", 0.05)

    async def read_slowly(request: web.Request) -> web.Response:
        async for _ in request.content.iter_chunked(65_536):
            await asyncio.sleep(0.005)
        return web.json_response({"ok": True, "result": {"document": {"file_id": "arrived"}}})

    app = web.Application()
    app.router.add_post("/bot1:x/sendDocument", read_slowly)
    async with TestServer(app) as server:
        with (tmp_path / "made").open("wb") as file:
            file.truncate(3_000_000)
        values = {"chat_id": YUNA}
        async with open_client("1:x", str(server.make_url("")).rstrip("/")) as api:
            message = await api.upload("sendDocument", values, "document", tmp_path / "made", "x.csv")
    assert message["document"]["file_id"] == "arrived"


@pytest.fixture
def sender(api, telegram, pace) -> JobSender:
    telegram.results["sendMessage"] = {"message_id": 99}
    return JobSender(api, pace)


async def test_unchanged_message_keeps_its_place(sender: JobSender, telegram) -> None:
    assert await sender.show(7, NEWS) == 99
    telegram.fail("editMessageText", (400, "Bad Request: message is not modified: specified new message content is"))
    assert await sender.show(7, NEWS, 99) == 99
    assert [method for method, _ in telegram.calls] == ["sendMessage", "editMessageText"]


@pytest.mark.parametrize(
    "text",
    [
        "message to edit not found",
        "message can't be edited",
        "there is no text in the message to edit",
        "message identifier is not specified",
    ],
)
async def test_lost_message_is_sent_again(sender: JobSender, telegram, text: str) -> None:
    telegram.fail("editMessageText", (400, f"Bad Request: {text}"))
    assert await sender.show(7, NEWS, 5) == 99
    assert "message_id" not in telegram.said("sendMessage")[0]


@pytest.mark.parametrize("message_id", [None, 5])
@pytest.mark.parametrize("fault", ["cut", (500, "Internal"), (429, "Too Many Requests", {"retry_after": 9})])
async def test_failed_screen_is_to_be_tried_again(sender: JobSender, telegram, pace, message_id, fault) -> None:
    telegram.fail("sendMessage" if message_id is None else "editMessageText", fault)
    with pytest.raises(RetryLaterError) as later:
        await sender.show(7, NEWS, message_id)
    assert len(telegram.calls) == 1
    assert later.value.unsure == (fault[0] != 429)
    assert pace.refusals == ([(7, 9)] if fault[0] == 429 else [])


async def test_missing_connection_is_to_be_tried_again(pace) -> None:
    class Unplugged:
        async def call(self, method, values):
            raise client.NeverSentError("Cannot connect")

    with pytest.raises(RetryLaterError) as later:
        await JobSender(Unplugged(), pace).show(7, NEWS, 5)
    assert not later.value.unsure


@pytest.mark.parametrize("message_id", [None, 5])
async def test_blocked_bot_shows_nothing(sender: JobSender, telegram, message_id: int | None) -> None:
    telegram.fail("editMessageText", BLOCKED)
    telegram.fail("sendMessage", BLOCKED)
    assert await sender.show(7, NEWS, message_id) is None


async def test_refused_screen_is_logged_without_its_words(sender: JobSender, telegram, caplog) -> None:
    telegram.fail("sendMessage", (400, 'Bad Request: can\'t parse entities: unsupported start tag "하나"'))
    assert await sender.show(7, NEWS) is None
    assert "refused for its content" in caplog.text
    assert "하나" not in caplog.text
