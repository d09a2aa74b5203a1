"""A chat that floods the bot, or that Telegram refuses for hours, delays no other chat, by polling and by webhook."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from markupsafe import Markup

from chatbot.broadcasting.pace import Pacer
from chatbot.conversation.interface import Answer, Heard, InGroup, Pressed, Said
from chatbot.emulator import EmulatedPerson, Emulator, Rates
from chatbot.emulator.world.places.gatherings import gather
from chatbot.screens.screen import Press, Screen
from chatbot.transport.application import Application
from chatbot.transport.incoming.http_server import Webhook
from tests.support.fake_conversation import FakeConversation
from tests.support.limits import GIVE_UP

pytestmark = pytest.mark.slow

HELP = Screen(Markup("Help"), ((Press("Next", "next"),),))
HINT = Screen(Markup("Open our chat"))


async def hear(heard: Heard) -> Answer:
    match heard.event:
        case Said(command="help"):
            return Answer(heard.person.id, HELP)
        case Said(text=text):
            return Answer(heard.person.id, Screen(Markup.escape(text)))
        case Pressed(action, query_id, message_id):
            return Answer(heard.person.id, Screen(Markup.escape(action)), edit=message_id, query_id=query_id)
        case InGroup(chat_id):
            return Answer(chat_id, HINT)
    return Answer(heard.person.id)


async def ignore(_chat_id: int) -> None:
    """Do nothing when somebody has left."""


@pytest.fixture
def limits() -> Rates:
    """The limits of Telegram, and a count of what they refuse."""
    return Rates()


@pytest.fixture
async def emulator(limits: Rates) -> AsyncIterator[Emulator]:
    async with Emulator(bot_username="petition_bot", webhook_pause=0.01, rates=limits) as running:
        yield running


@pytest.fixture
def sam(emulator: Emulator) -> EmulatedPerson:
    return emulator.world.add_person("Sam", language_code="en")


@pytest.fixture
def mallory(emulator: Emulator) -> EmulatedPerson:
    return emulator.world.add_person("Mallory", language_code="en")


@pytest.fixture(params=["polling", "webhook"])
async def bot(request: pytest.FixtureRequest, emulator: Emulator, unused_tcp_port: int) -> AsyncIterator[str]:
    """A running bot, once by polling and once by webhook; yields which."""

    async def is_ready() -> bool:
        return True

    async def measure() -> bytes:
        return b""

    begun = asyncio.Event()
    method = "getUpdates" if request.param == "polling" else "setWebhook"
    emulator.api.on_request = lambda called, _: begun.set() if called == method else None
    async with Application(emulator.token, emulator.url, pace=Pacer(), on_gone=ignore) as application:
        await application.introduce()
        if request.param == "polling":
            listening = application.run_polling(FakeConversation(hear))
        else:
            url = f"http://127.0.0.1:{unused_tcp_port}/telegram"
            webhook = Webhook(url, "secret", unused_tcp_port, is_ready, measure, host="127.0.0.1")
            listening = application.run_webhook(webhook, FakeConversation(hear))
        task = asyncio.create_task(listening)
        await asyncio.wait_for(begun.wait(), GIVE_UP)
        yield request.param
        application.stop()
        await asyncio.wait_for(task, GIVE_UP)


async def read_until(emulator: Emulator, person: EmulatedPerson, last: str) -> list[str]:
    """Return the messages that a person gets, up to the message `last`."""
    texts: list[str] = []
    with emulator.world.watch(person) as watch:
        said = [message["text"] for message in emulator.world.said_in(person) if message["from"].get("is_bot")]
        while last not in said + texts:
            texts.append((await watch.next_message())["text"])
    return said + texts


async def test_flood_of_commands_delays_no_other_chat(
    bot: str, emulator: Emulator, limits: Rates, sam: EmulatedPerson, mallory: EmulatedPerson
) -> None:
    reading = asyncio.create_task(read_until(emulator, mallory, "done"))
    await asyncio.sleep(0)
    for _ in range(39):
        emulator.world.says(mallory, "/help")
    emulator.world.says(mallory, "done")
    for words in ("one", "two", "three"):
        emulator.world.says(sam, words)
        # Sam is answered before Mallory has all her answers, which take seconds.
        assert (await read_until(emulator, sam, words))[-1] == words
        assert len(emulator.deliveries.to(mallory.id)) <= 5
    seen = await reading
    assert seen[:4] == ["Help"] * 4
    assert seen[-1] == "done", "the answer to the newest message is sent"
    assert len(seen) <= 7, "an identical screen that waits is sent once"
    assert limits.refused == 0, "the bot keeps below the limits of Telegram"


async def test_chat_refused_for_hours_delays_no_other_chat(
    bot: str,
    emulator: Emulator,
    sam: EmulatedPerson,
    mallory: EmulatedPerson,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("chatbot.broadcasting.pace.LONGEST", 1.0)  # really a minute
    emulator.api.rates = None
    mallory.started = True
    button = emulator.world.put(mallory, {"text": "…"}, emulator.world.bot.as_user())
    flood = emulator.faults.flood(18_000, "sendMessage", person=mallory.id)
    emulator.faults.flood(18_000, "editMessageText", person=mallory.id)
    for nth in range(20):
        emulator.world.says(mallory, f"hello {nth}")
    await asyncio.wait_for(flood.hit.wait(), GIVE_UP)
    for words in ("one", "two", "three"):
        emulator.world.says(sam, words)
        assert (await read_until(emulator, sam, words))[-1] == words
    with emulator.world.watch(mallory) as watch:
        emulator.world.presses(mallory, button["message_id"], "next", stale=True)
        await watch.next_answer()  # the tap is acknowledged all the same
    hits = flood.hits
    assert hits <= (2 if bot == "polling" else 6), (
        "the bot does not learn that a call in the response of a webhook was refused"
    )
    emulator.faults.clear()
    seen = await read_until(emulator, mallory, "hello 19")
    assert len(seen) <= 8, "only the newest answers to the flood are kept"
    told = [record.getMessage() for record in caplog.records if record.name.startswith("chatbot.broadcasting")]
    line = "Telegram refuses messages to one chat (429, wait 18000 s): only that chat waits"
    assert told == [line] if bot == "polling" else told in ([], [line])


async def test_group_with_many_commands_delays_no_other_chat(
    bot: str, emulator: Emulator, limits: Rates, sam: EmulatedPerson, mallory: EmulatedPerson
) -> None:
    group = gather(emulator.world, "Friends", [mallory, sam])
    for _ in range(25):
        emulator.world.says(mallory, "/start@petition_bot", group)
    emulator.world.says(sam, "hello")
    assert (await read_until(emulator, sam, "hello"))[-1] == "hello"
    for words in ("one", "two"):
        emulator.world.says(sam, words)
        assert (await read_until(emulator, sam, words))[-1] == words
    async with asyncio.timeout(GIVE_UP):
        while emulator.world.updates.pending():  # noqa: ASYNC110 - confirming an update has no event
            await asyncio.sleep(0.01)
    hints = [each for each in emulator.deliveries.to(group.id) if each.method == "sendmessage"]
    assert 1 <= len(hints) <= 5, "a group over its limit gets no more hints, and none is kept for later"
    assert limits.refused == 0


async def test_two_flooded_chats_halt_others_for_seconds(
    emulator: Emulator,
    mallory: EmulatedPerson,
    sam: EmulatedPerson,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    monkeypatch.setattr("chatbot.broadcasting.pace.FIRST_HALT", 0.3)
    monkeypatch.setattr("chatbot.broadcasting.pace.LONGEST", 0.6)
    emulator.api.rates = None
    people = [emulator.world.add_person("Sam", str(nth)) for nth in range(12)]
    for person in people:
        person.started = True
    async with Application(emulator.token, emulator.url, pace=Pacer(), on_gone=ignore) as application:
        flood = emulator.faults.flood(18_000, "sendMessage", times=3)
        reply_sender = application._reply_sender
        first = [reply_sender.send(Answer(person.id, HINT)) for person in people[:2]]
        await asyncio.wait_for(flood.hit.wait(), GIVE_UP)
        async with asyncio.timeout(GIVE_UP):
            while len(caplog.records) < 2:  # noqa: ASYNC110 - a log has no events
                await asyncio.sleep(0.01)
        rest = [reply_sender.send(Answer(person.id, HINT)) for person in people[2:]]
        # The third 429 answers a first probe. No other message is sent before a second probe succeeds.
        await asyncio.wait_for(asyncio.gather(*first, *rest), GIVE_UP)
    assert flood.hits == 3
    assert emulator.calls["sendmessage"] == 3 + 12
    assert sorted(each.chat_id for each in emulator.deliveries) == sorted(person.id for person in people)
    told = [record.getMessage() for record in caplog.records if record.name.startswith("chatbot.broadcasting")]
    assert [line.split(" (")[0].split(" after")[0] for line in told] == [
        "Telegram refuses messages to one chat",
        "Telegram refuses messages to several chats",
        "Telegram accepts messages again",
    ]
