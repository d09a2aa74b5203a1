"""Drafts of a change of the petition status: an owner writes one, and confirms or drops it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from markupsafe import Markup

from chatbot.petition.languages import Language
from chatbot.petition.lifecycle import StatusChange
from chatbot.storage.engine.database import StoredTable, Transaction

TABLE: Final = StoredTable(name="status_drafts", key=("member_id",), person=("member_id",))
TEXTS: Final = StoredTable(
    name="status_draft_texts", key=("member_id", "language"), parents=("status_drafts",), person=("member_id",)
)


@dataclass(frozen=True, slots=True)
class StatusDraft:
    """One change that is being written."""

    change: StatusChange
    revision: int
    """Of the petition status when the draft was begun: a change made since comes first."""
    words: Mapping[Language, Markup] = field(default_factory=dict)
    number: int | None = None
    """The milestone; None stands for those of the campaign's files."""


async def begin(tx: Transaction, member_id: int, change: StatusChange, revision: int) -> StatusDraft:
    """Begin a draft; the member's previous one is dropped."""
    await drop(tx, member_id)
    await tx.run(
        "INSERT INTO status_drafts (member_id, change, revision) VALUES (:member_id, :change, :revision)",
        member_id=member_id,
        change=change,
        revision=revision,
    )
    return StatusDraft(change, revision)


async def find(tx: Transaction, member_id: int) -> StatusDraft | None:
    """Return the draft of a member."""
    rows = await tx.all(
        "SELECT change, revision, number, language, text FROM status_drafts LEFT JOIN status_draft_texts AS texts "
        "ON texts.member_id = status_drafts.member_id WHERE status_drafts.member_id = :member_id ORDER BY language",
        member_id=member_id,
    )
    if not rows:
        return None
    # The texts were made from Telegram's entities and escaped then.
    words = {row["language"]: Markup(row["text"]) for row in rows if row["text"] is not None}  # noqa: S704 - Telegram's HTML, escaped when it was stored
    return StatusDraft(rows[0]["change"], rows[0]["revision"], words, rows[0]["number"])


async def write(tx: Transaction, member_id: int, language: Language, text: Markup) -> None:
    """Set the text in `language`."""
    await tx.run(
        "INSERT INTO status_draft_texts (member_id, language, text) VALUES (:member_id, :language, :text) "
        "ON CONFLICT (member_id, language) DO UPDATE SET text = excluded.text",
        member_id=member_id,
        language=language,
        text=str(text),
    )


async def remove(tx: Transaction, member_id: int, language: Language | None = None) -> None:
    """Remove the text in `language`, or all texts."""
    await tx.run(
        "DELETE FROM status_draft_texts WHERE member_id = :member_id AND (language = :language OR :language = '')",
        member_id=member_id,
        language=language or "",
    )


async def set_number(tx: Transaction, member_id: int, number: int | None) -> None:
    """Set the milestone; None takes those of the campaign's files."""
    await tx.run(
        "UPDATE status_drafts SET number = :number WHERE member_id = :member_id", member_id=member_id, number=number
    )


async def drop(tx: Transaction, member_id: int) -> None:
    """Delete the draft of a member, if there is one."""
    await tx.run("DELETE FROM status_drafts WHERE member_id = :member_id", member_id=member_id)
