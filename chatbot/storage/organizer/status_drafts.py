"""Drafts of a change of the petition status: an owner writes one, and confirms or drops it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from markupsafe import Markup

from chatbot.petition.lifecycle import StatusChange
from chatbot.petition.model import Language
from chatbot.storage.engine.database import StoredTable, Transaction

TABLE: Final = StoredTable(name="status_drafts", key=("member_id",), person=("member_id",))


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
    await tx.run(
        "INSERT INTO status_drafts (member_id, change, revision) VALUES (:member_id, :change, :revision) "
        "ON CONFLICT (member_id) DO UPDATE SET change = excluded.change, revision = excluded.revision, "
        "text_ko = NULL, text_en = NULL, number = NULL",
        member_id=member_id,
        change=change,
        revision=revision,
    )
    return StatusDraft(change, revision)


async def find(tx: Transaction, member_id: int) -> StatusDraft | None:
    """Return the draft of a member."""
    row = await tx.one("SELECT * FROM status_drafts WHERE member_id = :member_id", member_id=member_id)
    if row is None:
        return None
    words: dict[Language, Markup] = {}
    if row["text_ko"]:
        words["ko"] = Markup(row["text_ko"])  # noqa: S704 - made by us from Telegram's entities, escaped there
    if row["text_en"]:
        words["en"] = Markup(row["text_en"])  # noqa: S704 - as above
    return StatusDraft(row["change"], row["revision"], words, row["number"])


async def write(tx: Transaction, member_id: int, language: Language, text: Markup | None) -> None:
    """Set the text in `language`; None removes it."""
    column = {"ko": "text_ko", "en": "text_en"}[language]
    await tx.run(
        f"UPDATE status_drafts SET {column} = :text WHERE member_id = :member_id",  # noqa: S608 - a column of ours
        member_id=member_id,
        text=None if text is None else str(text),
    )


async def set_number(tx: Transaction, member_id: int, number: int | None) -> None:
    """Set the milestone."""
    await tx.run(
        "UPDATE status_drafts SET number = :number WHERE member_id = :member_id", member_id=member_id, number=number
    )


async def drop(tx: Transaction, member_id: int) -> None:
    """Drop the draft."""
    await tx.run("DELETE FROM status_drafts WHERE member_id = :member_id", member_id=member_id)
