"""An answer to a person may come twice rather than never; a delivery of a broadcast never comes twice."""

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from markupsafe import Markup

from chatbot.broadcasting.pace import Pacer
from chatbot.conversation.interface import Answer
from chatbot.petition.broadcasts.outcome import Delivery, Unknown
from chatbot.petition.job import RetryLaterError
from chatbot.screens.screen import Screen
from chatbot.transport.outgoing.broadcast_sender import BroadcastSender
from chatbot.transport.outgoing.client import BotApi
from chatbot.transport.outgoing.job_sender import JobSender
from chatbot.transport.outgoing.reply_sender import ReplySender

TROUBLES = {
    "502": lambda: web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html"),
    "half": lambda: web.Response(body=b'{"ok":true,"result":{"message_id":1', content_type="application/json"),
    "silence": None,
}
SCREEN = Screen(Markup("Thank you"))


class Telegram:
    """A Telegram that carries out every call, and loses the first `lost` responses."""

    def __init__(self, trouble: str, lost: int) -> None:
        self.trouble = TROUBLES[trouble]
        self.lost = lost
        self.arrived = 0

    async def answer(self, request: web.Request) -> web.Response:
        await request.read()
        self.arrived += 1
        if self.arrived > self.lost:
            return web.json_response({"ok": True, "result": {"message_id": self.arrived}})
        if self.trouble is None:
            await asyncio.sleep(3600)
        return self.trouble()


@pytest.fixture(params=TROUBLES)
def trouble(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("chatbot.transport.outgoing.client.READ", 0.2)
    return str(request.param)


async def reach(telegram: Telegram, say) -> None:
    app = web.Application()
    app.router.add_post("/bot1:x/{method}", telegram.answer)
    server = TestServer(app, handler_cancellation=True)
    await server.start_server(shutdown_timeout=0)
    api = BotApi("1:x", str(server.make_url("")).rstrip("/"))
    await api.open()
    try:
        await say(api)
    finally:
        await api.close_session()
        await server.close()


async def nobody(_chat_id: int) -> None:
    raise AssertionError("nobody has left")


@pytest.mark.parametrize(("lost", "arrives"), [(1, 2), (2, 3), (99, 3)])
async def test_answer_is_repeated_at_most_twice(trouble: str, lost: int, arrives: int) -> None:
    telegram = Telegram(trouble, lost)

    async def say(api: BotApi) -> None:
        await ReplySender(api, Pacer(), nobody, wait=lambda tries: 0.01).send(Answer(7, SCREEN))

    await reach(telegram, say)
    assert telegram.arrived == arrives


async def test_broadcast_is_never_sent_twice(trouble: str) -> None:
    telegram = Telegram(trouble, 1)

    async def say(api: BotApi) -> None:
        outcome = await BroadcastSender(api, paid=False, wait=lambda tries: 0.01).send(
            "update", SCREEN, Delivery(7, "en", None)
        )
        assert isinstance(outcome, Unknown)

    await reach(telegram, say)
    assert telegram.arrived == 1


@pytest.mark.parametrize("trouble", ["502", "half"], indirect=True)
async def test_job_retries_by_its_own_count(trouble: str) -> None:
    telegram = Telegram(trouble, 1)

    async def say(api: BotApi) -> None:
        chat_sender = JobSender(api, Pacer())
        with pytest.raises(RetryLaterError) as later:
            await chat_sender.show(7, SCREEN)
        assert later.value.unsure, "counted among the errand's tries, of which there are few"
        assert await chat_sender.show(7, SCREEN) == 2

    await reach(telegram, say)
    assert telegram.arrived == 2
