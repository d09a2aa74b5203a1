"""Runs one update through the conversation and contains any bug to that person."""

import asyncio
import logging
from dataclasses import replace
from typing import Final

from chatbot import metrics
from chatbot.conversation.interface import (
    Answer,
    BlockedBot,
    BotAdded,
    BotStatus,
    CalledAsGuest,
    CardEvent,
    Conversation,
    Edited,
    Heard,
    InGroup,
    PlaceEvent,
    PostedCard,
    Pressed,
    Said,
    SentMedia,
    SharedChat,
    UnblockedBot,
)
from chatbot.logs import BugReports, is_bug
from chatbot.transport.incoming.outage import Outage
from chatbot.transport.incoming.rate_limit import RateLimit, Verdict

logger = logging.getLogger(__name__)

TURN_LIMIT: Final = 60.0
"""Seconds after which a turn is given up: a turn that hangs must not block the others."""
CARDS_AT_ONCE: Final = 40
"""Inline queries and posted cards of a person at once: each letter typed after @bot is a query. They have a rate limit
of their own, so that nobody who shares has to wait in the chat with the bot."""
CARD_RATE: Final = 1.0
FOLLOWED_AT_ONCE: Final = 30
"""Cards of one person, or in one group, whose number is kept up to date: a few accounts must not use up the `MOST` of
the keeper."""
FOLLOWED_RATE: Final = 1 / 900
NOBODY: Final = 0
"""Stands for all who ask as a group or a channel: together they have the limit of one person."""


class Dispatcher:
    """Runs updates through a conversation, within each person's `RateLimit`.

    An error in `Conversation.unavailable` means that the turn was not taken and may be tried again. Any other exception
    is a bug: the person gets an apology, and the turn is not repeated.
    """

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._rate_limit = RateLimit()
        self._card_limit = RateLimit(CARDS_AT_ONCE, CARD_RATE)
        self._followed_limit = RateLimit(FOLLOWED_AT_ONCE, FOLLOWED_RATE)
        self._bugs = BugReports(logger)
        self.outage = Outage()
        self.unavailable = conversation.unavailable

    async def take(self, heard: Heard) -> Answer | None:
        """Take one turn and return its answer, once it is committed, for the topic or comments of the update.

        Raises only `unavailable`, `CancelledError` if the caller's own task is cancelled, and `KeyboardInterrupt`.
        """
        try:
            return _in_its_topic(heard, await self._take(heard))
        except self.unavailable:
            raise
        except BaseException as error:
            if not is_bug(error):  # a bug must not affect other people or end the process
                raise
            metrics.UPDATES.labels("failed").inc()
            return self.report_and_apologise(heard, "a turn failed and is not repeated", error)

    async def _take(self, heard: Heard) -> Answer | None:
        if isinstance(heard.event, CardEvent):
            if self._is_too_much(heard):
                metrics.UPDATES.labels("slowed").inc()
                return None
            if isinstance(heard.event, PostedCard) and not self._may_follow(heard):
                return None
        elif not isinstance(heard.event, BlockedBot | UnblockedBot | PlaceEvent):
            verdict = self._rate_limit.spend(heard.person.id)
            if verdict is not Verdict.ALLOWED:
                metrics.UPDATES.labels("slowed").inc()
                return _slow_down(heard, self._conversation.slow_down(heard), told=verdict is Verdict.DROPPED)
        try:
            with metrics.TURN.time():
                async with asyncio.timeout(TURN_LIMIT):
                    answer = await self._conversation.hear(heard)
        except self.unavailable:
            metrics.UPDATES.labels("refused").inc()
            (self._card_limit if isinstance(heard.event, CardEvent) else self._rate_limit).give_back(heard.person.id)
            self.outage.note_failure()
            raise
        metrics.UPDATES.labels("taken").inc()
        is_offered = answer is not None and answer.offer is not None and answer.offer.on_posted is not None
        is_posted = answer is not None and answer.on_posted is not None
        if answer is not None and (is_offered or is_posted) and not self._may_follow(heard):
            answer = replace(answer, offer=answer.offer and replace(answer.offer, on_posted=None), on_posted=None)
        if self.outage.note_success(heard.person.id, heard.update_id) and answer is not None:
            # Below the request to wait, which has acknowledged the tap.
            return replace(answer, edit=None, query_id=None if answer.screen else answer.query_id)
        return answer

    async def ask_to_wait(self, heard: Heard) -> Answer | None:
        """Return what to say to a person whose turn cannot be stored; None if they know, or expect nothing.

        Never raises.
        """
        if not isinstance(heard.event, Said | Edited | Pressed | SentMedia) or not self.outage.must_ask(
            heard.person.id, heard.update_id
        ):
            return None
        try:
            return _in_its_topic(heard, await self._conversation.ask_to_wait(heard))
        except Exception as error:
            self._bugs.report("a person could not be asked to wait", error)
            return None

    def _is_too_much(self, heard: Heard) -> bool:
        """Whether somebody types so fast, or calls the bot so often in a chat, that they get no more cards for now."""
        chat = (heard.event.chat_id,) if isinstance(heard.event, CalledAsGuest) else ()
        return any(self._card_limit.spend(each) is not Verdict.ALLOWED for each in {heard.person.id, *chat})

    def _may_follow(self, heard: Heard) -> bool:
        """Whether one more card of this person is kept up to date. A card that is not says when its number was read."""
        event = heard.event
        ids = {heard.person.id, *((event.chat_id,) if isinstance(event, InGroup | BotStatus | BotAdded) else ())}
        if heard.person.id < 0:  # anybody may write as the group in ever new groups of their own
            ids.add(NOBODY)
        return all(self._followed_limit.spend(each) is Verdict.ALLOWED for each in ids)

    def report_and_apologise(self, heard: Heard, what: str, error: BaseException) -> Answer | None:
        """Report a bug, and return the apology to the person."""
        self._bugs.report(what, error)
        return self.apologise_to(heard)

    def apologise_to(self, heard: Heard) -> Answer | None:
        """Return the apology after a bug, or at least the acknowledgement of the tap. Never raises."""
        query_id = heard.event.query_id if isinstance(heard.event, Pressed | InGroup) else None
        if isinstance(heard.event, Said | Edited | Pressed | SentMedia | SharedChat):
            try:
                return _in_its_topic(heard, self._conversation.apologise(heard))
            except Exception as second:
                self._bugs.report("the apology failed as well", second)
        return Answer(heard.person.id, query_id=query_id) if query_id else None


def _in_its_topic(heard: Heard, answer: Answer | None) -> Answer | None:
    if answer is None or not (heard.thread_id or heard.comment_id):
        return answer
    return replace(answer, thread_id=heard.thread_id, comment_id=heard.comment_id if answer.chat_id < 0 else None)


def _slow_down(heard: Heard, answer: Answer, *, told: bool) -> Answer | None:
    """What is said to somebody who floods: a word the first time, later only the end of a spinning button."""
    if isinstance(heard.event, Pressed):
        return replace(answer, screen=None)
    if isinstance(heard.event, InGroup):
        return Answer(heard.person.id, query_id=heard.event.query_id) if heard.event.query_id else None
    return None if told else answer
