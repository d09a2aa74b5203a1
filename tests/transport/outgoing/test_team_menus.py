"""The menus in the chats of the team: what members see, and which calls that takes."""

from collections.abc import AsyncIterator

import pytest

from chatbot.emulator import Emulator
from chatbot.petition.job import RetryLaterError
from chatbot.transport.bot_profile import LocalizedProfile, Profile, publish
from chatbot.transport.outgoing.client import BotApi
from chatbot.transport.outgoing.job_sender import JobSender
from tests.support.bot_api_schema import check_answer, check_request
from tests.support.clients import open_client

PROFILE = Profile("Save My Friend", "A petition.", "Sign it.")
SIGN, SEND = (("sign", "Sign"),), (("broadcast", "Send an update"),)
SIGN_KO, SEND_KO = (("sign", "서명하기"),), (("broadcast", "소식 보내기"),)
PUBLIC = {None: LocalizedProfile(PROFILE, SIGN), "ko": LocalizedProfile(PROFILE, SIGN_KO)}
TEAM = {None: SIGN + SEND, "en": SIGN + SEND, "ko": SIGN_KO + SEND_KO}
NONE = dict.fromkeys(TEAM, ())
BLOCKED = (403, "Forbidden: bot was blocked by the user")


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    async with Emulator(on_request=check_request, on_answer=check_answer) as emulator:
        yield emulator


@pytest.fixture
async def bot(emulator: Emulator) -> AsyncIterator[BotApi]:
    async with open_client(emulator.token, emulator.url) as bot:
        await publish(bot, PUBLIC)
        yield bot


@pytest.fixture
def sender(bot: BotApi, pace) -> JobSender:
    return JobSender(bot, pace)


@pytest.fixture
def yuna(emulator: Emulator):
    return emulator.world.add_person("유나", language_code="ko")


@pytest.fixture
def sam(emulator: Emulator):
    return emulator.world.add_person("Sam", language_code="en")


def read_menu(emulator: Emulator, person, language_code: str) -> tuple[tuple[str, str], ...]:
    shown = emulator.world.menu.commands_shown(person.id, language_code)
    return tuple((one["command"], one["description"]) for one in shown)


def count_changes(emulator: Emulator) -> int:
    return emulator.calls["setmycommands"] + emulator.calls["deletemycommands"]


async def test_member_alone_sees_both_menus_in_their_language(emulator, sender, yuna, sam) -> None:
    assert await sender.set_menu(yuna.id, TEAM)
    assert read_menu(emulator, yuna, "ko") == SIGN_KO + SEND_KO
    assert read_menu(emulator, yuna, "en") == read_menu(emulator, yuna, "fr") == SIGN + SEND
    assert read_menu(emulator, sam, "ko") == SIGN_KO


async def test_menu_is_set_only_in_languages_where_it_differs(emulator, sender, yuna) -> None:
    await sender.set_menu(yuna.id, TEAM)
    before = count_changes(emulator)
    await sender.set_menu(yuna.id, TEAM)
    assert count_changes(emulator) == before
    await sender.set_menu(yuna.id, TEAM | {"ko": SEND_KO})
    assert count_changes(emulator) == before + 1
    assert read_menu(emulator, yuna, "ko") == SEND_KO


async def test_former_member_sees_the_public_menu(emulator, sender, yuna, sam) -> None:
    for person in (yuna, sam):
        await sender.set_menu(person.id, TEAM)
    assert await sender.set_menu(sam.id, NONE)
    assert read_menu(emulator, sam, "en") == SIGN
    assert read_menu(emulator, sam, "ko") == SIGN_KO
    assert read_menu(emulator, yuna, "ko") == SIGN_KO + SEND_KO


async def test_menu_of_a_missing_chat_fails_and_logs_nothing(emulator, sender, caplog) -> None:
    assert not await sender.set_menu(77, TEAM)
    assert not await sender.set_menu(78, NONE)
    assert caplog.records == []
    yuna = emulator.world.add_person("유나", person_id=77)
    assert await sender.set_menu(77, TEAM)
    assert read_menu(emulator, yuna, "ko") == SIGN_KO + SEND_KO


@pytest.mark.parametrize("fault", ["cut", (429, "Too Many Requests", {"retry_after": 9}), (500, "Internal")])
async def test_failed_menu_can_be_set_again(api, telegram, pace, fault, caplog, token) -> None:
    telegram.results["getMyCommands"] = []
    sender = JobSender(api, pace)
    telegram.fail("setMyCommands", fault)
    with pytest.raises(RetryLaterError):
        await sender.set_menu(7, TEAM)
    assert token not in caplog.text
    assert await sender.set_menu(7, TEAM)
    assert len(telegram.said("setMyCommands")) == 1 + len(TEAM)


async def test_failed_deletion_can_be_tried_again_unless_the_chat_is_gone(api, telegram, pace) -> None:
    telegram.results["getMyCommands"] = [{"command": "sign", "description": "Sign"}]
    sender = JobSender(api, pace)
    telegram.fail("deleteMyCommands", (500, "Internal"), BLOCKED)
    with pytest.raises(RetryLaterError):
        await sender.set_menu(7, NONE)
    assert not await sender.set_menu(8, NONE)
    assert await sender.set_menu(9, NONE)


async def test_refused_menu_is_logged_and_not_tried_again(api, telegram, pace, caplog) -> None:
    telegram.results["getMyCommands"] = []
    telegram.fail("setMyCommands", (400, "Bad Request: BOT_COMMAND_INVALID"))
    assert await JobSender(api, pace).set_menu(7, TEAM)
    assert "setMyCommands was refused for its content" in caplog.text
