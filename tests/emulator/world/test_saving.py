import aiohttp
import pytest

from chatbot.emulator import Emulator
from chatbot.emulator.world.places.gatherings import gather
from chatbot.emulator.world.places.speaking import speaks_as
from chatbot.emulator.world.samples import picture
from tests.emulator.conftest import Line, until

PEOPLE = [{"first_name": "하나", "language_code": "ko"}, {"first_name": "Sam", "person_id": 77}]


async def test_restart_restores_the_world(tmp_path, clock):
    kept = {"state_file": tmp_path / "world.json", "people": PEOPLE, "clock": clock}
    async with Emulator(**kept) as emulator, aiohttp.ClientSession() as http:
        line, world = Line(emulator, http), emulator.world
        hana, sam = world.people()
        assert sam.id == 77
        world.starts(hana)
        await line.result("getUpdates", allowed_updates=["message", "callback_query"])
        world.blocks(sam)
        photo = world.sends_photo(hana)
        markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
        sent = await line.result("sendMessage", chat_id=hana.id, text="x", reply_markup=markup)
        query_id = world.taps(hana, "Go")
        await line.result("setMyCommands", commands=[{"command": "a", "description": "b"}], language_code="ko",
                          scope={"type": "chat", "chat_id": hana.id})  # fmt: skip
        await line.result("setMyName", name="청원", language_code="ko")
        friends = gather(world, "Friends", [hana])
        speaks_as(world, hana, friends, friends.id)
        before = (world.updates.fetch(0, 100), world.said_in(hana))

    async with Emulator(**kept) as emulator, aiohttp.ClientSession() as http:
        line, world = Line(emulator, http), emulator.world
        hana, sam = world.people()
        assert (hana.first_name, hana.started, sam.blocked) == ("하나", True, True)
        assert (world.updates.fetch(0, 100), world.said_in(hana)) == before
        stored = world.files.find(photo["photo"][-1]["file_id"])
        assert stored.content == picture()
        assert world.menu.commands_shown(hana.id, "ko") == [{"command": "a", "description": "b"}]
        assert world.menu.words_shown("name", "ko") == "청원"
        assert await line.result("answerCallbackQuery", callback_query_id=query_id)
        later = world.says(hana, "again")
        assert later["message_id"] > sent["message_id"]
        assert world.updates.fetch(0, 100)[-1]["update_id"] == before[0][-1]["update_id"] + 1
        world.blocks(hana)
        assert world.updates.fetch(0, 100)[-1]["message"]["text"] == "again", "allowed_updates are remembered"
        assert [chat.title for chat in world.chats.values() if hasattr(chat, "title")] == ["Friends"]
        assert world.chats[friends.id].speakers == {hana.id: friends.id}


async def test_changes_are_saved_while_it_runs(tmp_path, monkeypatch):
    monkeypatch.setattr("chatbot.emulator.web.server.SAVE_AFTER", 0)
    path = tmp_path / "world.json"
    async with Emulator(state_file=path) as emulator:
        emulator.world.add_person("Sam")
        await until(path.exists)
        assert b'"Sam"' in path.read_bytes()
        assert list(tmp_path.iterdir()) == [path]


async def test_file_of_another_format_is_refused(tmp_path):
    path = tmp_path / "world.json"
    path.write_text('{"format": 99}')
    with pytest.raises(ValueError, match="not written by this version"):
        Emulator(state_file=path)
