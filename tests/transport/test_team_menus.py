"""The menu in the chats of organizers: what they see, who gets it when, and who loses it."""

import asyncio
import logging
from contextlib import asynccontextmanager

import pytest
from markupsafe import Markup

from chatbot.conversation.interface import Answer
from chatbot.emulator import Emulator
from chatbot.screens.screen import Screen
from chatbot.transport.application import Application
from chatbot.transport.bot_profile import LocalizedProfile, Profile, publish
from chatbot.transport.outgoing.client import BotApi
from chatbot.transport.team_menus import TeamMenus
from tests.support.bot_api_schema import check_answer, check_request

PROFILE = Profile("Save My Friend", "A petition.", "Sign it.")
SIGN, SEND = (("sign", "Sign"),), (("broadcast", "Send an update"),)
SIGN_KO, SEND_KO = (("sign", "서명하기"),), (("broadcast", "소식 보내기"),)
EVERYBODYS = {None: LocalizedProfile(PROFILE, SIGN), "ko": LocalizedProfile(PROFILE, SIGN_KO)}
ORGANIZERS = {
    "viewer": {None: SIGN, "en": SIGN, "ko": SIGN_KO},
    "organizer": {None: SIGN + SEND, "en": SIGN + SEND, "ko": SIGN_KO + SEND_KO},
}
BLOCKED = (403, "Forbidden: bot was blocked by the user")


class Notes:
    """The register of greeted organizers, second implementation: notes the order of what it is told."""

    def __init__(self):
        self.told = []
        self.broken = False

    async def note(self, chat_id, has_menu):
        if self.broken:
            raise ConnectionError
        self.told.append((chat_id, has_menu))


@pytest.fixture
def notes():
    return Notes()


@pytest.fixture
async def emulator():
    async with Emulator(on_request=check_request, on_answer=check_answer) as emulator:
        yield emulator


@pytest.fixture
async def bot(emulator):
    bot = BotApi(emulator.token, emulator.url)
    await bot.open()
    await publish(bot, EVERYBODYS)
    yield bot
    await bot.close_wire()


@pytest.fixture
def yuna(emulator):
    return emulator.world.add_person("유나", language_code="ko")


@pytest.fixture
def sam(emulator):
    return emulator.world.add_person("Sam", language_code="en")


@pytest.fixture
def menu(bot, notes):
    return TeamMenus(bot, ORGANIZERS, notes.note)


def seen_by(emulator, person, language_code):
    shown = emulator.world.menu.commands_shown(person.id, language_code)
    return tuple((one["command"], one["description"]) for one in shown)


def settings_of(emulator):
    return emulator.calls["setmycommands"] + emulator.calls["deletemycommands"]


async def test_an_organizer_sees_both_menus_in_their_language_and_nobody_else_does(emulator, menu, notes, yuna, sam):
    await menu.publish({yuna.id: "organizer"}, [])
    assert seen_by(emulator, yuna, "ko") == SIGN_KO + SEND_KO
    assert seen_by(emulator, yuna, "en") == seen_by(emulator, yuna, "fr") == SIGN + SEND
    assert seen_by(emulator, sam, "ko") == SIGN_KO
    assert notes.told == [(yuna.id, True)]


async def test_only_what_differs_is_set(emulator, bot, notes, yuna):
    await TeamMenus(bot, ORGANIZERS, notes.note).publish({yuna.id: "organizer"}, [])
    before = settings_of(emulator)
    await TeamMenus(bot, ORGANIZERS, notes.note).publish({yuna.id: "organizer"}, [])
    assert settings_of(emulator) == before
    await TeamMenus(bot, {"organizer": ORGANIZERS["organizer"] | {"ko": SEND_KO}}, notes.note).publish(
        {yuna.id: "organizer"}, []
    )
    assert settings_of(emulator) == before + 1
    assert seen_by(emulator, yuna, "ko") == SEND_KO


async def test_who_is_no_organizer_any_more_sees_what_everybody_sees(emulator, menu, notes, yuna, sam):
    await menu.publish({yuna.id: "organizer", sam.id: "organizer"}, [])
    await menu.publish({yuna.id: "organizer"}, [sam.id])
    assert seen_by(emulator, sam, "en") == SIGN
    assert seen_by(emulator, sam, "ko") == SIGN_KO
    assert seen_by(emulator, yuna, "ko") == SIGN_KO + SEND_KO
    assert notes.told == [(yuna.id, True), (sam.id, True), (sam.id, False)]


async def test_who_has_never_met_the_bot_is_no_trouble_and_gets_it_when_they_do(emulator, menu, notes, caplog):
    caplog.set_level(logging.INFO)
    await menu.publish({77: "organizer"}, [78])
    assert [record.levelname for record in caplog.records] == ["INFO"]
    assert notes.told == [(78, False), (77, True)]
    yuna = emulator.world.add_person("유나", person_id=77)
    await menu.give(77, "organizer")
    assert seen_by(emulator, yuna, "ko") == SIGN_KO + SEND_KO


async def test_one_chat_is_asked_about_once(emulator, menu, yuna):
    await asyncio.gather(*(menu.give(yuna.id, "organizer") for _ in range(5)))
    await menu.give(yuna.id, "organizer")
    assert emulator.calls["setmycommands"] - len(EVERYBODYS) == len(ORGANIZERS["organizer"])


@pytest.mark.parametrize("fault", ["cut", (429, "Too Many Requests", {"retry_after": 9}), (500, "Internal")])
async def test_what_telegram_refuses_is_logged_and_tried_again(api, telegram, notes, caplog, fault, token):
    telegram.results["getMyCommands"] = []
    menu = TeamMenus(api, ORGANIZERS, notes.note)
    telegram.fail("setMyCommands", fault)
    await menu.publish({7: "organizer", 8: "organizer"}, [])
    assert [values["scope"]["chat_id"] for values in telegram.said("setMyCommands")] == [7, 8, 8, 8]
    assert "an organizer's menu stays as it was" in caplog.text
    assert token not in caplog.text
    await menu.give(7, "organizer")
    assert len(telegram.said("setMyCommands")) == 7


async def test_a_menu_not_taken_back_stays_noted_and_one_without_a_chat_does_not(api, telegram, notes, caplog):
    telegram.results["getMyCommands"] = [{"command": "sign", "description": "Sign"}]
    telegram.fail("deleteMyCommands", (500, "Internal"), BLOCKED)
    await TeamMenus(api, ORGANIZERS, notes.note).publish({}, [7, 8, 9])
    assert notes.told == [(8, False), (9, False)]
    assert "stays as it was" in caplog.text


async def test_without_a_note_no_menu_is_given(emulator, menu, notes, yuna, caplog):
    notes.broken = True
    await menu.publish({yuna.id: "organizer"}, [])
    assert seen_by(emulator, yuna, "ko") == SIGN_KO
    assert "ConnectionError" in caplog.text
    notes.broken = False
    await menu.give(yuna.id, "organizer")
    assert seen_by(emulator, yuna, "ko") == SIGN_KO + SEND_KO


# In the running bot


async def greet(heard):
    return Answer(
        heard.person.id, Screen(Markup("Hello")), menu_role="organizer" if heard.person.name == "유나" else None
    )


@asynccontextmanager
async def running(token, url, pace, notes, organizers=None, former=()):
    async def on_gone(chat_id):
        pass

    async with Application(token, url, pace=pace, on_gone=on_gone) as application:
        await application.introduce()
        application.publish_menus(EVERYBODYS)
        application.publish_organizer_menus(ORGANIZERS, organizers or {}, former, notes.note)
        task = asyncio.create_task(application.run_polling(greet, greet))
        yield
        application.stop()
        await asyncio.wait_for(task, 5)


async def test_the_menu_comes_at_the_start_and_with_the_first_greeting(emulator, pace, notes, yuna, sam):
    async with running(emulator.token, emulator.url, pace, notes):
        with emulator.world.watch(yuna.id) as watch:
            emulator.world.starts(yuna)
            await watch.next_message()
            while seen_by(emulator, yuna, "ko") != SIGN_KO + SEND_KO:
                await watch.next("commands")
        with emulator.world.watch(sam.id) as watch:
            emulator.world.starts(sam)
            await watch.next_message()
            while seen_by(emulator, sam, "ko") != SIGN_KO:
                await watch.next("commands")
    with emulator.world.watch(sam.id) as watch:
        async with running(emulator.token, emulator.url, pace, notes, {sam.id: "organizer"}, [yuna.id]):
            while seen_by(emulator, sam, "ko") != SIGN_KO + SEND_KO:
                await watch.next("commands")
    assert seen_by(emulator, yuna, "ko") == SIGN_KO


async def test_a_menu_that_takes_its_time_delays_no_answer_and_no_stop(telegram, token, pace, notes, write):
    telegram.fail("getMyCommands", "hang", "hang")
    async with running(token, telegram.url, pace, notes, {7: "organizer"}):
        await telegram.deliver(write(1))
        await telegram.until(lambda: bool(telegram.said("sendMessage")))
