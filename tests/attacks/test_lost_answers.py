"""When a response is lost, an answer to a person is sent again, and a delivery of a broadcast is not."""

import asyncio
from collections.abc import Awaitable, Callable

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
    """A server that carries out every call, and loses the first `lost` responses."""

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
            await asyncio.Event().wait()
        return self.trouble()


@pytest.fixture(params=TROUBLES)
def trouble(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How responses are lost."""
    if request.param == "silence":
        monkeypatch.setattr("chatbot.transport.outgoing.client.READ", 0.5)
    return str(request.param)


async def call(telegram: Telegram, send: Callable[[BotApi], Awaitable[None]]) -> None:
    """Run `send` with a client of this server."""
    app = web.Application()
    app.router.add_post("/bot1:x/{method}", telegram.answer)
    server = TestServer(app, handler_cancellation=True)
    await server.start_server(shutdown_timeout=0)
    api = BotApi("1:x", str(server.make_url("")).rstrip("/"))
    await api.open()
    try:
        await send(api)
    finally:
        await api.close_session()
        await server.close()


async def fail(_chat_id: int) -> None:
    raise AssertionError("the person counts as gone")


@pytest.mark.parametrize(("lost", "arrives"), [(1, 2), (2, 3), (99, 3)])
async def test_answer_is_sent_three_times_at_most(trouble: str, lost: int, arrives: int) -> None:
    telegram = Telegram(trouble, lost)

    async def send(api: BotApi) -> None:
        await ReplySender(api, Pacer(), fail, wait=lambda tries: 0.01).send(Answer(7, SCREEN))

    await call(telegram, send)
    assert telegram.arrived == arrives


async def test_broadcast_is_never_sent_twice(trouble: str) -> None:
    telegram = Telegram(trouble, 1)

    async def send(api: BotApi) -> None:
        outcome = await BroadcastSender(api, paid=False, wait=lambda tries: 0.01).send(
            "update", SCREEN, Delivery(7, "en", None)
        )
        assert isinstance(outcome, Unknown)

    await call(telegram, send)
    assert telegram.arrived == 1


@pytest.mark.parametrize("trouble", ["502", "half"], indirect=True)
async def test_lost_response_makes_the_job_try_again(trouble: str) -> None:
    telegram = Telegram(trouble, 1)

    async def send(api: BotApi) -> None:
        chat_sender = JobSender(api, Pacer())
        with pytest.raises(RetryLaterError) as later:
            await chat_sender.show(7, SCREEN)
        assert later.value.unsure, "it counts as one of the few tries of the job"
        assert await chat_sender.show(7, SCREEN) == 2

    await call(telegram, send)
    assert telegram.arrived == 2
