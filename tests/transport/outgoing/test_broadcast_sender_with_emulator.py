"""The broadcast sender with the emulator, which refuses as Telegram does; every call is checked by the schema."""

import asyncio

import pytest
from markupsafe import Markup

from chatbot.emulator import Emulator
from chatbot.emulator.world.samples import picture
from chatbot.petition.broadcasts.outcome import ContentRefused, Delivery, Failed, Gone, NotSent, Sent, Unknown
from chatbot.petition.broadcasts.post import MEDIA_KINDS, Media
from chatbot.screens.screen import Link, Press, Screen
from chatbot.transport.outgoing.broadcast_sender import BroadcastSender
from chatbot.transport.outgoing.retry import TokenRefusedError
from tests.support.bot_api_schema import check_answer, check_request
from tests.support.clients import open_client
from tests.support.clock import Clock

BUTTONS = ((Link("Read", "https://example.org/", "primary"),), (Press("🔕", "leave"),))
NEWS = Screen(Markup("<b>News</b> &amp; more"), BUTTONS, preview=True)
BETTER = Screen(Markup("<b>Better news</b>"), BUTTONS, preview=True)


@pytest.fixture
def clock():
    return Clock(1_780_000_000.0)


@pytest.fixture
async def emulator(clock):
    async with Emulator(clock=clock, on_request=check_request, on_answer=check_answer) as emulator:
        yield emulator


@pytest.fixture
def sam(emulator):
    person = emulator.world.add_person("Sam", language_code="en")
    emulator.world.starts(person)
    return person


@pytest.fixture
async def api(emulator):
    async with open_client(emulator.token, emulator.url) as api:
        yield api


@pytest.fixture
def sender(api):
    return BroadcastSender(api, paid=False, wait=lambda tries: 0.0)


def to(person, message_id=None):
    return Delivery(person.id, "en", message_id)


async def send(sender, person, screen=NEWS):
    outcome = await sender.send("update", screen, to(person))
    assert isinstance(outcome, Sent)
    return to(person, outcome.message_id)


async def test_sender_sends_corrects_and_recalls_a_message(emulator, sender, sam):
    copy = await send(sender, sam)
    assert emulator.world.message(sam.id, copy.message_id)["text"] == "News & more"
    for _ in range(2):  # the second one changes nothing
        assert await sender.send("correction", BETTER, copy) == Sent(copy.message_id)
    assert emulator.world.message(sam.id, copy.message_id)["text"] == "Better news"
    assert await sender.send("recall", None, copy) == Sent(copy.message_id)
    assert emulator.world.message(sam.id, copy.message_id) is None
    assert await sender.send("recall", None, copy) == Gone("message_gone")
    assert await sender.send("correction", BETTER, copy) == Gone("message_gone")


@pytest.mark.parametrize("kind", MEDIA_KINDS)
async def test_sender_sends_a_file_with_its_caption(emulator, sender, sam, kind):
    stored = emulator.world.files.keep(kind, picture(), "flag.png")
    screen = Screen(NEWS.text, BUTTONS, media=Media(kind, stored.file_id), silent=True)
    copy = await send(sender, sam, screen)
    message = emulator.world.message(sam.id, copy.message_id)
    assert message["caption"] == "News & more"
    assert kind in message
    corrected = Screen(BETTER.text, BUTTONS, media=screen.media)
    assert await sender.send("correction", corrected, copy) == Sent(copy.message_id)
    assert emulator.world.message(sam.id, copy.message_id)["caption"] == "Better news"


async def test_sender_corrects_a_file_without_caption(emulator, sender, sam):
    stored = emulator.world.files.keep("photo", picture())
    bare = Screen(Markup(), media=Media("photo", stored.file_id))
    copy = await send(sender, sam, Screen(NEWS.text, media=bare.media))
    assert await sender.send("correction", bare, copy) == Sent(copy.message_id)
    assert "caption" not in emulator.world.message(sam.id, copy.message_id)
    await send(sender, sam, bare)


async def test_sender_classifies_unreachable_recipients(emulator, sender, sam):
    stranger = emulator.world.add_person("Mallory")
    assert await sender.send("update", NEWS, to(stranger)) == Gone("not_found")
    assert await sender.send("update", NEWS, Delivery(1, "en", None)) == Gone("not_found")
    emulator.world.blocks(sam)
    assert await sender.send("update", NEWS, to(sam)) == Gone("blocked")
    emulator.world.unblocks(sam)
    emulator.world.deactivates(sam)
    assert await sender.send("update", NEWS, to(sam)) == Gone("deactivated")


@pytest.mark.parametrize(
    "screen",
    [
        Screen(Markup("x") * 4097),
        Screen(Markup("<b>half a tag")),
        Screen(Markup("")),
        Screen(Markup("x"), ((Press("x", "x" * 65),),)),
        Screen(Markup("x"), media=Media("photo", "AgAC-of-another-bot")),
    ],
)
async def test_refused_content_ends_the_broadcast(sender, sam, screen):
    outcome = await sender.send("update", screen, to(sam))
    assert isinstance(outcome, ContentRefused)
    assert outcome.said


async def test_correction_cannot_make_a_text_a_picture(sender, sam):
    copy = await send(sender, sam)
    picture_now = Screen(Markup("Look"), media=Media("photo", "AgAC-1"))
    assert isinstance(await sender.send("correction", picture_now, copy), ContentRefused)


async def test_recall_fails_after_two_days(sender, sam, clock):
    copy = await send(sender, sam)
    clock.now += 48 * 3600 + 1
    assert await sender.send("recall", None, copy) == Failed("too_old")


async def test_cut_after_the_call_leaves_only_a_new_message_unknown(emulator, sender, sam):
    emulator.faults.disconnect("sendMessage", delivered=True, times=1)
    assert await sender.send("update", NEWS, to(sam)) == Unknown("cut")
    assert len(emulator.deliveries.to(sam.id)) == 1
    copy = to(sam, emulator.deliveries.to(sam.id)[0].message_id)
    emulator.faults.disconnect("editMessageText", delivered=True, times=1)
    assert await sender.send("correction", BETTER, copy) == Sent(copy.message_id)
    emulator.faults.disconnect("deleteMessage", delivered=True, times=1)
    assert await sender.send("recall", None, copy) == Sent(copy.message_id)


async def test_flood_means_not_sent(emulator, sender, sam):
    emulator.faults.flood(3, "sendMessage", times=1)
    assert await sender.send("update", NEWS, to(sam)) == NotSent(3, flood=True)
    assert not emulator.deliveries.to(sam.id)


async def test_sender_sends_nothing_while_telegram_is_down(emulator, sender, sam):
    await emulator.stop()
    assert await sender.send("update", NEWS, to(sam)) == NotSent()
    assert not await sender.probe()
    await emulator.start()
    assert await sender.probe()
    await send(sender, sam)


async def test_wrong_token_raises_an_error(emulator, sam):
    async with open_client("424242:the-key-of-another-bot", emulator.url) as api:
        with pytest.raises(TokenRefusedError):
            await BroadcastSender(api, paid=True).send("update", NEWS, to(sam))


async def test_concurrent_calls_reach_everybody_once(emulator, sender):
    people = [emulator.world.add_person("Sam", person_id=5_000 + n) for n in range(200)]
    for person in people:
        person.started = True
    copies = await asyncio.gather(*(send(sender, person) for person in people))
    assert all(copy.message_id is not None for copy in copies)
    assert sorted(delivery.chat_id for delivery in emulator.deliveries) == [person.id for person in people]
