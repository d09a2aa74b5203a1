"""The application as a whole: it finds its username, receives updates, and stops within five seconds."""

import asyncio
import time

import pytest
from markupsafe import Markup

from chatbot.conversation.interface import Answer
from chatbot.petition.broadcasts.outcome import Delivery, Sent
from chatbot.petition.job import RetryLaterError
from chatbot.screens.screen import Screen
from chatbot.transport.application import Application
from chatbot.transport.bot_profile import LocalizedProfile, Profile
from chatbot.transport.outgoing.retry import TokenRefusedError
from tests.support.fake_conversation import FakeConversation, ignore_gone
from tests.support.limits import GIVE_UP, SOON, read_run_delay


async def greet(heard):
    return Answer(heard.person.id, Screen(Markup("Hello")))


@pytest.fixture
async def application(telegram, token, pace):
    async with Application(token, telegram.url, pace=pace, on_gone=ignore_gone) as application:
        yield application


async def test_application_finds_its_username(application):
    assert await application.introduce() == "savemyfriend_bot"


async def test_application_waits_for_telegram(application, telegram, caplog):
    telegram.fail("getMe", (502, "Bad Gateway"))
    assert await application.introduce() == "savemyfriend_bot"
    assert caplog.text.count("trying again") == 1


async def test_wrong_token_raises_an_error_of_one_line(application, telegram, token):
    telegram.fail("getMe", (401, "Unauthorized"))
    with pytest.raises(TokenRefusedError, match=r"^TELEGRAM_TOKEN: .*BotFather$") as refused:
        await application.introduce()
    assert token not in str(refused.value)


async def test_application_refuses_to_listen_without_a_username(application):
    with pytest.raises(RuntimeError):
        await application.run_polling(FakeConversation(greet))


async def test_application_answers_until_it_is_stopped(application, telegram, write):
    await application.introduce()
    running = asyncio.create_task(application.run_polling(FakeConversation(greet)))
    await telegram.deliver(write(1))
    await telegram.until(lambda: bool(telegram.said("sendMessage")) and not telegram.queue)
    application.stop()
    await asyncio.wait_for(running, SOON)


async def test_application_knows_whether_telegram_answers(application, telegram, monkeypatch):
    await application.introduce()
    assert application.find_trouble() == "starting"
    running = asyncio.create_task(application.run_polling(FakeConversation(greet)))
    await telegram.until(lambda: bool(telegram.said("getUpdates")))
    assert application.find_trouble() is None, "Telegram has answered getWebhookInfo, and the first poll is open"
    telegram.fail("getUpdates", (502, "Bad Gateway"))
    monkeypatch.setattr("chatbot.transport.application.UNREACHED", 0.0)
    assert application.find_trouble() == "telegram"
    application.stop()
    await asyncio.wait_for(running, SOON)


async def test_slow_profile_delays_no_answer(application, telegram, write):
    telegram.fail("getMyName", "hang")
    await application.introduce()
    application.publish_profiles({None: LocalizedProfile(Profile("a", "b", "c"), ())})
    running = asyncio.create_task(application.run_polling(FakeConversation(greet)))
    await telegram.deliver(write(1))
    await telegram.until(lambda: bool(telegram.said("sendMessage")))
    application.stop()
    await asyncio.wait_for(running, GIVE_UP)


async def test_senders_share_the_client_and_the_pace(application, telegram, pace):
    sender = application.make_broadcast_sender(paid=True)
    telegram.results["sendMessage"] = {"message_id": 9}
    assert await sender.send("update", Screen(Markup("News")), Delivery(7, "en", None)) == Sent(9)
    assert telegram.said("sendMessage")[0]["allow_paid_broadcast"] is True
    telegram.fail("sendMessage", (429, "Too Many Requests: retry after 17", {"retry_after": 17}))
    with pytest.raises(RetryLaterError):
        await application.job_sender.show(7, Screen(Markup("1 of 2")))
    assert pace.refusals == [(7, 17)]


async def test_stop_ends_a_hanging_introduction(application, telegram):
    telegram.fail("getMe", "hang")
    introduction = asyncio.create_task(application.introduce())
    await telegram.until(lambda: bool(telegram.said("getMe")))
    application.stop()
    assert await introduction is None
    await application.run_polling(FakeConversation(greet))
    assert not telegram.said("getUpdates")


async def test_worst_stop_takes_less_than_five_seconds(telegram, token, pace, write):
    """A turn, an answer and a confirmation hang at once."""

    async def hang(heard):
        if heard.person.id == 1:
            return await greet(heard)
        await asyncio.Event().wait()
        return None

    async with Application(token, telegram.url, pace=pace, on_gone=ignore_gone) as application:
        await application.introduce()
        running = asyncio.create_task(application.run_polling(FakeConversation(hang)))
        telegram.fail("sendMessage", "hang")
        await telegram.deliver(write(1, person_id=1), write(2, person_id=2))
        await telegram.until(lambda: bool(telegram.said("sendMessage")))
        telegram.fail("getUpdates", "hang")
        begun, delayed = time.monotonic(), read_run_delay()
        application.stop()
        await running
    # The time in which this process waited for a core is not counted.
    assert time.monotonic() - begun - (read_run_delay() - delayed) < 5
