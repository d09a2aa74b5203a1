"""Arbitrary updates, by polling and by webhook, raise nothing and hang nothing, and each answer goes to its chat.

`FUZZ_EXAMPLES=1500 pytest -m slow tests/transport/fuzzing` takes some minutes and finds more.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatbot.emulator import Emulator
from chatbot.emulator.bot_api.refusal import RefusalError
from chatbot.i18n import Translator
from chatbot.petition.countries.find import prepare
from chatbot.petition.model import Campaign
from chatbot.transport.incoming.http_server import HttpServer
from chatbot.transport.incoming.polling import Poller
from chatbot.transport.incoming.webhook import SECRET_HEADER, Receiver
from chatbot.transport.outgoing.client import BotApi
from chatbot.transport.outgoing.reply_sender import ReplySender
from tests.support.bot_api_schema import check_request
from tests.support.clients import open_client
from tests.support.limits import GIVE_UP
from tests.support.postgres_server import PostgresServer
from tests.transport.conftest import Pace, Telegram
from tests.transport.fuzzing.petition import HANA, SUPPORTING, WRITING, YUNA, Petition, encode, write_starts
from tests.transport.fuzzing.shapes import ANY_JSON, ARRIVALS, CAST, updates

pytestmark = pytest.mark.slow

SECRET = "a-secret-of-the-webhook"
KNOWN = {SECRET_HEADER: SECRET, "Content-Type": "application/json"}
Begin = Callable[[str, Mapping[int, Sequence[str]]], Petition]
STEPS = st.fixed_dictionaries({YUNA: st.sampled_from(WRITING), HANA: st.sampled_from(SUPPORTING)})
ROUND = st.lists(ARRIVALS, min_size=1, max_size=12)
fuzzing = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES") or 12),
    deadline=None,  # the machine may be busy
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> PostgresServer | None:
    """The PostgreSQL server; None for SQLite."""
    return None if request.param == "sqlite" else request.getfixturevalue("server")


@contextmanager
def fresh_database(server: PostgresServer | None) -> Iterator[str]:
    """Yield the address of a new database."""
    if server is not None:
        with server.fresh_database() as url:
            yield url
        return
    with TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder)}/chatbot.db"


@pytest.fixture
def begin(campaign: Campaign, translators: Mapping[str, Translator]) -> Begin:
    """Return a function that makes a petition in a new database, with people at these steps."""
    # In a turn this may take more than the ten seconds after which PostgreSQL ends an idle transaction.
    prepare(campaign.languages)
    return lambda url, steps: Petition(url, campaign, translators, steps)


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    async with Emulator(on_request=check_request) as emulator:
        for person in CAST:
            emulator.world.add_person("Sam", person_id=person["id"]).started = True
        yield emulator


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=GIVE_UP)) as session:
        yield session


@asynccontextmanager
async def open_server(petition: Petition, emulator: Emulator) -> AsyncIterator[str]:
    """Yield the address at which the petition takes updates; wait for all answers at the end."""

    async def nothing() -> Any:
        return b""

    async with open_client(emulator.token, emulator.url) as api:
        reply_sender = ReplySender(api, Pace(), petition.mark_unreachable, wait=lambda tries: 0.0)
        receiver = Receiver(reply_sender, "petition_bot", SECRET, petition)
        server = HttpServer("http://127.0.0.1/hook", receiver, is_ready=nothing, measure=nothing)
        port = await server.open(0, "127.0.0.1")
        try:
            yield f"http://127.0.0.1:{port}/hook"
        finally:
            await server.close()
            await reply_sender.close(GIVE_UP)


@fuzzing
@given(STEPS, ROUND)
async def test_receiver_handles_any_update(
    engine: PostgresServer | None,
    emulator: Emulator,
    session: aiohttp.ClientSession,
    begin: Begin,
    steps: Mapping[int, Sequence[str]],
    arrivals: Sequence[Any],
) -> None:
    left, asked = write_starts()
    with fresh_database(engine) as url:
        async with begin(url, steps) as petition:
            async with open_server(petition, emulator) as url:
                for update in (*arrivals, *left, *asked):
                    async with session.post(url, data=encode(update), headers=KNOWN) as response:
                        assert response.status == 200
                        if body := await response.read():
                            call = orjson.loads(body)
                            try:
                                await emulator.api.perform(call.pop("method"), call)
                            except RefusalError as refusal:
                                # The update was of a tap that never happened, or of a chat that does not exist.
                                assert re.search("query|chat not found", refusal.description)  # noqa: PT017 - most updates are not refused
            await petition.assert_in_order(asked)


@fuzzing
@given(STEPS, ROUND)
async def test_poller_handles_any_update(
    engine: PostgresServer | None,
    telegram: Telegram,
    api: BotApi,
    begin: Begin,
    steps: Mapping[int, Sequence[str]],
    arrivals: Sequence[Any],
) -> None:
    left, asked = write_starts()
    telegram.calls.clear()
    telegram.queue[:] = [*arrivals, *left, *asked]
    with fresh_database(engine) as url:
        async with begin(url, steps) as petition:
            reply_sender = ReplySender(api, Pace(), petition.mark_unreachable, wait=lambda tries: 0.0)
            poller = Poller(api, reply_sender, "petition_bot", petition)
            polling = asyncio.create_task(poller.run())
            try:
                await telegram.until(lambda: not telegram.queue)
            finally:
                poller.stop()
                await polling
                await reply_sender.close(GIVE_UP)
            await petition.assert_in_order(asked)
    for method, values in telegram.calls:
        check_request(method, values)


@st.composite
def broken_bodies(draw: Any) -> bytes:
    """Draw the bytes of an update, with some missing or inserted, or other bytes."""
    body = encode(draw(updates() | ANY_JSON))
    place = draw(st.integers(0, len(body)))
    match draw(st.sampled_from(("cut", "more", "deep", "other"))):
        case "cut":
            return body[:place]
        case "more":
            return body[:place] + draw(st.binary(max_size=20)) + body[place:]
        case "deep":
            depth = draw(st.sampled_from((900, 2_000, 100_000)))
            return body.replace(b'"update_id"', b'"x": ' + b"[" * depth + b"]" * depth + b', "update_id"', 1)
    return draw(st.binary(max_size=300))


@fuzzing
@given(st.lists(broken_bodies(), min_size=1, max_size=20))
async def test_server_accepts_or_refuses_arbitrary_bytes(
    emulator: Emulator,
    session: aiohttp.ClientSession,
    begin: Begin,
    bodies: Sequence[bytes],
) -> None:
    left, asked = write_starts()
    with fresh_database(None) as url:
        async with begin(url, {}) as petition:
            async with open_server(petition, emulator) as url:
                for body in bodies:
                    async with session.post(url, data=body, headers=KNOWN) as response:
                        assert response.status in (200, 400)
                for update in (*left, *asked):
                    async with session.post(url, data=encode(update), headers=KNOWN) as response:
                        assert response.status == 200
            await petition.assert_in_order(asked)
