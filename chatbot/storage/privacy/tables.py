"""The tables of the schema, with their keys and columns."""

from typing import Final

TABLES: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "supporters": (
        ("id",),
        (
            *("id", "language", "language_chosen_at", "source", "step", "draft", "share_code", "blocked_at"),
            *("last_update_id", "first_seen_at", "last_seen_at", "funnel_steps", "human_at"),
        ),
    ),
    "signatures": (
        ("supporter_id",),
        (
            *("supporter_id", "number", "name", "country", "reason", "language", "source", "appeal_version"),
            *("signed_at", "counted_as", "named_at", "set_aside_id", "seconds"),
        ),
    ),
    "subscriptions": (
        ("supporter_id",),
        ("supporter_id", "language", "country", "subscribed_at", "ended_at", "ended_because"),
    ),
    "counters": (("name",), ("name", "value")),
    "sources": (("name",), ("name", "admitted_at")),
    "history": (("name", "hour"), ("name", "hour", "value")),
    "processed_updates": (("update_id",), ("update_id", "processed_at")),
    "app_state": (("name",), ("name", "value")),
    "chat_menus": (("chat_id",), ("chat_id", "given_at")),
    "broadcasts": (
        ("id",),
        (
            *("id", "kind", "of_id", "organizer_id", "audience_language", "audience_countries", "reach", "sound"),
            *("revision", "created_at", "scheduled_for", "late_at", "started_at", "gathered_to", "gathered_at"),
            *("paused_at", "again", "ended_at", "ending", "refusal", "recalled_at", "progress_message_id"),
            *("reported_at", "renews"),
        ),
    ),
    "posts": (
        ("broadcast_id", "language"),
        ("broadcast_id", "language", "text", "media_kind", "file_id", "button_label", "button_url"),
    ),
    "deliveries": (
        ("broadcast_id", "supporter_id"),
        ("broadcast_id", "supporter_id", "language", "state", "reason", "message_id"),
    ),
    "delivery_counts": (
        ("broadcast_id", "language", "outcome", "reason"),
        ("broadcast_id", "language", "outcome", "reason", "value"),
    ),
    "erased_delivery_counts": (
        ("broadcast_id", "language", "outcome", "reason"),
        ("broadcast_id", "language", "outcome", "reason", "value"),
    ),
    "members": (("id",), ("id", "name", "role", "invited_by", "joined_at", "left_at", "anonymise_at")),
    "agreements": (("name",), ("name", "value")),
    "invitations": (
        ("id",),
        ("id", "hash", "role", "invited_by", "made_at", "until", "used_by", "closed_at"),
    ),
    "confirmations": (("code",), ("code", "supporter_id", "about", "until")),
    "audit_log": (("number",), ("number", "member_id", "kind", "action", "details", "done_at", "hash")),
    "audit_log_end": (("name",), ("name", "number", "hash")),
    "petition_status": (
        ("name",),
        (
            *("name", "revision", "ending", "ended_at", "statement_ko", "statement_en", "answer_ko", "answer_en"),
            *("next_milestone", "reached_milestone", "changed_by", "changed_at", "change", "human_mode", "human_rate"),
            *("human_until", "human_revision", "human_by"),
        ),
    ),
    "status_drafts": (("member_id",), ("member_id", "change", "revision", "text_ko", "text_en", "number")),
    "appeal_versions": (("version", "language"), ("version", "language", "text", "first_seen_at")),
    "sent_alone": (("broadcast_id", "sent_at"), ("broadcast_id", "sent_at", "sent_by", "people")),
    "approvals": (
        ("broadcast_id",),
        ("broadcast_id", "revision", "asked_by", "asked_at", "starts", "approved_by", "approved_at"),
    ),
    "set_asides": (
        ("id",),
        (
            *("id", "made_by", "conditions", "last_number", "reason", "made_at", "state", "found", "done"),
            *("searched_to", "total_before"),
        ),
    ),
    "signals": (("id",), ("id", "kind", "subject", "conditions", "value", "usual", "found_at")),
    "detection_state": (("name",), ("name", "value")),
    "jobs": (("id",), ("id", "kind", "details", "progress", "chat_id", "tries", "added_at", "due_at")),
}
"""Every table of the schema but those of the migrations: its key, and its columns.

Who is referred to comes before who refers.
"""
