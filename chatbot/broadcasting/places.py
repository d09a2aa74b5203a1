"""Sends broadcasts to places, beside the sending to people: one call at a time, so a slow place delays only places.

A place that refuses fails alone: neither its 429s nor its lost rights stop a broadcast. A post counts in the pace of
all messages. Quiet hours do not apply: a channel is read in many zones, and organizers choose its hour.
"""

import logging
import secrets
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chatbot.broadcasting.ledger import Ledger
from chatbot.broadcasting.pace import Pacer
from chatbot.broadcasting.postponed import REFUSALS
from chatbot.broadcasting.sender import Sender
from chatbot.i18n import Translator
from chatbot.logs import report_bug
from chatbot.petition.broadcasts import outcome as outcomes
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.outcome import Delivery
from chatbot.petition.broadcasts.place import choose_language
from chatbot.petition.broadcasts.place_delivery import PlaceDelivery, PlaceDeliveryState
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.screens.organizer.broadcasts.message import render_place_post
from chatbot.screens.screen import Screen
from chatbot.storage import Transaction
from chatbot.storage.broadcasts import audience, broadcasts
from chatbot.storage.organizer import owner_links, petition_status
from chatbot.storage.places import deliveries, places, refusals

logger = logging.getLogger(__name__)

IDLE: Final = 0.25
"""Seconds between two checks for a place to send to."""
PATIENCE: Final = 1.0
"""Seconds that a post waits for the pace before it is given back, so that a pause counts at once."""
LONGEST_HALT: Final = 900.0
"""Longest time in seconds that a 429 stops a place, whatever it asks for. Nobody else waits for it."""


@dataclass(frozen=True, slots=True)
class PlaceClaim:
    """A claimed delivery to a place, with what it needs."""

    broadcast: Broadcast
    delivery: PlaceDelivery
    chat_id: int
    screen: Screen | None


class PlaceSending:
    """Sends what is running to its places, until the ledger is stopped. `clock` returns seconds."""

    def __init__(
        self,
        ledger: Ledger,
        sender: Sender,
        pace: Pacer,
        campaign: Campaign,
        translators: Mapping[Language, Translator],
        *,
        refusals: tuple[type[Exception], ...],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ledger = ledger
        self._sender = sender
        self._pace = pace
        self._campaign = campaign
        self._translators = translators
        self._refusals = refusals
        self._clock = clock
        self._held: dict[str, float] = {}
        """By place, until when a 429 holds it back."""
        self._is_unsure = False
        """Whether the last outcome was unknown: nothing more is posted until Telegram answers."""
        self._floods: Counter[tuple[int, str]] = Counter()
        self._followed: set[tuple[int, str]] = set()
        """Posts that were sent on to the new id of their group: each once, whatever Telegram says then."""

    async def send_next(self) -> bool:
        """Send to one place; False if none can be sent to now."""
        if self._is_unsure and not await self._sender.probe():
            return False
        self._is_unsure = False
        now = self._clock()
        self._held = {code: until for code, until in self._held.items() if until > now}
        token = secrets.token_hex(8)  # the same in every try, so that a claim whose answer was lost is found again
        claim = await self._ledger.transact(
            claim_next, token, self._campaign, self._translators, self._held, self._ledger.now()
        )
        if claim is None:
            return False
        try:
            outcome = await self._send(claim)
        except self._refusals:
            await self._ledger.transact(settle, claim, token, outcomes.NotSent(), self._ledger.now())
            raise
        await self._ledger.transact(settle, claim, token, outcome, self._ledger.now())
        return not isinstance(outcome, outcomes.NotSent)

    async def _send(self, claim: PlaceClaim) -> outcomes.DeliveryOutcome:
        is_edit = claim.broadcast.kind != "update"
        if (delay := self._pace.delay(claim.chat_id, edit=is_edit)) > 0:
            self._held[claim.delivery.code] = self._clock() + delay
            return outcomes.NotSent()
        if not await self._pace.admit_broadcast(PATIENCE) or self._ledger.stopping:
            return outcomes.NotSent()
        departed_at = self._pace.depart(claim.chat_id, edit=is_edit)
        delivery = Delivery(claim.chat_id, claim.delivery.language, claim.delivery.message_id)
        try:
            outcome = await self._sender.send(claim.broadcast.kind, claim.screen, delivery)
        except self._refusals:
            raise
        except Exception as error:
            report_bug(logger, "a post to a place failed and may have been sent", error)
            outcome = outcomes.Unknown("bug")
        finally:
            self._pace.land(departed_at)
        return self._note(claim, outcome)

    def _note(self, claim: PlaceClaim, outcome: outcomes.DeliveryOutcome) -> outcomes.DeliveryOutcome:
        """Tell the pace of an answer. A place that gets too many 429s has failed: a broadcast must end."""
        if isinstance(outcome, outcomes.Unknown):
            self._is_unsure = True
            return outcome
        each = (claim.broadcast.id, claim.delivery.code)
        if isinstance(outcome, outcomes.Gone) and outcome.new_chat_id is not None:
            if each in self._followed:
                outcome = outcomes.Gone("moved")
            self._followed.add(each)
        if not isinstance(outcome, outcomes.NotSent):
            self._pace.note_answer(claim.chat_id)
            del self._floods[each]
            return outcome
        if not outcome.flood:
            return outcome
        if self._pace.is_halted:
            self._pace.note_flood(claim.chat_id, outcome.seconds)
            return outcome
        # The pace is not told: groups have limits of their own, and two of them must not halt people's messages.
        self._floods[each] += 1
        if self._floods[each] >= REFUSALS:
            del self._floods[each]
            return outcomes.Failed("flood")
        self._held[claim.delivery.code] = self._clock() + min(max(outcome.seconds, IDLE), LONGEST_HALT)
        return outcome


async def claim_next(
    tx: Transaction,
    token: str,
    campaign: Campaign,
    translators: Mapping[Language, Translator],
    held: Collection[str],
    now: datetime,
) -> PlaceClaim | None:
    """Claim the next delivery to a place that is not held back."""
    if claimed := await deliveries.find_claimed(tx, token):
        broadcast_id, code = claimed
        broadcast = await broadcasts.get(tx, broadcast_id)
        delivery = next(each for each in broadcast.places if each.code == code)
        return await _draw(tx, broadcast, delivery, campaign, translators)
    for broadcast in await broadcasts.list_going_to_places(tx):
        if broadcast.places_gathered_at is None:
            await audience.gather_places(tx, broadcast, now)
            broadcast = await broadcasts.get(tx, broadcast.id)
        for delivery in broadcast.places:
            if delivery.state != "waiting" or delivery.code in held:
                continue
            if await _take(tx, broadcast, delivery, campaign, token):
                broadcast = await broadcasts.get(tx, broadcast.id)
                taken = next(each for each in broadcast.places if each.code == delivery.code)
                return await _draw(tx, broadcast, taken, campaign, translators)
    return None


async def _take(tx: Transaction, broadcast: Broadcast, delivery: PlaceDelivery, campaign: Campaign, token: str) -> bool:
    """Claim a delivery, or leave the place out, as it is by now."""
    chat_id, language = delivery.chat_id, delivery.language
    if broadcast.kind == "update":
        place = await places.find(tx, delivery.code)
        why = deliveries.find_skip_reason(place) if place else "unlinked"
        chosen = choose_language(broadcast, place.language, campaign) if place else None
        if place is None or why or chosen is None:
            await deliveries.leave_out(tx, broadcast.id, delivery.code, why or "no_words")
            return False
        chat_id, language = place.chat_id, chosen
    if chat_id is None:
        return False
    return await deliveries.take(tx, broadcast.id, delivery, chat_id, language, token)


async def _draw(
    tx: Transaction,
    broadcast: Broadcast,
    delivery: PlaceDelivery,
    campaign: Campaign,
    translators: Mapping[Language, Translator],
) -> PlaceClaim:
    if delivery.chat_id is None:
        raise ValueError("a claimed delivery has a chat")
    screen = None
    if broadcast.kind != "recall":
        _ = translators[campaign.find_offered(delivery.language)]
        username = await owner_links.find_username(tx)
        link = f"https://t.me/{username}?start={delivery.code}" if username else None
        is_open = (await petition_status.find(tx)).find_ending(campaign) is None
        post = broadcast.posts[delivery.language]
        screen = render_place_post(_, post, link, is_open=is_open, silent=broadcast.silent)
    return PlaceClaim(broadcast, delivery, delivery.chat_id, screen)


async def settle(
    tx: Transaction, claim: PlaceClaim, token: str, outcome: outcomes.DeliveryOutcome, now: datetime
) -> None:
    """Record the outcome of a claim, and what it tells about the place."""
    state, reason, message_id = _read(outcome)
    code = claim.delivery.code
    if isinstance(outcome, outcomes.Gone) and outcome.new_chat_id is not None:
        await refusals.note_new_chat(tx, claim.chat_id, outcome.new_chat_id, now)
        if claim.broadcast.kind == "update":  # what was in the old group cannot be changed any more
            state, reason = "waiting", ""
    await deliveries.record(tx, claim.broadcast.id, code, token, state, reason, message_id)
    if state == "sent":
        await refusals.note_accepted(tx, code, now)
    elif reason in ("rights", "removed"):
        await refusals.note_refusal(tx, code, now)


def _read(outcome: outcomes.DeliveryOutcome) -> tuple[PlaceDeliveryState, str, int | None]:
    match outcome:
        case outcomes.Sent(message_id):
            return "sent", "", message_id
        case outcomes.Gone(reason):
            return "gone", reason, None
        case outcomes.Failed(reason):
            return "failed", reason, None
        case outcomes.Unknown(reason):
            return "unknown", reason, None
        case outcomes.ContentRefused():
            return "failed", "content", None
        case outcomes.NotSent():
            return "waiting", "", None


async def recover(tx: Transaction) -> int:
    """Settle what a crash left in `sending`, before the first claim; return how many became unknown."""
    lost = 0
    for broadcast_id in await deliveries.list_in_flight(tx):
        kind = (await broadcasts.get(tx, broadcast_id)).kind
        settled = await deliveries.settle(tx, broadcast_id, kind)
        lost += settled if kind == "update" else 0
    return lost
