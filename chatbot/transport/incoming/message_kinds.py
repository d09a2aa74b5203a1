"""Kinds of messages without text: content that a person sent, and service messages of Telegram."""

from typing import Final

CONTENT: Final = (
    # animation before document and venue before location: Telegram sends the first together with the second.
    *("photo", "sticker", "voice", "video", "video_note", "animation", "audio", "document", "contact", "venue"),
    *("location", "poll", "dice", "game", "story", "paid_media", "live_photo", "rich_message", "checklist", "invoice"),
    *("giveaway", "giveaway_winners"),
)
"""Fields of a message with content that a person sent."""

SERVICE: Final = frozenset(
    (
        *("pinned_message", "message_auto_delete_timer_changed", "chat_background_set", "write_access_allowed"),
        *("connected_website", "proximity_alert_triggered", "boost_added", "gift", "unique_gift", "gift_upgrade_sent"),
        *("users_shared", "user_shared", "chat_shared", "passport_data", "web_app_data", "successful_payment"),
        *("refunded_payment", "checklist_tasks_done", "checklist_tasks_added", "paid_message_price_changed"),
        *("direct_message_price_changed", "poll_option_added", "poll_option_deleted", "giveaway_created"),
        *("giveaway_completed", "video_chat_scheduled", "video_chat_started", "video_chat_ended"),
        *("video_chat_participants_invited", "forum_topic_created", "forum_topic_edited", "forum_topic_closed"),
        *("forum_topic_reopened", "general_forum_topic_hidden", "general_forum_topic_unhidden", "new_chat_members"),
        *("left_chat_member", "chat_owner_left", "chat_owner_changed", "new_chat_title", "new_chat_photo"),
        *("delete_chat_photo", "group_chat_created", "supergroup_chat_created", "channel_chat_created"),
        *("migrate_to_chat_id", "migrate_from_chat_id", "managed_bot_created", "suggested_post_approved"),
        *("suggested_post_approval_failed", "suggested_post_declined", "suggested_post_paid"),
        *("suggested_post_refunded", "community_chat_added", "community_chat_removed", "community_chat_joined"),
    )
)
"""Fields of service messages, which no person wrote. `tests/transport` checks this list against the Bot API."""
