"""Random faults of machines, clocks, networks and Telegram, applied to a running petition."""

import asyncio
import random
import sys
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import aiohttp
import asyncpg
import orjson

from chatbot.emulator.bot_api.api import DisconnectedError
from chatbot.emulator.bot_api.refusal import RefusalError
from tests.chaos.processes import PetitionProcesses

METHODS = ("sendMessage", "editMessageText", "answerCallbackQuery")
CLOCKS = (-86_400, -3_600, -5, 0, 5, 3_600, 86_400)


class FaultInjector:
    """Causes random faults and lists them. The same seed chooses the same faults."""

    def __init__(self, processes: PetitionProcesses, seed: int) -> None:
        self.processes = processes
        self.chance = random.Random(seed)
        self._seen: deque[dict[str, Any]] = deque(maxlen=200)
        processes.telegram.world.updates.inspect = self._seen.append
        self._faults: list[Callable[[], Awaitable[str]]] = [
            *(self._kills_web, self._cuts_connections, self._delays, self._repeats_updates, self._turns_the_clock),
            *(self._floods, self._breaks_telegram_down, self._cuts_calls, self._slows_calls),
        ]
        if processes.server is None:
            self._faults += [self._fills_the_disk]
        else:
            self._faults += [self._kills_worker, self._kills_database, self._cuts_the_database_off]

    async def inject(self, seconds: float) -> None:
        """Cause one fault after the other for this time, then end all of them."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            while (at := loop.time() - began) < seconds:
                sys.stdout.write(f"{at:6.2f} {await self.chance.choice(self._faults)()}\n")
                await asyncio.sleep(self.chance.uniform(0, 0.4))
        finally:
            self.processes.telegram.faults.clear()
            self.processes.turn_clock(0)

    # Machines

    async def _kills_web(self) -> str:
        return self._kills("web", self.chance.choice(self.processes.webs))

    async def _kills_worker(self) -> str:
        return self._kills("worker", self.chance.choice(self.processes.workers))

    def _kills(self, what: str, victim: Any) -> str:
        victim.kill()
        return f"kill -9 of a {what}"

    async def _kills_database(self) -> str:
        server = self.processes.server
        assert server is not None
        await asyncio.to_thread(server.kill)
        try:
            await asyncio.sleep(self.chance.uniform(0, 0.5))
        finally:
            await asyncio.to_thread(server.start)
        return "kill -9 of the database"

    async def _fills_the_disk(self) -> str:
        [web] = self.processes.webs
        with suppress(OSError):
            web.lets_files_grow(False)
            await asyncio.sleep(self.chance.uniform(0.1, 0.5))
        with suppress(OSError):
            web.lets_files_grow(True)
        return "the disk was full"

    async def _turns_the_clock(self) -> str:
        seconds = self.chance.choice(CLOCKS)
        self.processes.turn_clock(seconds)
        return f"clocks are wrong by {seconds} s"

    # Networks

    async def _cuts_connections(self) -> str:
        self.processes.balancer.cut()
        return "connections of the webhook cut"

    async def _delays(self) -> str:
        self.processes.balancer.lag = self.chance.uniform(0.05, 0.3)
        try:
            await asyncio.sleep(self.chance.uniform(0.1, 0.5))
        finally:
            self.processes.balancer.lag = 0.0
        return "updates came late"

    async def _cuts_the_database_off(self) -> str:
        server = self.processes.server
        assert server is not None
        connection = await asyncpg.connect(server.url())
        sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'chatbot'"
        cut = await connection.fetchval(sql)
        await connection.close()
        return f"{cut} connections to the database cut"

    # Telegram

    async def _repeats_updates(self) -> str:
        again = self.chance.choices(self._seen, k=6) if self._seen else []
        again += list(self._seen)[-2:]  # the first delivery of these may not have ended
        await asyncio.gather(*map(self._repeats, again))
        return f"{len(again)} updates came twice"

    async def _repeats(self, update: dict[str, Any]) -> None:
        api = self.processes.telegram.api
        if not api.webhooks.address.url:
            return
        headers = {
            "Content-Type": "application/json",
            "X-Telegram-Bot-Api-Secret-Token": api.webhooks.address.secret,
        }
        answer = b""
        with suppress(aiohttp.ClientError, OSError):
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session,
                session.post(api.webhooks.address.url, data=orjson.dumps(update), headers=headers) as response,
            ):
                answer = await response.read() if response.status == 200 else b""
        if answer:
            call = orjson.loads(answer)
            with suppress(RefusalError, DisconnectedError):
                await api.perform(call.pop("method"), call, update_id=update["update_id"])

    async def _floods(self) -> str:
        method = self.chance.choice(METHODS)
        self.processes.telegram.faults.flood(1, method, times=self.chance.randint(1, 2))
        return f"429 for {method}"

    async def _breaks_telegram_down(self) -> str:
        method, delivered = self.chance.choice(METHODS), self.chance.choice([True, False])
        code, times = self.chance.choice([500, 502, 504]), self.chance.randint(1, 5)
        self.processes.telegram.faults.break_down(code, method, delivered=delivered, times=times)
        return f"{code} for {method}, {delivered=}"

    async def _cuts_calls(self) -> str:
        method, delivered = self.chance.choice(METHODS), self.chance.choice([True, False])
        self.processes.telegram.faults.disconnect(method, delivered=delivered, times=self.chance.randint(1, 5))
        return f"{method} cut off, {delivered=}"

    async def _slows_calls(self) -> str:
        method, delivered = self.chance.choice(METHODS), self.chance.choice([True, False])
        times, seconds = self.chance.randint(1, 20), self.chance.uniform(0.1, 1.0)
        self.processes.telegram.faults.slow(seconds, method, delivered=delivered, times=times)
        return f"{method} slow, {delivered=}"
