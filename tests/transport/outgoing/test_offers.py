"""Offers and edits of cards as calls of the Bot API, checked by its schema, and what follows a refusal."""

from typing import Any

import orjson
import pytest
from telegram.error import BadRequest, Forbidden, TimedOut

from chatbot.broadcasting.pace import Pacer
from chatbot.conversation.interface import Answer, CardOffer, OfferedCard
from chatbot.petition.broadcasts.live_card import CardEdit, LiveCard
from chatbot.screens.screen import Link, Screen
from chatbot.transport.outgoing.card_sender import CardSender
from chatbot.transport.outgoing.client import NeverSentError, TooManyRequestsError
from chatbot.transport.outgoing.offer_sender import TRIES, OfferSender
from chatbot.transport.outgoing.rendering import render_offer
from chatbot.transport.outgoing.reply_sender import ReplySender
from tests.support.bot_api_schema import check_request
from tests.support.fake_conversation import ignore_gone
from tests.support.halting_pace import HaltingPace
from tests.support.limits import GIVE_UP

CARD = Screen("<b>Petition</b>", ((Link("Sign", "https://t.me/bot?start=s-1", "primary"),),))  # type: ignore[arg-type]
OFFERED = tuple(OfferedCard(each, "Petition", "1,230+ supporters", CARD) for each in ("ko", "en"))
OFFER = CardOffer("q", OFFERED, button=("Sign first", "sign-first"))
LIVE = LiveCard("ko", "message")


class Api:
    """Answers calls with these results and errors, one after the other, and then with True."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.calls: list[str] = []

    async def call(self, method: str, values: dict[str, Any]) -> Any:
        check_request(method, values)
        self.calls.append(method)
        answer = self.answers.pop(0) if self.answers else True
        if isinstance(answer, Exception):
            raise answer
        return answer


class CodedApi(Api):
    async def call_encoded(self, method: str, body: bytes) -> Any:
        return await self.call(method, orjson.loads(body))


class Pace(HaltingPace):
    async def admit_acknowledgement(self):
        pass


def test_offer_is_personal_and_cached_for_seconds():
    method, values = render_offer(OFFER)
    check_request(method, values)
    assert (method, values["is_personal"], values["cache_time"]) == ("answerInlineQuery", True, 10)
    assert [each["id"] for each in values["results"]] == ["ko", "en"]
    assert values["button"] == {"text": "Sign first", "start_parameter": "sign-first"}
    assert all(each["reply_markup"] for each in values["results"]), "without a keyboard there is no inline_message_id"


async def test_guest_offer_notes_the_posted_card():
    noted = []

    async def note(message_id):
        noted.append(message_id)

    offer = CardOffer("g", OFFERED[:1], is_guest=True, on_posted=note)
    api = Api(NeverSentError("cut"), {"inline_message_id": "m"})
    await OfferSender(api, Pace(), lambda _: 0.0).send(offer)
    assert api.calls == ["answerGuestQuery"] * 2
    assert noted == ["m"]


async def test_response_of_a_webhook_carries_an_offer_but_none_for_a_guest():
    api = Api({"inline_message_id": "m"})
    sender = ReplySender(api, Pace(), ignore_gone)  # type: ignore[arg-type]
    carried = sender.respond(Answer(1, offer=OFFER))
    assert carried is not None
    method = carried.pop("method")
    check_request(method, carried)
    assert (method, api.calls) == ("answerInlineQuery", [])
    assert sender.respond(Answer(1, offer=CardOffer("g", OFFERED[:1], is_guest=True))) is None
    await sender.close(GIVE_UP)
    assert api.calls == ["answerGuestQuery"]


async def test_response_of_a_webhook_carries_no_card_in_a_group():
    """The bot would not learn the id of the message, which it notes."""
    noted = []

    async def note(message_id):
        noted.append(message_id)

    api = CodedApi({"message_id": 7})
    sender = ReplySender(api, Pacer(), ignore_gone)  # type: ignore[arg-type]
    assert sender.respond(Answer(-5, CARD, on_posted=note)) is None
    await sender.close(GIVE_UP)
    assert (api.calls, noted) == (["sendMessage"], [7])


@pytest.mark.parametrize(
    "error", [BadRequest("Query is too old and response timeout expired"), BadRequest("RESULT_ID_INVALID")]
)
async def test_refused_offer_is_not_repeated(error):
    api = Api(error)
    await OfferSender(api, Pace(), lambda _: 0.0).send(OFFER)
    assert api.calls == ["answerInlineQuery"]


async def test_offer_that_may_be_lost_is_repeated_a_few_times():
    api = Api(*[TimedOut() for _ in range(9)])
    await OfferSender(api, Pace(), lambda _: 0.0).send(OFFER)
    assert len(api.calls) == TRIES


@pytest.mark.parametrize(
    ("error", "edit"),
    [
        (None, CardEdit("shown")),
        (BadRequest("Message is not modified: specified new message content"), CardEdit("shown")),
        (BadRequest("MESSAGE_ID_INVALID"), CardEdit("lost")),
        (BadRequest("Message to edit not found"), CardEdit("lost")),
        (BadRequest("MESSAGE_AUTHOR_REQUIRED"), CardEdit("lost")),
        (Forbidden("Forbidden: bot was kicked from the channel chat"), CardEdit("gone")),
        (BadRequest("BUTTON_URL_INVALID"), CardEdit("refused")),
        (TooManyRequestsError(7.0), CardEdit("failed", 7.0)),
        (TimedOut(), CardEdit("failed")),
    ],
)
async def test_edit_of_a_card_is_one_call(error, edit):
    api = Api(*([error] if error else []))
    assert await CardSender(api).edit(LIVE, CARD) == edit
    assert api.calls == ["editMessageText"]
