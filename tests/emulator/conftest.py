import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
import telegram
from telegram.request import HTTPXRequest

from chatbot.emulator import EmulatedPerson, Emulator
from chatbot.emulator.world.scene import Scene
from tests.support.bot_api_schema import check_answer, check_request, watch_updates
from tests.support.clock import Clock
from tests.support.limits import GIVE_UP


class Line:
    """A plain HTTP client: `await line("sendMessage", chat_id=1, text="…")` returns the decoded answer."""

    def __init__(self, emulator: Emulator, http: aiohttp.ClientSession) -> None:
        self.emulator = emulator
        self.http = http

    def address(self, method: str) -> str:
        return f"{self.emulator.url}/bot{self.emulator.token}/{method}"

    async def __call__(self, method: str, **params: Any) -> Any:
        async with self.http.post(self.address(method), json=params) as answer:
            body = await answer.json()
            assert answer.status == body.get("error_code", 200)
            return body

    async def refusal(self, method: str, **params: Any) -> str:
        """Return the description of the error that a call gets."""
        body = await self(method, **params)
        assert not body["ok"], f"{method} was expected to be refused"
        return str(body["description"])

    async def result(self, method: str, **params: Any) -> Any:
        """Return the result of a call that must succeed."""
        body = await self(method, **params)
        assert body["ok"], body
        return body["result"]


@pytest.fixture
def clock() -> Clock:
    return Clock(1_790_000_000.0)


@pytest.fixture
async def emulator(clock: Clock) -> AsyncIterator[Emulator]:
    """An emulator that checks every request, answer and update against the schema."""
    async with Emulator(clock=clock, webhook_pause=0.001, on_answer=check_answer) as running:
        watch_updates(running.world)
        yield running


@pytest.fixture
def hana(emulator: Emulator) -> EmulatedPerson:
    """하나, who has started the bot; the queue is empty."""
    person = emulator.world.add_person("하나", language_code="ko")
    emulator.world.starts(person)
    emulator.world.updates.clear()
    return person


@pytest.fixture
def sam(emulator: Emulator) -> EmulatedPerson:
    """Sam, who has started the bot too."""
    person = emulator.world.add_person("Sam", "Taylor", "en", "sam")
    emulator.world.starts(person)
    emulator.world.updates.clear()
    return person


@pytest.fixture
async def line(emulator: Emulator) -> AsyncIterator[Line]:
    async with aiohttp.ClientSession() as http:
        yield Line(emulator, http)


@pytest.fixture
async def bot(emulator: Emulator) -> AsyncIterator[telegram.Bot]:
    """The real client library; its requests are checked too."""
    emulator.api.on_request = check_request
    patient = {"httpx_kwargs": {"verify": False}}
    async with telegram.Bot(
        emulator.token,
        base_url=f"{emulator.url}/bot",
        base_file_url=f"{emulator.url}/file/bot",
        request=HTTPXRequest(**patient),
        get_updates_request=HTTPXRequest(**patient),
    ) as library:
        yield library


@pytest.fixture
def heard(emulator: Emulator) -> Callable[[], list[dict[str, Any]]]:
    """List the queued updates without their ids."""

    def waiting() -> list[dict[str, Any]]:
        updates = [waiting.update for waiting in emulator.world.updates.waiting.values()]
        return [{name: body for name, body in update.items() if name != "update_id"} for update in updates]

    return waiting


async def until(condition: Callable[[], object]) -> None:
    """Run the other tasks until a condition is true, if there is no event to wait for."""
    async with asyncio.timeout(GIVE_UP):
        while not condition():  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0)


def last_of(scene: Scene, chat: EmulatedPerson | int) -> dict[str, Any]:
    """Return the newest message of a chat."""
    return scene.said_in(chat)[-1]
