"""Receives updates by webhook: Telegram posts each update, and counts it as received after a 2xx response.

So 2xx is sent only once the turn is committed. An update that cannot be handled now gets 503, and Telegram delivers it
again. https://core.telegram.org/bots/api#setwebhook
"""

import asyncio
import hmac
import logging
from http import HTTPStatus
from typing import Any, Final

import orjson
from aiohttp import web

from chatbot.conversation.interface import Answer, Conversation, Heard
from chatbot.logs import outline_error
from chatbot.transport.incoming.dispatcher import Dispatcher
from chatbot.transport.incoming.updates import reduce_update
from chatbot.transport.outgoing.client import read_json
from chatbot.transport.outgoing.reply_sender import ReplySender

logger = logging.getLogger(__name__)

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
LARGEST: Final = 1024 * 1024
"""Bytes of an update at most. A message of 4096 characters with all its entities has a tenth of that."""
AT_ONCE: Final = 1_000
"""Running turns at most. Telegram opens at most 100 connections: more turns than this are a flood."""
RETRY_AFTER: Final = 2
"""Seconds after which Telegram may deliver a refused update again."""
BODY: Final = 10.0
"""Seconds for the body of an update to arrive: Telegram sends it at once."""


class Receiver:
    """Handles Telegram's POST requests. Only Telegram knows `secret` and sends it in a header."""

    def __init__(
        self,
        reply_sender: ReplySender,
        username: str,
        secret: str,
        conversation: Conversation,
    ) -> None:
        self._reply_sender = reply_sender
        self.username = username
        """The bot's username without the @; it may change at any time."""
        self._secret = secret.encode()
        self._dispatcher = Dispatcher(conversation)
        self.outage = self._dispatcher.outage
        self._under_way = 0
        self._in_trouble = False
        self.stopping = False
        """Whether the process is about to end: updates are left to the next one."""

    def is_from_telegram(self, request: web.BaseRequest) -> bool:
        """Tell whether a request came with the secret."""
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
        return hmac.compare_digest(given, self._secret)

    async def receive(self, request: web.BaseRequest) -> web.Response:
        """Respond to one POST request that `is_from_telegram`."""
        if (
            request.content_type != "application/json"
            or request.headers.get("Content-Encoding", "identity") != "identity"
        ):
            return web.Response(status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        if (request.content_length or 0) > LARGEST:
            return web.Response(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if self.stopping or self._under_way >= AT_ONCE:
            return _refuse_for_now()
        expected = request.headers.get("Expect", "").lower()
        if expected == "100-continue":
            await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            request.writer.output_size = 0
        elif expected:
            return web.Response(status=HTTPStatus.EXPECTATION_FAILED)
        self._under_way += 1
        try:
            return await self._take(request)
        finally:
            self._under_way -= 1

    async def _take(self, request: web.BaseRequest) -> web.Response:
        try:
            if request.content.is_eof():  # all of it came with the headers, as from Telegram
                body = await request.read()
            else:
                async with asyncio.timeout(BODY):
                    body = await request.read()
            update = read_json(body)
        except TimeoutError:
            late = web.Response(status=HTTPStatus.REQUEST_TIMEOUT)
            late.force_close()
            return late
        except web.HTTPRequestEntityTooLarge:
            return web.Response(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except (ValueError, ConnectionError, web.RequestPayloadError):
            # Invalid or incomplete: the connection broke, or its chunks are invalid.
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        heard = reduce_update(update, self.username)
        if heard is None:
            return web.Response()
        try:
            answer = await self._dispatcher.take(heard)
        except self._dispatcher.unavailable as error:
            if not self._in_trouble:
                self._in_trouble = True
                logger.warning("a turn could not be stored, and Telegram delivers it again (%s)", outline_error(error))
            if (request_to_wait := await self._dispatcher.ask_to_wait(heard)) is not None:
                self._reply_sender.send(request_to_wait)
            return _refuse_for_now()
        self._in_trouble = False
        return self._answer(heard, answer)

    def _answer(self, heard: Heard, answer: Answer | None) -> web.Response:
        """Respond with 2xx even if the answer fails: the turn is committed, and Telegram would repeat it for a day."""
        for _ in range(2):
            if answer is None:
                break
            try:
                return _respond(self._reply_sender.respond(answer, lambda: self._dispatcher.apologise_to(heard)))
            except Exception as error:
                answer = self._dispatcher.report_and_apologise(heard, "an answer could not be sent", error)
        return web.Response()


def _respond(call: dict[str, Any] | None) -> web.Response:
    if call is None:
        return web.Response()
    return web.Response(body=orjson.dumps(call), content_type="application/json")


def _refuse_for_now() -> web.Response:
    return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": str(RETRY_AFTER)})
