"""Every error of Telegram, as python-telegram-bot raises it, has the right error class."""

import orjson
import pytest
from telegram.error import Conflict, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from chatbot.transport.outgoing.client import AiohttpRequest
from chatbot.transport.outgoing.errors import ErrorClass, FailedCall, classify, describe


class Refusing(AiohttpRequest):
    """Answers every request with this refusal, as Telegram would."""

    def __init__(self, status: int, description: str, parameters: dict[str, int] | None = None) -> None:
        super().__init__()
        self.refusal = status, {"ok": False, "error_code": status, "description": description}
        if parameters:
            self.refusal[1]["parameters"] = parameters

    async def do_request(self, *_, **__) -> tuple[int, bytes]:
        status, body = self.refusal
        return status, orjson.dumps(body)


REFUSALS = [
    (403, "Forbidden: bot was blocked by the user", ErrorClass.GONE),
    (403, "Forbidden: user is deactivated", ErrorClass.GONE),
    (403, "Forbidden: bot can't initiate conversation with a user", ErrorClass.GONE),
    (403, "Forbidden: bot was kicked from the group chat", ErrorClass.GONE),
    (403, "Forbidden: bot was kicked from the supergroup chat", ErrorClass.GONE),
    (403, "Forbidden: bot is not a member of the channel chat", ErrorClass.GONE),
    (403, "Forbidden: the group chat was deleted", ErrorClass.GONE),
    (400, "Bad Request: chat not found", ErrorClass.GONE),
    (400, "Bad Request: PEER_ID_INVALID", ErrorClass.GONE),
    (400, "Bad Request: not enough rights to send text messages to the chat", ErrorClass.GONE),
    (400, "Bad Request: need administrator rights in the channel chat", ErrorClass.GONE),
    (400, "Bad Request: CHAT_RESTRICTED", ErrorClass.GONE),
    (400, "Bad Request: CHAT_SEND_PLAIN_FORBIDDEN", ErrorClass.GONE),
    (400, "Bad Request: CHAT_WRITE_FORBIDDEN", ErrorClass.GONE),
    (400, "Bad Request: TOPIC_CLOSED", ErrorClass.NO_TOPIC),
    (400, "Bad Request: use message_thread_id to send messages to this chat", ErrorClass.NO_TOPIC),
    (400, "Bad Request: message is too long", ErrorClass.CONTENT),
    (400, "Bad Request: message caption is too long", ErrorClass.CONTENT),
    (400, 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0', ErrorClass.CONTENT),
    (400, "Bad Request: message text is empty", ErrorClass.CONTENT),
    (400, "Bad Request: BUTTON_DATA_INVALID", ErrorClass.CONTENT),
    (400, "Bad Request: wrong file_id or the file is temporarily unavailable", ErrorClass.CONTENT),
    (413, "Request Entity Too Large", ErrorClass.CONTENT),
    (
        400,
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same",
        ErrorClass.STALE,
    ),
    (
        400,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
        ErrorClass.STALE,
    ),
    (400, "Bad Request: message to edit not found", ErrorClass.LOST),
    (400, "Bad Request: message can't be edited", ErrorClass.LOST),
    (400, "Bad Request: MESSAGE_ID_INVALID", ErrorClass.LOST),
    (400, "Bad Request: there is no text in the message to edit", ErrorClass.LOST),
    (401, "Unauthorized", ErrorClass.TOKEN),
    (404, "Not Found", ErrorClass.TOKEN),
    (409, "Conflict: terminated by other getUpdates request; make sure that only one bot", ErrorClass.CONFLICT),
    (500, "Internal Server Error: sometimes", ErrorClass.UNKNOWN),
    (502, "Bad Gateway", ErrorClass.UNKNOWN),
    (504, "Gateway Timeout", ErrorClass.UNKNOWN),
    (418, "I'm a teapot", ErrorClass.UNKNOWN),
]


async def _raise(*refusal) -> Exception:
    with pytest.raises(TelegramError) as failure:
        await Refusing(*refusal).post("http://telegram/bot1:abc/sendMessage")
    return failure.value


@pytest.mark.parametrize(("status", "description", "outcome"), REFUSALS)
async def test_classify_knows_telegrams_texts(status, description, outcome):
    assert classify(await _raise(status, description)) == FailedCall(outcome)


async def test_moved_group_gives_its_new_id():
    text = "Bad Request: group chat was upgraded to a supergroup chat"
    assert classify(await _raise(400, text, {"migrate_to_chat_id": -1001})) == FailedCall(
        ErrorClass.MOVED, chat_id=-1001
    )
    assert classify(await _raise(400, text)) == FailedCall(ErrorClass.GONE)


def test_classify_reads_ptbs_retry_after_as_a_timedelta(monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    assert classify(RetryAfter(30)) == FailedCall(ErrorClass.WAIT, seconds=30)


def test_classify_reads_ptbs_retry_after_as_a_number(monkeypatch):
    monkeypatch.delenv("PTB_TIMEDELTA", raising=False)
    with pytest.warns(DeprecationWarning, match="retry_after"):
        error = RetryAfter(30)  # PTB reads the attribute here, and warns whenever it is read
    assert classify(error) == FailedCall(ErrorClass.WAIT, seconds=30)


@pytest.mark.parametrize("error", [TimedOut(), NetworkError("x"), KeyError("result"), TelegramError("?"), OSError()])
def test_unknown_error_may_have_sent(error):
    assert classify(error) == FailedCall(ErrorClass.UNKNOWN)


def test_full_pool_means_not_sent():
    text = "Pool timeout: All connections in the connection pool are occupied. Request was *not* sent to Telegram."
    assert classify(TimedOut(text)) == FailedCall(ErrorClass.NOT_SENT)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), "Forbidden: bot was blocked by the user"),
        (
            NetworkError('Can\'t parse entities: unsupported tag "하나"'),
            "NetworkError: Can't parse entities: unsupported tag",
        ),
        (NetworkError("button URL 'https://example.org/?by=Hana' is invalid"), "NetworkError: button URL"),
        (NetworkError("failed at https://api.telegram.org/bot1:abc/getMe"), "NetworkError: failed at"),
        (Conflict("Conflict: terminated\nby other"), "Conflict: terminated by other"),
        (KeyError("하나"), "KeyError"),
    ],
)
def test_describe_omits_quoted_text(error, told):
    assert describe(error) == told
