"""Methods that answer inline queries and calls as a guest."""

from collections.abc import Callable
from typing import Any

from chatbot.emulator.bot_api import keyboards, limits
from chatbot.emulator.bot_api.call import Call
from chatbot.emulator.bot_api.refusal import bad_request
from chatbot.emulator.text.formatting import as_fields, formatted
from chatbot.emulator.wire import Json
from chatbot.emulator.world.inline import answer_guest
from chatbot.emulator.world.scene import InlineQuery

_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def answer_inline_query(call: Call) -> bool:
    """Show results to somebody who typed @bot."""
    raw = call.decoded("results", "can't parse inline query results JSON object")
    if not isinstance(raw, list):
        raise bad_request("expected an Array of inline query results")
    if len(raw) > limits.INLINE_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    results = [_read_result(each) for each in raw]
    if len({each["id"] for each in results}) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    button = call.decoded("button", "can't parse inline query results button JSON object")
    if button is not None:
        start = button.get("start_parameter") if isinstance(button, dict) else None
        if not isinstance(start, str) or not limits.START_PAYLOAD.fullmatch(start) or not button.get("text"):
            raise bad_request("START_PARAM_INVALID")
    query = _take(call, "inline_query_id", is_guest=False)
    query.results, query.button = results, button
    query.options = {"cache_time": call.number("cache_time", 300), "is_personal": call.flag("is_personal")}
    call.world.happen(query.person_id, {"type": "offered", "query_id": call.text("inline_query_id")})
    return True


def answer_guest_query(call: Call) -> Json:
    """Post a message in a chat of which the bot is no member."""
    result = _read_result(call.decoded("result", "can't parse inline query result JSON object"))
    query = _take(call, "guest_query_id", is_guest=True)
    query.results = [result]
    return {"inline_message_id": answer_guest(call.world, query, result)}


def _take(call: Call, name: str, *, is_guest: bool) -> InlineQuery:
    query = call.world.inline_queries.get(call.text(name))
    is_open = query is not None and query.is_guest == is_guest and query.results is None
    if query is None or not is_open or query.expires_at < call.world.clock():
        raise bad_request(_TOO_OLD)
    return query


def _read_result(result: Any) -> Json:
    """Return a result with the fields of the message that it becomes."""
    if not isinstance(result, dict) or result.get("type") != "article":
        raise bad_request("can't parse inline query result: the emulator knows articles only")
    content, result_id = result.get("input_message_content"), result.get("id")
    if not isinstance(result_id, str) or not 1 <= len(result_id.encode()) <= limits.INLINE_RESULT_ID_BYTES:
        raise bad_request("RESULT_ID_INVALID")
    if not isinstance(content, dict) or not isinstance(content.get("message_text"), str) or not result.get("title"):
        raise bad_request("can't parse inline query result: message_text and title are required")
    plain, entities = formatted(content["message_text"], content.get("parse_mode") or "")
    if not plain:
        raise bad_request("message text is empty")
    if len(plain) > limits.TEXT_CHARACTERS:
        raise bad_request("MESSAGE_TOO_LONG")
    fields = as_fields("text", plain, entities)
    if options := content.get("link_preview_options"):
        fields["link_preview_options"] = {name: value for name, value in options.items() if value}
    if keyboard := keyboards.read(result.get("reply_markup")).settle(inline_only=True):
        fields["reply_markup"] = keyboard
    shown = {name: result[name] for name in ("id", "title", "description") if name in result}
    return shown | {"fields": fields}


METHODS: dict[str, Callable[[Call], Any]] = {
    "answerinlinequery": answer_inline_query,
    "answerguestquery": answer_guest_query,
}
