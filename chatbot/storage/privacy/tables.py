"""The tables of the schema, with their keys and columns."""

from typing import Final

TABLES: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "supporters": (
        ("id",),
        (
            *("id", "language", "language_chosen_at", "source", "step", "draft", "share_code", "blocked_at"),
            *("last_update_id", "first_seen_at", "last_seen_at", "reached", "human_at"),
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
    "received": (("update_id",), ("update_id", "received_at")),
    "keepsakes": (("name",), ("name", "value")),
    "organizers": (("id",), ("id", "greeted_at")),
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
    "tallies": (
        ("broadcast_id", "language", "outcome", "reason"),
        ("broadcast_id", "language", "outcome", "reason", "value"),
    ),
    "forgotten_deliveries": (
        ("broadcast_id", "language", "outcome", "reason"),
        ("broadcast_id", "language", "outcome", "reason", "value"),
    ),
    "members": (("id",), ("id", "name", "role", "invited_by", "joined_at", "left_at", "hidden_from")),
    "agreements": (("name",), ("name", "value")),
    "invitations": (
        ("id",),
        ("id", "hash", "role", "invited_by", "made_at", "until", "used_by", "closed_at"),
    ),
    "confirmations": (("code",), ("code", "person_id", "about", "until")),
    "journal": (("number",), ("number", "who", "kind", "deed", "details", "done_at", "hash")),
    "journal_ends": (("name",), ("name", "number", "hash")),
    "course": (
        ("name",),
        (
            *("name", "revision", "ending", "ended_at", "statement_ko", "statement_en", "answer_ko", "answer_en"),
            *("next_milestone", "reached", "changed_by", "changed_at", "change", "human_mode", "human_rate"),
            *("human_until", "human_revision", "human_by"),
        ),
    ),
    "course_drafts": (("person_id",), ("person_id", "change", "revision", "text_ko", "text_en", "number")),
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
            *("looked_to", "total_before"),
        ),
    ),
    "signals": (("id",), ("id", "kind", "subject", "conditions", "value", "usual", "found_at")),
    "watch": (("name",), ("name", "value")),
    "errands": (("id",), ("id", "kind", "details", "progress", "for_id", "tries", "added_at", "due_at")),
}
"""Every table of the schema but those of the migrations: its key, and its columns.

Who is referred to comes before who refers.
"""
