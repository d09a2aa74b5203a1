"""Webhooks: pushes updates to the bot, in order within a lane, until it accepts them."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
import orjson

from chatbot.emulator.bot_api import limits
from chatbot.emulator.bot_api.call import Call
from chatbot.emulator.bot_api.refusal import bad_request
from chatbot.emulator.updates.queue import PendingUpdate, Updates
from chatbot.emulator.wire import Json

Perform = Callable[[str, Json, int], Awaitable[None]]

log = logging.getLogger(__name__)

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
NOT_IN_A_REPLY = {"deletewebhook", "setwebhook", "close", "logout"}
LONGEST_PAUSE = 60.0
LONGEST_RETRY_AFTER = 3600
GONE_SECONDS = 23 * 60 * 60
ANSWER_SECONDS = 60


@dataclass(slots=True)
class Address:
    """Where a bot gets its updates, and the last error there."""

    url: str = ""
    secret: str = ""
    connections: int = limits.WEBHOOK_CONNECTIONS
    error: str = ""
    error_at: int = 0
    gone_since: float | None = None


class Webhooks:
    """Pushes queued updates to the webhook, if there is one.

    `pause` is the base of the pauses between attempts in seconds (Telegram's is 1: at once, then 2, 4, 8 …); a
    Retry-After has the same base. `perform` runs a method that came in an answer.
    """

    def __init__(self, updates: Updates, perform: Perform, *, pause: float = 1.0) -> None:
        self.updates = updates
        self.pause = pause
        self.address = Address()
        self.attempts = 0
        self._perform = perform
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._queues: dict[int, deque[PendingUpdate]] = {}
        self._places = asyncio.Semaphore(limits.WEBHOOK_CONNECTIONS)
        self._http: aiohttp.ClientSession | None = None
        updates.listeners.append(self._enqueue)

    async def set(self, call: Call) -> bool:
        """Run setWebhook."""
        url, secret = call.text("url"), call.text("secret_token")
        if not url:
            return await self.delete(call)
        _check_url(url)
        if len(secret) > limits.WEBHOOK_SECRET_CHARACTERS:
            raise bad_request("secret token is too long")
        if not limits.WEBHOOK_SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        await self.stop()
        if call.flag("drop_pending_updates"):
            self.updates.clear()
        self.updates.ask_for(call.decoded("allowed_updates", "can't parse allowed_updates JSON object"))
        self.address = Address(url, secret, call.number("max_connections", limits.WEBHOOK_CONNECTIONS, 1, 100))
        self._places = asyncio.Semaphore(self.address.connections)
        for waiting in list(self.updates.waiting.values()):
            self._enqueue(waiting)
        return True

    async def delete(self, call: Call) -> bool:
        """Run deleteWebhook."""
        await self.stop()
        self.address = Address()
        if call.flag("drop_pending_updates"):
            self.updates.clear()
        return True

    def describe(self, _call: Call) -> Json:
        """Answer getWebhookInfo."""
        shown: Json = {
            "url": self.address.url,
            "has_custom_certificate": False,
            "pending_update_count": self.updates.pending(),
        }
        if self.address.error:
            shown |= {"last_error_date": self.address.error_at, "last_error_message": self.address.error}
        if self.address.url:
            shown |= {"max_connections": self.address.connections, "ip_address": "127.0.0.1"}
        return shown

    async def stop(self) -> None:
        """Stop pushing; undelivered updates stay in the queue."""
        tasks, self._lanes = list(self._lanes.values()), {}
        self._queues.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._http:
            await self._http.close()
            self._http = None

    def _enqueue(self, newcomer: PendingUpdate) -> None:
        """Queue an update in its lane and start the lane if necessary."""
        if not self.address.url:
            return
        self._queues.setdefault(newcomer.lane, deque()).append(newcomer)
        if newcomer.lane not in self._lanes:
            lane = self._run(newcomer.lane, self._queues[newcomer.lane])
            self._lanes[newcomer.lane] = asyncio.get_running_loop().create_task(lane)

    async def _run(self, lane: int, queue: deque[PendingUpdate]) -> None:
        """Deliver the updates of one lane, one after the other."""
        try:
            while queue:
                await self._deliver(queue.popleft())
        except Exception:
            log.exception("a webhook lane broke")
        finally:
            if self._lanes.get(lane) is asyncio.current_task():
                del self._lanes[lane], self._queues[lane]

    async def _deliver(self, waiting: PendingUpdate) -> None:
        """Retry until the update is accepted or expired."""
        update_id = waiting.update["update_id"]
        delay, failures = 1.0, 0
        while update_id in self.updates.waiting:
            async with self._places:
                taken, retry_after, reply = await self._post(waiting.update)
            if taken:
                self.updates.forget([update_id])
                if reply:
                    await self._perform(reply.pop("method"), reply, update_id)
                return
            pause = min(retry_after, LONGEST_RETRY_AFTER)
            if not pause and failures:
                pause = delay = min(LONGEST_PAUSE, delay * 2)
            failures += 1
            if self.updates.clock() + pause > waiting.expires_at:
                self.updates.forget([update_id])
                return
            await asyncio.sleep(pause * self.pause)

    async def _post(self, update: Json) -> tuple[bool, float, Json | None]:
        """Try once; return whether it was accepted, the Retry-After, and the call in the answer, if any."""
        self.attempts += 1
        headers = {"Content-Type": "application/json"}
        if self.address.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.address.secret
        if self._http is None:
            timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
            self._http = aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0))
        try:
            async with self._http.post(self.address.url, data=orjson.dumps(update), headers=headers) as answer:
                body = await answer.read()
                if 200 <= answer.status <= 299:
                    self.address.gone_since = None
                    return True, 0, _reply(body)
                self._note_error(f"Wrong response from the webhook: {answer.status} {answer.reason}")
                self._note_gone(gone=answer.status == 410)
                asked = answer.headers.get("Retry-After", "")
                return False, int(asked) if asked.isdecimal() else 0, None
        except (aiohttp.ClientError, TimeoutError) as error:
            refused = isinstance(error, aiohttp.ClientConnectorError)
            self._note_error("Connection refused" if refused else "Webhook connection closed")
            return False, 0, None

    def _note_error(self, message: str) -> None:
        self.address.error, self.address.error_at = message, int(self.updates.clock())

    def _note_gone(self, *, gone: bool) -> None:
        """Remove a webhook that has answered 410 for 23 hours."""
        now = self.updates.clock()
        if not gone:
            self.address.gone_since = None
        elif self.address.gone_since is None:
            self.address.gone_since = now
        elif now - self.address.gone_since > GONE_SECONDS:
            self.address = Address()
            for task in self._lanes.values():
                task.cancel()


def _reply(body: bytes) -> Json | None:
    """Return the call in a 2xx body. Telegram ignores methods that read data, change the webhook or log out."""
    try:
        call = orjson.loads(body) if body else None
    except orjson.JSONDecodeError:
        return None
    if not isinstance(call, dict) or not isinstance(call.get("method"), str):
        return None
    name = call["method"].lower()
    return None if not name or name in NOT_IN_A_REPLY or name.startswith("get") else call


def _check_url(url: str) -> None:
    """Refuse a URL as Telegram does. On this machine http and any port are allowed. Other machines are refused, because
    the emulator never leaves this one.
    """
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        host, port = parts.hostname, parts.port or 443
    except ValueError:
        raise bad_request("invalid webhook URL specified") from None
    if parts.scheme not in ("http", "https") or not host:
        raise bad_request("invalid webhook URL specified")
    if host in LOOPBACK:
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if port not in limits.WEBHOOK_PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    raise bad_request("bad webhook: Failed to resolve host: Name or service not known")
