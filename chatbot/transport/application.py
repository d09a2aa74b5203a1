"""The bot in Telegram: opens the client, finds out the username, receives updates, and stops."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Final, Literal, Self

from telegram import User

from chatbot.conversation.interface import Conversation
from chatbot.transport.bot_profile import LocalizedProfile, publish
from chatbot.transport.incoming.http_server import HttpServer, Webhook
from chatbot.transport.incoming.polling import Poller
from chatbot.transport.incoming.registration import Registration
from chatbot.transport.incoming.webhook import Receiver
from chatbot.transport.outgoing.broadcast_sender import BroadcastSender
from chatbot.transport.outgoing.card_sender import CardSender
from chatbot.transport.outgoing.client import BotApi
from chatbot.transport.outgoing.job_sender import JobSender
from chatbot.transport.outgoing.pacing import Pace
from chatbot.transport.outgoing.question_keyboards import QuestionNotes
from chatbot.transport.outgoing.reply_sender import ReplySender
from chatbot.transport.outgoing.retry import Retrier

logger = logging.getLogger(__name__)

NAME_CHECK_PAUSE: Final = 3_600.0
"""Seconds between two requests for the username."""
UNREACHED: Final = 300.0
"""Seconds without an answer to a poll after which Telegram counts as away: a poll takes 50, and pauses grow."""
ListeningTrouble = Literal["starting", "webhook", "telegram"]
ANSWER_GRACE: Final = 0.5
"""Seconds for answers to be sent after everything else has stopped."""


class Application:
    """One bot in Telegram, from `async with` to `stop`, which ends everything within 5 s.

    `api_url` is the Bot API server without a trailing slash (`https://api.telegram.org`), `pace` decides when a message
    may be sent, `proxy` names one to go through, and `on_gone` is called with the id of a person who has blocked the
    bot or left Telegram; `notes` keep the messages of questions.
    """

    def __init__(
        self,
        token: str,
        api_url: str,
        *,
        pace: Pace,
        on_gone: Callable[[int], Awaitable[None]],
        notes: QuestionNotes | None = None,
        proxy: str | None = None,
    ) -> None:
        self._api = BotApi(token, api_url, proxy)
        self._reply_sender = ReplySender(self._api, pace, on_gone, notes)
        self.job_sender = JobSender(self._api, pace)
        self._retrier = Retrier()
        self._naming = Retrier()
        self._poller: Poller | None = None
        self._receiver: Receiver | None = None
        self._registration: Registration | None = None
        self._username: str | None = None
        self.has_inline_mode = False
        """Whether inline mode is switched on at @BotFather, as far as is known."""
        self._publishing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._api.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._publishing is not None:
            self._publishing.cancel()
            with suppress(asyncio.CancelledError):
                await self._publishing
        await self._reply_sender.close(ANSWER_GRACE)
        await self._api.close_session()

    async def introduce(self) -> str | None:
        """Ask Telegram for the username until it answers; return it without the @, None if stopped before.

        Raises `TokenRefusedError` if Telegram rejects the token.
        """
        me = await self._retrier.retry(self._api.get_me)
        self._note(me)
        if me is not None and me.has_topics_enabled:
            logger.warning("Threaded Mode is on in @BotFather: answers go to the topic asked in, broadcasts to General")
        return self._username

    @property
    def clock_ahead(self) -> float | None:
        """Seconds by which this machine's clock is ahead of Telegram's, negative if behind; None if it is right."""
        return self._api.clock.ahead

    @property
    def unstored_for(self) -> float | None:
        """For how many seconds turns could not be stored; None if they can."""
        listener = self._poller or self._receiver
        return listener.outage.seconds if listener is not None else None

    async def keep_name(self, rename: Callable[[str], None]) -> None:
        """Ask Telegram for the username every hour until `stop`; call `rename` if it or inline mode has changed.

        If a call was refused for its token, ask at once. Raises `TokenRefusedError` if Telegram rejects the token.
        """
        while not self._naming.stopping:
            with suppress(TimeoutError):
                async with asyncio.timeout(NAME_CHECK_PAUSE):
                    await self._until_refused()
            self._api.refused.clear()
            me = await self._naming.retry(self._api.get_me)
            if me is None or not me.username:
                continue
            before, had_inline_mode = self._username, self.has_inline_mode
            self._note(me)
            if me.username != before:
                logger.info("the bot is called @%s now, and was @%s", me.username, before)
                for listener in (self._poller, self._receiver):
                    if listener is not None:
                        listener.username = me.username
            if me.username != before or self.has_inline_mode != had_inline_mode:
                rename(me.username)

    def _note(self, me: User | None) -> None:
        self._username = me.username if me is not None else None
        self.has_inline_mode = me is not None and bool(me.supports_inline_queries)

    async def _until_refused(self) -> None:
        refused = asyncio.create_task(self._api.refused.wait())
        stopped = asyncio.create_task(self._naming.wait_until_stopped())
        try:
            await asyncio.wait((refused, stopped), return_when=asyncio.FIRST_COMPLETED)
        finally:
            refused.cancel()
            stopped.cancel()

    def publish_profiles(self, profiles: Mapping[str | None, LocalizedProfile | None]) -> None:
        """Bring the bot's name, descriptions and commands up to date in the background. See `bot_profile.publish`."""
        self._publishing = asyncio.create_task(publish(self._api, profiles))

    def make_broadcast_sender(self, *, paid: bool) -> BroadcastSender:
        """Make the sender of broadcasts, which shares the connections."""
        return BroadcastSender(self._api, paid=paid)

    def make_card_sender(self) -> CardSender:
        """Make the sender of the edits of live cards."""
        return CardSender(self._api)

    async def run_polling(self, conversation: Conversation) -> None:
        """Poll for updates and answer them until `stop`; call `introduce` first.

        Raises `TokenRefusedError` if Telegram rejects the token.
        """
        if self._retrier.stopping:
            return
        username = self._require_username()
        self._poller = Poller(self._api, self._reply_sender, username, conversation)
        logger.info("listening as @%s", username)
        await self._poller.run()

    async def run_webhook(self, webhook: Webhook, conversation: Conversation) -> None:
        """Receive updates by webhook and answer them until `stop`; call `introduce` first.

        Raises `TokenRefusedError` if Telegram rejects the token, and `OSError` if the port cannot be opened.
        """
        if self._retrier.stopping:
            return
        username = self._require_username()
        receiver = Receiver(self._reply_sender, username, webhook.secret, conversation)
        self._receiver = receiver
        registration = Registration(self._api, self._retrier, webhook.register(), webhook.tell)
        self._registration = registration

        async def is_ready() -> bool:
            return registration.is_ours and await webhook.is_ready()

        http_server = HttpServer(
            webhook.url,
            receiver,
            is_ready=is_ready,
            measure=webhook.measure,
            metrics_token=webhook.metrics_token,
            connections=webhook.connections,
            find_file=webhook.find_file,
        )
        try:
            if webhook.health_port is not None:
                await http_server.open_health(webhook.health_port, webhook.host)
            port = await http_server.open(webhook.port, webhook.host)
            # Only once the server listens: Telegram delivers waiting updates at once.
            await registration.run(lambda: logger.info("listening as @%s, at port %d", username, port))
        finally:
            await http_server.close()

    def find_trouble(self) -> ListeningTrouble | None:
        """Return why updates do not arrive, as far as is known; None if they do."""
        if self._registration is not None:
            return None if self._registration.is_ours else "webhook"
        if self._poller is None or self._poller.reached_at is None:
            return "starting"
        return None if asyncio.get_running_loop().time() - self._poller.reached_at < UNREACHED else "telegram"

    def _require_username(self) -> str:
        if self._username is None:
            raise RuntimeError("call introduce() first: in groups the bot is addressed by its username")
        return self._username

    def stop(self) -> None:
        """Stop receiving updates; running turns finish within bounds. For a signal handler."""
        self._retrier.stop()
        self._naming.stop()
        if self._poller is not None:
            self._poller.stop()
