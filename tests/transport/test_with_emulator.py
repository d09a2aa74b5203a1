"""The application with the emulator, which has the rules and the texts of Telegram."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from markupsafe import Markup, escape

from chatbot.broadcasting.pace import Pacer
from chatbot.conversation.interface import Answer, InGroup, Pressed, Said, SentMedia
from chatbot.emulator import Emulator
from chatbot.emulator.world.samples import picture
from chatbot.petition.broadcasts.post import MEDIA_KINDS, Media
from chatbot.screens.screen import Press, Screen
from chatbot.transport.application import Application
from chatbot.transport.bot_profile import LocalizedProfile, Profile, publish
from tests.support.clients import open_client
from tests.support.fake_conversation import FakeConversation
from tests.support.limits import GIVE_UP


@pytest.fixture
async def emulator():
    async with Emulator(bot_username="savemyfriend_bot") as emulator:
        yield emulator
        assert not emulator.failures


@pytest.fixture
def sam(emulator):
    return emulator.world.add_person("Sam", language_code="en")


async def hear(heard):
    """Answer with what was heard, and a button that edits the answer."""
    match heard.event:
        case Pressed(action, query_id, message_id):
            return Answer(heard.person.id, echo(action), edit=message_id, query_id=query_id, notice="noted")
        case SentMedia(kind, file_id, caption, formatted) if kind in MEDIA_KINDS:
            seen = Screen(formatted or escape(caption), media=Media(kind, file_id))
            return Answer(heard.person.id, echo(kind), first=(seen,))
        case SentMedia(kind):
            return Answer(heard.person.id, echo(kind))
        case Said(formatted=Markup() as formatted):
            return Answer(heard.person.id, Screen(formatted))
        case InGroup(chat_id, query_id):
            return Answer(chat_id, echo("elsewhere"), query_id=query_id)
    return Answer(heard.person.id, echo(heard.event.text))


def echo(words):
    return Screen(Markup("<b>{}</b>").format(words), ((Press("Next", f"next-{words[:20]}", "primary"),),))


@asynccontextmanager
async def running(emulator, gone=None):
    async def on_gone(chat_id):
        if gone is not None:
            gone.put_nowait(chat_id)

    async with Application(emulator.token, emulator.url, pace=Pacer(), on_gone=on_gone) as application:
        await application.introduce()
        task = asyncio.create_task(application.run_polling(FakeConversation(hear)))
        try:
            yield application
        finally:
            application.stop()
            await asyncio.wait_for(task, GIVE_UP)


async def test_polling_carries_a_conversation(emulator, sam):
    async with running(emulator):
        with emulator.world.watch(sam.id) as watch:
            emulator.world.says(sam, "hello & <bye>")
            message = await watch.next_message()
            assert message["text"] == "hello & <bye>"
            emulator.world.taps(sam, "Next")
            assert (await watch.next_answer())["text"] == "noted"
            edited = await watch.next_edit()
            assert edited["message_id"] == message["message_id"]
            emulator.world.sends(sam, "sticker")
            assert (await watch.next_message())["text"] == "sticker"


@pytest.mark.parametrize(
    "html",
    [
        "<b>하나</b> ✊ <i>free <u>at last</u></i> &lt;3 #SaveMyFriend",
        '👍 <a href="https://example.org/?a=1&amp;b=2">here</a> <tg-spoiler>x</tg-spoiler> <s>y</s>',
        '<blockquote>one\ntwo</blockquote>\n<pre><code class="language-python">a &lt; b</code></pre> <code>c</code>',
        "<blockquote expandable><b>long</b> story</blockquote>",
    ],
)
async def test_formatting_comes_back_as_it_was_sent(emulator, sam, html):
    async with running(emulator):
        with emulator.world.watch(sam.id) as watch:
            sent = emulator.world.says(sam, html, html=True)
            back = await watch.next_message()
            assert (back["text"], back["entities"]) == (sent["text"], sent["entities"])
            sent = emulator.world.sends_file(sam, "video", b"film", caption=html, html=True)
            back = await watch.next_message()
            assert (back["caption"], back["caption_entities"]) == (sent["caption"], sent["caption_entities"])


@pytest.mark.parametrize("kind", MEDIA_KINDS)
async def test_file_comes_back_above_the_answer(emulator, sam, kind):
    async with running(emulator):
        with emulator.world.watch(sam.id) as watch:
            sent = emulator.world.sends_file(sam, kind, picture(1000, 600), caption="하나 <3")
            back = await watch.next_message()
            assert (back[kind], back["caption"]) == (sent[kind], "하나 <3")
            assert (await watch.next_message())["text"] == kind


async def test_second_tap_without_a_change_logs_nothing(emulator, sam, caplog):
    async with running(emulator):
        with emulator.world.watch(sam.id) as watch:
            emulator.world.says(sam, "hello")
            message = await watch.next_message()
            for _ in range(2):
                emulator.world.presses(sam, message["message_id"], "next-hello")
                await watch.next_answer()
            await watch.next_edit()
    assert not caplog.records


async def test_application_reports_a_person_who_blocked_it(emulator, sam):
    gone = asyncio.Queue()
    async with running(emulator, gone):
        with emulator.world.watch(sam.id) as watch:
            emulator.world.says(sam, "hello")
            await watch.next_message()
        emulator.faults.refuse(403, "Forbidden: bot was blocked by the user", "sendMessage", times=1)
        emulator.world.says(sam, "are you there?")
        assert await asyncio.wait_for(gone.get(), GIVE_UP) == sam.id


@pytest.mark.parametrize("delivered", [False, True])
async def test_cut_message_is_sent_again(emulator, sam, delivered):
    async with running(emulator):
        with emulator.world.watch(sam.id) as watch:
            emulator.faults.disconnect("sendMessage", delivered=delivered, times=1)
            emulator.world.says(sam, "one")
            for _ in range(1 + delivered):
                assert (await watch.next_message())["text"] == "one"
            emulator.world.says(sam, "two")
            assert (await watch.next_message())["text"] == "two"


async def test_answer_comes_after_a_flood(emulator, sam):
    async with running(emulator):
        with emulator.world.watch(sam.id) as watch:
            flood = emulator.faults.flood(1, "sendMessage", times=1)
            emulator.world.says(sam, "hello")
            await asyncio.wait_for(flood.hit.wait(), GIVE_UP)
            assert (await watch.next_message())["text"] == "hello"


async def test_updates_survive_failures_of_telegram(emulator, sam):
    emulator.faults.break_down(502, "getUpdates", times=1)
    emulator.faults.disconnect("getUpdates", delivered=True, times=1)
    with emulator.world.watch(sam.id) as watch:
        emulator.world.says(sam, "hello")
        async with running(emulator):
            assert (await watch.next_message())["text"] == "hello"


async def test_profile_is_published_once():
    menus = {
        None: LocalizedProfile(Profile("Save My Friend", "A petition.", "Sign it."), (("sign", "Sign"),)),
        "ko": LocalizedProfile(Profile("내 친구를 구해주세요", "청원입니다.", "서명하세요."), (("sign", "서명하기"),)),
    }
    asked = []
    async with (
        Emulator(on_request=lambda method, _: asked.append(method.lower())) as emulator,
        open_client(emulator.token, emulator.url) as api,
    ):
        for expected in (8, 0):
            await publish(api, menus)
            assert sum(method.startswith("setmy") for method in asked) == expected
            asked.clear()


async def test_publish_removes_the_profile_of_a_former_language(emulator):
    english = LocalizedProfile(Profile("Save My Friend", "A petition.", "Sign it."), (("sign", "Sign"),))
    korean = LocalizedProfile(Profile("내 친구를 구해주세요", "청원입니다.", "서명하세요."), (("sign", "서명하기"),))
    menu = emulator.world.menu
    async with open_client(emulator.token, emulator.url) as api:
        await publish(api, {None: english, "ko": korean})
        assert menu.words_shown("name", "ko") == "내 친구를 구해주세요"
        asked = []
        emulator.api.on_request = lambda method, _: asked.append(method.lower())
        for _ in range(2):
            await publish(api, {None: english, "ko": None})
    assert not [key for key in (*menu.words, *menu.commands) if "ko" in key]
    assert [menu.words_shown(what, "ko") for what in ("name", "description", "short_description")] == [
        "Save My Friend",
        "A petition.",
        "Sign it.",
    ]
    assert menu.commands_shown(99, "ko") == [{"command": "sign", "description": "Sign"}]
    assert len([method for method in asked if method.startswith(("setmy", "deletemy"))]) == 4
