"""Webhook processes: one with an embedded database, and several with a database server, some of them killed."""

import asyncio
import re
import signal
import socket
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from chatbot.emulator import Emulator
from chatbot.storage import Database, Transaction, open_database
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.broadcasts import deliveries
from chatbot.storage.people import signatures
from tests.support.balancer import Balancer
from tests.support.bot_process import BotProcess
from tests.support.broadcasts import draft, start, subscribe
from tests.support.crowd import gather
from tests.support.database_reader import FIRST
from tests.support.limits import GIVE_UP
from tests.support.postgres_server import PostgresServer

pytestmark = pytest.mark.slow


@pytest.fixture
async def telegram():
    async with Emulator(webhook_pause=0.02, history=20) as emulator:
        yield emulator


KEY = "a-token-for-the-metrics"


async def ask(address: str) -> tuple[int, str]:
    known = {"Authorization": f"Bearer {KEY}"}
    async with aiohttp.ClientSession(headers=known) as session, session.get(address) as response:
        return response.status, await response.text()


async def until_listening(*bots: BotProcess, word: str = "listening as") -> None:
    async with asyncio.timeout(GIVE_UP):
        for bot in bots:
            while not any(word in line for line in bot.log):
                assert bot.process is not None
                assert bot.process.returncode is None, bot.log
                await asyncio.sleep(0.02)  # a line in another process's log makes no event here


async def test_kill_of_a_webhook_process_loses_nothing(
    telegram: Emulator, tmp_path: Path, unused_tcp_port: int
) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}/hook"
    async with BotProcess(
        telegram, tmp_path, "-m", "chatbot", "web", WEBHOOK_URL=url, PORT=str(unused_tcp_port), METRICS_TOKEN=KEY
    ) as bot:
        await until_listening(bot)
        crowd = gather(telegram.world, 60)
        with telegram.world.watch(crowd[30].person) as watch:
            signing = asyncio.gather(*(each.signs(patience=1.0) for each in crowd))
            await watch.next_screen()
        bot.kill()
        await bot.ended()
        await bot.starts()
        numbers = await signing
        assert sorted(numbers) == list(range(FIRST, FIRST + 60))
        status, text = await ask(f"http://127.0.0.1:{unused_tcp_port}/metrics")
        assert status == 200
        assert 'chatbot_petition{what="signatures"} 60.0' in text
        assert 'chatbot_petition{what="broadcast_left"} 0.0' in text
        assert re.search(r'chatbot_updates_total\{outcome="taken"\} [1-9]', text)
        assert "하나" not in text
        assert await ask(f"http://127.0.0.1:{unused_tcp_port}/readyz") == (200, "ready\n")
        bot.kill(signal.SIGTERM)
        assert await bot.ended() == 0
    assert bot.troubles == []
    secret = telegram.api.webhooks.address.secret
    assert len(secret) == 64
    assert not any(secret in line or telegram.token in line for line in bot.log)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"HOST": "no..host"}, "HOST: no..host cannot be used ("),
        ({"HOST": "192.0.2.1"}, "HOST: 192.0.2.1 cannot be used ("),
        ({"PORT": "taken"}, "PORT: {port} cannot be used ("),
    ],
)
async def test_unusable_address_is_told_in_one_line(
    telegram: Emulator, tmp_path: Path, settings: dict[str, str], told: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        given = {"WEBHOOK_URL": "http://127.0.0.1:9/hook", "PORT": "0"} | settings
        given["PORT"] = given["PORT"].replace("taken", port)
        async with BotProcess(telegram, tmp_path, "-m", "chatbot", "web", **given) as bot:
            assert await bot.ended() == 1
    assert bot.told(told.format(port=port)) == bot.troubles[-1]
    assert len(bot.troubles) == 1


async def test_surge_is_served_though_one_of_each_process_is_killed(
    telegram: Emulator, tmp_path: Path, server: PostgresServer, unused_tcp_port_factory: Callable[[], int]
) -> None:
    ports = [unused_tcp_port_factory(), unused_tcp_port_factory()]
    people = [telegram.world.add_person("Sam", str(nth), "en") for nth in range(400)]
    for person in people:
        person.started = True
    readers = [person.id for person in people]
    with server.fresh_database() as database_url:
        database = await open_database(database_url)
        broadcast_id = await start_broadcast(database, readers)
        async with AsyncExitStack() as stack:
            balancer = await stack.enter_async_context(Balancer(ports))
            hook = {"WEBHOOK_URL": f"http://127.0.0.1:{balancer.port}/hook", "DATABASE_URL": database_url}
            webs = [BotProcess(telegram, tmp_path, "-m", "chatbot", "web", **hook, PORT=str(port)) for port in ports]
            for web in webs:
                await stack.enter_async_context(web)
            await until_listening(*webs)
            paid = {"DATABASE_URL": database_url, "BROADCAST_PAID": "true", "BROADCAST_RATE": "150"}
            workers = [BotProcess(telegram, tmp_path, "-m", "chatbot", "worker", **paid) for _ in range(2)]
            arrived = asyncio.Event()
            telegram.api.on_answer = lambda method, result: arrived.set() if sent(telegram, readers) else None
            await stack.enter_async_context(workers[0])
            crowd = gather(telegram.world, 80)
            with telegram.world.watch(crowd[40].person) as watch:
                signing = asyncio.gather(*(each.signs(patience=1.5) for each in crowd))
                await watch.next_screen()
            webs[0].kill()
            await arrived.wait()
            await stack.enter_async_context(workers[1])
            await until_listening(workers[1], word="sending broadcasts")
            workers[0].kill()
            numbers = await signing
            async with asyncio.timeout(GIVE_UP):
                while (await outcomes(database, broadcast_id)).total() < len(readers):  # noqa: ASYNC110 - there is no event for it
                    await asyncio.sleep(0.1)  # the other process's progress makes no event here
            assert webs[1].is_alive
            assert workers[1].is_alive
        assert sorted(numbers) == list(range(FIRST, FIRST + 80))
        assert await database.transact(signatures.count) == 80
        counted = await outcomes(database, broadcast_id)
        assert counted["sent"] + counted["unknown"] == len(readers)
        assert counted["unknown"] <= 200
        assert max(sent(telegram, readers).values()) == 1, "nobody twice"
        assert await find_problems(database) == []
        await database.close()
    assert [line for bot in (webs[1], workers[1]) for line in bot.troubles if "ERROR" in line] == []


def sent(telegram: Emulator, readers: Sequence[int]) -> Counter[int]:
    """Count the messages that each reader got."""
    return Counter(
        each.chat_id for each in telegram.deliveries if each.method == "sendmessage" and each.chat_id in set(readers)
    )


async def start_broadcast(database: Database, subscribers: list[int]) -> int:
    """Subscribe people, and start a broadcast in English to them."""
    now = datetime.now(UTC)

    async def work(tx: Transaction) -> int:
        await subscribe(tx, subscribers, now, "en")
        return (await start(tx, await draft(tx, now, en="Resumed."), now)).id

    return await database.transact(work)


async def outcomes(database: Database, broadcast_id: int) -> Counter[str]:
    """Count the deliveries by state."""
    tally = await database.transact(deliveries.tally, broadcast_id)
    counted: Counter[str] = Counter()
    for (_, outcome, _), count in tally.outcomes.items():
        counted[outcome] += count
    return counted


async def test_other_process_takes_the_buttons_off_an_answered_question(
    telegram: Emulator, tmp_path: Path, server: PostgresServer, unused_tcp_port_factory: Callable[[], int]
) -> None:
    """The process that asked is killed beside another, before it took them off."""
    world, sam = telegram.world, telegram.world.add_person("Sam", language_code="en-CA")
    ports = [unused_tcp_port_factory() for _ in range(2)]
    with server.fresh_database() as database_url:
        async with AsyncExitStack() as stack:
            balancer = await stack.enter_async_context(Balancer(ports[:1]))
            hook = {"WEBHOOK_URL": f"http://127.0.0.1:{balancer.port}/hook", "DATABASE_URL": database_url}
            webs = [BotProcess(telegram, tmp_path, "-m", "chatbot", "web", **hook, PORT=str(port)) for port in ports]
            for web in webs:
                await stack.enter_async_context(web)
            await until_listening(*webs)
            with world.watch(sam) as watch:
                for typed in ("/sign", "Georgia", "Georgia"):
                    world.says(sam, typed)
                    await watch.next_message()
                lost = telegram.api.faults.disconnect("editMessageReplyMarkup")
                world.says(sam, "Georgia")
                await lost.hit.wait()
                balancer.ports = ports[1:]
                webs[0].kill()
                telegram.api.faults.clear()
                world.says(sam, "/help")
                await watch.next_message()
                while any("reply_markup" in message for message in world.said_in(sam)[:-1]):
                    await watch.next_edit()
        assert webs[1].troubles == []
