"""The calls of the broadcast sender, which of them it repeats, and the outcome of each response of Telegram."""

import pytest
from markupsafe import Markup

from chatbot.petition.broadcasts.outcome import ContentRefused, Delivery, Failed, Gone, NotSent, Sent, Unknown
from chatbot.petition.broadcasts.post import Media
from chatbot.screens.screen import Link, Press, Screen
from chatbot.transport.outgoing.broadcast_sender import TRIES, BroadcastSender
from chatbot.transport.outgoing.client import NeverSentError
from chatbot.transport.outgoing.rendering import render_message
from chatbot.transport.outgoing.retry import TokenRefusedError

NEWS = Screen(
    Markup("<b>하나</b> is free ✊"),
    ((Link("Read", "https://example.org/", "primary"),), (Press("🔕", "leave"),)),
    preview=True,
)
PICTURE = Screen(Markup("Look"), media=Media("photo", "AgAC-1"), silent=True)
TO_SAM = Delivery(7, "en", None)
SAMS_COPY = Delivery(7, "en", 99)
NOT_MODIFIED = (400, "Bad Request: message is not modified: specified new message content is exactly the same")
BLOCKED = (403, "Forbidden: bot was blocked by the user")
DELETED = (400, "Bad Request: message to delete not found")
BROKEN_DOWN = (500, "Internal Server Error")


@pytest.fixture
def sender(api, telegram):
    telegram.results |= {method: {"message_id": 99} for method in ("sendMessage", "sendPhoto")}
    return BroadcastSender(api, paid=False, wait=lambda tries: 0.0)


class Unplugged:
    """A connection that cannot be made."""

    async def call(self, method, values, **_):
        raise NeverSentError("Cannot connect")

    async def call_encoded(self, method, body):
        raise NeverSentError("Cannot connect")


@pytest.mark.parametrize("screen", [NEWS, PICTURE])
async def test_message_is_sent_as_rendered(sender, telegram, screen):
    assert await sender.send("update", screen, TO_SAM) == Sent(99)
    method, values = render_message(screen)
    assert telegram.calls == [(method, {"chat_id": 7, **values})]


async def test_recipients_get_the_same_message(sender, telegram):
    for person in (7, 8, 9_007_199_254_740_991):
        for screen in (NEWS, PICTURE):
            await sender.send("update", screen, Delivery(person, "en", None))
    assert [sent["chat_id"] for sent in telegram.said("sendMessage")] == [7, 8, 9_007_199_254_740_991]
    first, *others = [{**sent, "chat_id": 0} for sent in telegram.said("sendMessage")]
    assert others == [first, first]


@pytest.mark.parametrize("screen", [NEWS, PICTURE])
async def test_sender_pays_only_for_new_messages(api, telegram, screen):
    sender = BroadcastSender(api, paid=True)
    await sender.send("update", screen, TO_SAM)
    await sender.send("correction", screen, SAMS_COPY)
    await sender.send("recall", None, SAMS_COPY)
    assert [values.get("allow_paid_broadcast") for _, values in telegram.calls] == [True, None, None]


async def test_correction_edits_and_recall_deletes(sender, telegram):
    assert await sender.send("correction", NEWS, SAMS_COPY) == Sent(99)
    assert await sender.send("correction", PICTURE, SAMS_COPY) == Sent(99)
    assert await sender.send("recall", None, SAMS_COPY) == Sent(99)
    (text, words), (caption, below), recall = telegram.calls
    assert (text, caption) == ("editMessageText", "editMessageCaption")
    assert (words["chat_id"], words["message_id"], words["text"]) == (7, 99, str(NEWS.text))
    assert (below["chat_id"], below["message_id"], below["caption"]) == (7, 99, "Look")
    assert recall == ("deleteMessage", {"chat_id": 7, "message_id": 99})


@pytest.mark.parametrize("kind", ["correction", "recall"])
async def test_sender_changes_nothing_without_a_message(sender, telegram, kind):
    assert await sender.send(kind, NEWS, TO_SAM) == Gone("message_gone")
    assert not telegram.calls


SENT = [
    (BLOCKED, Gone("blocked")),
    ((400, "Bad Request: USER_IS_BLOCKED"), Gone("blocked")),
    ((403, "Forbidden: user is deactivated"), Gone("deactivated")),
    ((400, "Bad Request: INPUT_USER_DEACTIVATED"), Gone("deactivated")),
    ((403, "Forbidden: bot can't initiate conversation with a user"), Gone("not_found")),
    ((400, "Bad Request: chat not found"), Gone("not_found")),
    ((400, "Bad Request: PEER_ID_INVALID"), Gone("not_found")),
    ((400, "Bad Request: group chat was upgraded", {"migrate_to_chat_id": -1007}), Gone("not_found")),
    ((429, "Too Many Requests: retry after 17", {"retry_after": 17}), NotSent(17, flood=True)),
    ((400, "Bad Request: message is too long"), ContentRefused("Message is too long")),
    (
        (400, 'Bad Request: can\'t parse entities: unsupported start tag "하나" at byte offset 0'),
        ContentRefused("Can't parse entities: unsupported start tag"),
    ),
    ((400, "Bad Request: MESSAGE_ID_INVALID"), ContentRefused("Message_id_invalid")),
    ((413, "Request Entity Too Large"), ContentRefused("Request Entity Too Large")),
    (BROKEN_DOWN, Unknown("telegram")),
    ((502, "Bad Gateway"), Unknown("telegram")),
    ((409, "Conflict: terminated by other getUpdates request"), Unknown("telegram")),
    (b"<html>", Unknown("telegram")),
    (b'{"ok":true}', Unknown("telegram")),
    ("cut", Unknown("cut")),
]


@pytest.mark.parametrize(("fault", "outcome"), SENT)
async def test_failed_message_is_classified_and_not_repeated(sender, telegram, fault, outcome):
    telegram.fail("sendMessage", fault)
    assert await sender.send("update", NEWS, TO_SAM) == outcome
    assert len(telegram.calls) == 1


async def test_silence_leaves_the_outcome_unknown(sender, telegram, monkeypatch):
    monkeypatch.setattr("chatbot.transport.outgoing.client.READ", 0.05)
    telegram.fail("sendMessage", "hang")
    assert await sender.send("update", NEWS, TO_SAM) == Unknown("timeout")
    assert len(telegram.calls) == 1


async def test_response_without_an_id_counts_as_sent(sender, telegram):
    telegram.results["sendMessage"] = True
    assert await sender.send("update", NEWS, TO_SAM) == Sent(None)


@pytest.mark.parametrize("kind", ["update", "correction", "recall"])
async def test_missing_connection_means_not_sent(kind):
    assert await BroadcastSender(Unplugged(), paid=False).send(kind, NEWS, SAMS_COPY) == NotSent()


@pytest.mark.parametrize("kind", ["update", "correction", "recall"])
@pytest.mark.parametrize("refusal", [(401, "Unauthorized"), (404, "Not Found")])
async def test_refused_token_raises_an_error(sender, telegram, kind, refusal, token):
    for method in ("sendMessage", "editMessageText", "deleteMessage", "getMe"):
        telegram.fail(method, refusal)
    with pytest.raises(TokenRefusedError, match=r"^TELEGRAM_TOKEN: .*BotFather$") as refused:
        await sender.send(kind, NEWS, SAMS_COPY)
    assert token not in str(refused.value)
    with pytest.raises(TokenRefusedError):
        await sender.probe()


CHANGED = [
    ("correction", NOT_MODIFIED, Sent(99)),
    ("correction", (400, "Bad Request: message to edit not found"), Gone("message_gone")),
    ("correction", (400, "Bad Request: MESSAGE_ID_INVALID"), Gone("message_gone")),
    ("correction", (400, "Bad Request: message can't be edited"), Failed("too_old")),
    (
        "correction",
        (400, "Bad Request: there is no text in the message to edit"),
        ContentRefused("There is no text in the message to edit"),
    ),
    ("correction", (400, "Bad Request: MESSAGE_TOO_LONG"), ContentRefused("Message_too_long")),
    ("correction", BLOCKED, Gone("blocked")),
    ("correction", (429, "Too Many Requests: retry after 17", {"retry_after": 17}), NotSent(17, flood=True)),
    ("recall", DELETED, Gone("message_gone")),
    ("recall", (400, "Bad Request: message can't be deleted for everyone"), Failed("too_old")),
    ("recall", (400, "Bad Request: MESSAGE_DELETE_FORBIDDEN"), Failed("too_old")),
    ("recall", (400, "Bad Request: something new"), Failed("refused")),
    ("recall", (403, "Forbidden: user is deactivated"), Gone("deactivated")),
]


@pytest.mark.parametrize(("kind", "fault", "outcome"), CHANGED)
async def test_failed_change_is_classified(sender, telegram, kind, fault, outcome):
    telegram.fail("editMessageText" if kind == "correction" else "deleteMessage", fault)
    assert await sender.send(kind, NEWS, SAMS_COPY) == outcome
    assert len(telegram.calls) == 1


@pytest.mark.parametrize("fault", ["cut", BROKEN_DOWN])
@pytest.mark.parametrize(
    ("kind", "method", "repeated"),
    [("correction", "editMessageText", NOT_MODIFIED), ("recall", "deleteMessage", DELETED)],
)
async def test_change_that_may_be_lost_is_repeated(sender, telegram, kind, method, repeated, fault):
    telegram.fail(method, fault, repeated)
    assert await sender.send(kind, NEWS, SAMS_COPY) == Sent(99), "the first try has changed the message"
    telegram.fail(method, *[fault] * (TRIES[kind] + 1))
    assert await sender.send(kind, NEWS, SAMS_COPY) == Unknown("cut" if fault == "cut" else "telegram")
    assert len(telegram.calls) == 2 + TRIES[kind]


async def test_probe_tells_whether_telegram_answers(sender, telegram):
    assert await sender.probe()
    telegram.fail("getMe", BROKEN_DOWN, "cut")
    assert not await sender.probe()
    assert not await sender.probe()
    assert not await BroadcastSender(Unplugged(), paid=False).probe()


@pytest.mark.parametrize("kind", ["update", "correction", "recall"])
@pytest.mark.parametrize(
    ("code", "said", "reason"),
    [
        (403, "Forbidden: bot was kicked from the channel chat", "removed"),
        (403, "Forbidden: bot is not a member of the supergroup chat", "removed"),
        (403, "Forbidden: the group chat was deleted", "removed"),
        (400, "Bad Request: chat not found", "removed"),
        (400, "Bad Request: CHANNEL_PRIVATE", "removed"),
        (400, "Bad Request: not enough rights to send text messages to the chat", "rights"),
        (400, "Bad Request: need administrator rights in the channel chat", "rights"),
        (400, "Bad Request: have no rights to send a message", "rights"),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN", "rights"),
        (400, "Bad Request: group chat was upgraded to a supergroup chat", "moved"),
    ],
)
async def test_refusal_of_a_place_has_its_reason(sender, telegram, kind, code, said, reason):
    method = {"update": "sendMessage", "correction": "editMessageText", "recall": "deleteMessage"}[kind]
    telegram.fail(method, (code, said))
    screen = None if kind == "recall" else NEWS
    assert await sender.send(kind, screen, Delivery(-1001, "en", 99)) == Gone(reason)


async def test_group_with_a_new_id_has_moved(sender, telegram):
    said = "Bad Request: group chat was upgraded to a supergroup chat"
    telegram.fail("sendMessage", (400, said, {"migrate_to_chat_id": -1007}))
    assert await sender.send("update", NEWS, Delivery(-7, "en", None)) == Gone("moved", -1007)
