import pytest

from tests.support.bot_api_schema import SchemaMismatchError, check_answer, check_request, check_update


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("sendMessage", {"chat_id": "1", "text": "[x]", "allow_paid_broadcast": "true"}),
        (
            "sendmessage",
            {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "url": "b"}]]}},
        ),
        ("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": '{"inline_keyboard": []}'}),
        ("setMyCommands", {"commands": '[{"command": "a", "description": "b"}]', "scope": '{"type": "default"}'}),
        ("getUpdates", {"offset": "-1", "timeout": 10, "allowed_updates": '["message"]'}),
    ],
)
def test_correct_requests_pass_the_schema(method, params):
    check_request(method, params)


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("sendMesage", {"chat_id": 1, "text": "x"}),
        ("sendMessage", {"chat_id": 1}),
        ("sendMessage", {"chat_id": 1, "text": "x", "parsemode": "HTML"}),
        ("sendMessage", {"chat_id": 1, "text": 5.5}),
        ("sendMessage", {"chat_id": 1, "text": "x", "link_preview_options": {"disabled": True}}),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "data": "b"}]]}},
        ),
        ("editMessageText", {"chat_id": 1, "message_id": "one", "text": "x"}),
    ],
)
def test_schema_finds_wrong_requests(method, params):
    with pytest.raises(SchemaMismatchError):
        check_request(method, params)


def test_schema_finds_wrong_answers_and_updates():
    with pytest.raises(SchemaMismatchError):
        check_answer("getMe", {"id": 1, "is_bot": True})
    with pytest.raises(SchemaMismatchError):
        check_answer("getMe", {"id": 1, "is_bot": True, "first_name": "x", "shoe_size": 41})
    with pytest.raises(SchemaMismatchError):
        check_update({"update_id": 1, "mesage": {}})
    with pytest.raises(SchemaMismatchError):
        check_update({"message": {}})
