"""The lists of kinds of messages cover the whole Bot API, and no JSON makes the reader raise."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Update

from chatbot.conversation.interface import (
    BlockedBot,
    BotStatus,
    Edited,
    InGroup,
    Pressed,
    Said,
    SentMedia,
    UnblockedBot,
)
from chatbot.transport.incoming.message_kinds import CONTENT, SERVICE
from chatbot.transport.incoming.updates import reduce_update
from tests.support.bot_api_models import types
from tests.transport.incoming.reading.test_groups import IN_GROUPS
from tests.transport.incoming.test_updates import HEARD, US, message

META = {
    *("message_id", "date", "chat", "message_thread_id", "direct_messages_topic", "from_user", "sender_chat"),
    *("sender_boost_count", "sender_business_bot", "sender_tag", "guest_query_id", "business_connection_id"),
    *("forward_origin", "is_topic_message", "is_automatic_forward", "reply_to_message", "external_reply", "quote"),
    *("reply_to_story", "reply_to_checklist_task_id", "reply_to_poll_option_id", "via_bot", "guest_bot_caller_user"),
    *("guest_bot_caller_chat", "edit_date", "has_protected_content", "is_from_offline", "is_paid_post"),
    *("media_group_id", "author_signature", "paid_star_count", "text", "entities", "link_preview_options"),
    *("suggested_post_info", "effect_id", "caption", "caption_entities", "show_caption_above_media"),
    *("has_media_spoiler", "reply_markup", "receiver_user", "ephemeral_message_id", "forward_date", "forward_from"),
    *("forward_from_chat", "forward_from_message_id", "forward_sender_name", "forward_signature"),
}
"""Fields of the newest Bot API that describe a message but are not its content."""


def test_lists_cover_every_field_of_a_message():
    fields = set(types.Message.model_fields) - META
    assert fields == {*CONTENT} | SERVICE
    assert not SERVICE & {*CONTENT}


@pytest.mark.parametrize("note", sorted(SERVICE))
def test_reader_ignores_service_messages(note, caplog):
    assert reduce_update(message(**{note: {"name": "Topic", "icon_color": 7322096}}, message_thread_id=77), US) is None
    assert caplog.records == []


def test_ptb_reads_the_same_from_the_samples():
    """python-telegram-bot reads the same texts, taps and memberships from them, so the samples are realistic."""
    for update, event in HEARD + IN_GROUPS:
        if "file_id" in json.dumps(update) or isinstance(event, SentMedia | InGroup | BotStatus):
            continue  # samples of files, groups and administrators lack fields
        decoded = Update.de_json(copy.deepcopy(update))
        assert decoded.update_id == 5
        match event:
            case Said(text) | Edited(Said(text)):
                assert (decoded.message or decoded.edited_message).text.replace("\0", "") == text
            case Pressed(action, query_id, _):
                assert ((decoded.callback_query.data or ""), decoded.callback_query.id) == (action, query_id)
            case BlockedBot() | UnblockedBot():
                assert decoded.my_chat_member.chat.id == 11


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=6,
)


@settings(deadline=None)  # the machine may be busy
@given(ANY_JSON, st.sampled_from(["message", "callback_query", "my_chat_member", "edited_message", "channel_post"]))
def test_reader_raises_nothing_for_any_json(json_value, kind):
    reduce_update(json_value, US)
    reduce_update({"update_id": 5, kind: json_value}, US)


def _list_paths(value, path=()):
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from _list_paths(part, (*path, key))


@settings(deadline=None)  # the machine may be busy
@given(st.data())
def test_reader_raises_nothing_for_a_changed_update(data):
    update = copy.deepcopy(data.draw(st.sampled_from([update for update, _ in HEARD + IN_GROUPS])))
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from([path for path in _list_paths({"update_id": 5} | update) if path]))
        holder = update
        for key in way:
            holder = holder[key]
        if data.draw(st.booleans()):
            holder[last] = data.draw(ANY_JSON)
        elif isinstance(holder, list):
            del holder[last]
        else:
            holder.pop(last, None)
    heard = reduce_update(update, US)
    if heard is not None:
        assert type(heard.update_id) is int
        assert type(heard.person.id) is int
        assert "\0" not in json.dumps(heard.person.name)
