"""Stores the petition status: one row, changed by compare-and-set on its revision, and its texts by language."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

from markupsafe import Markup

from chatbot.petition.languages import Language
from chatbot.petition.lifecycle import PetitionEnding, PetitionStatus, StatusChange, Words
from chatbot.petition.signing.human_check import HumanCheck
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Row, StoredTable, Transaction
from chatbot.storage.people import counters

TABLE: Final = StoredTable(name="petition_status", key=("name",), member=("changed_by", "human_by"))
TEXTS: Final = StoredTable(name="petition_texts", key=("subject", "language"))
_Subject = Literal["statement", "answer"]
_COLUMNS: Final = (
    "revision, ending, ended_at, next_milestone, reached_milestone, changed_by, changed_at, change, human_mode, "
    "human_rate, human_until, human_revision, human_by, subject, language, text"
)


async def find(tx: Transaction) -> PetitionStatus:
    """Read the status."""
    status, _ = await find_with_count(tx)
    return status


async def find_with_count(tx: Transaction) -> tuple[PetitionStatus, int]:
    """Read the status and the number of signatures in one statement: every turn begins with it."""
    rows = await tx.all(
        f"SELECT {_COLUMNS}, value FROM (SELECT 1 AS one) AS here "  # noqa: S608 - our own columns
        "LEFT JOIN petition_status AS status ON status.name = 'petition' "
        "LEFT JOIN counters ON counters.name = :signatures "
        "LEFT JOIN petition_texts ON one = 1 ORDER BY language",
        signatures=counters.SIGNATURES,
    )
    if not rows:
        return PetitionStatus(), 0
    return PetitionStatus() if rows[0]["revision"] is None else _read(rows), rows[0]["value"] or 0


async def end(
    tx: Transaction, revision: int, ending: PetitionEnding, statement: Words, member_id: int, now: datetime
) -> bool:
    """Close the petition to signatures. False if the status was changed since `revision`.

    Waits for signatures that are being committed: none is committed after this transaction.
    """
    await _wait_for_signers(tx)
    what = "ending = :ending, ended_at = :now, "
    changed = await _change(tx, revision, ending, member_id, now, what, ending=ending)
    return changed and await _write(tx, "statement", statement)


async def reopen(tx: Transaction, revision: int, member_id: int, now: datetime) -> bool:
    """Open the petition again, without a statement. False if the status was changed since `revision`."""
    changed = await _change(tx, revision, "reopened", member_id, now, "ending = NULL, ended_at = NULL, ")
    return changed and await _write(tx, "statement", {})


async def set_statement(tx: Transaction, revision: int, statement: Words, member_id: int, now: datetime) -> bool:
    """Change the statement about the ending. False if the status was changed since `revision`."""
    changed = await _change(tx, revision, "statement", member_id, now)
    return changed and await _write(tx, "statement", statement)


async def pin_answer(tx: Transaction, revision: int, answer: Words, member_id: int, now: datetime) -> bool:
    """Pin the addressee's answer to the welcome, or unpin it. False if the status was changed since `revision`."""
    changed = await _change(tx, revision, "answer", member_id, now)
    return changed and await _write(tx, "answer", answer)


async def set_milestone(tx: Transaction, revision: int, milestone: int | None, member_id: int, now: datetime) -> bool:
    """Set the next milestone; None takes those of the files. False if the status was changed since `revision`."""
    return await _change(
        tx, revision, "milestone", member_id, now, "next_milestone = :milestone, ", milestone=milestone
    )


async def note_reached(tx: Transaction, milestone: int) -> bool:
    """Note that the team is congratulated on a milestone. True for the first caller only."""
    await create(tx)
    noted = await tx.run(
        "UPDATE petition_status SET reached_milestone = :milestone "
        "WHERE name = 'petition' AND coalesce(reached_milestone, 0) < :milestone",
        milestone=milestone,
    )
    return noted == 1


async def take_back_reached(tx: Transaction, milestone: int, total: int) -> None:
    """Let the team be congratulated on `milestone` again: only `total` have signed now."""
    await tx.run(
        "UPDATE petition_status SET reached_milestone = :total "
        "WHERE name = 'petition' AND reached_milestone = :milestone",
        milestone=milestone,
        total=total,
    )


async def begin_counting(tx: Transaction, milestone: int) -> None:
    """Start the congratulations above `milestone`; only the first call counts."""
    await create(tx)
    await tx.run(
        "UPDATE petition_status SET reached_milestone = :milestone "
        "WHERE name = 'petition' AND reached_milestone IS NULL",
        milestone=milestone,
    )


async def _wait_for_signers(tx: Transaction) -> None:
    for name in (counters.NUMBERS, counters.SIGNATURES):  # in the order in which a signature locks them
        await tx.run(
            "INSERT INTO counters (name, value) VALUES (:name, 0) ON CONFLICT (name) DO UPDATE SET "
            "value = counters.value",
            name=name,
        )


async def create(tx: Transaction) -> None:
    """Insert the row of a petition whose status was never changed, unless it is there."""
    await tx.run("INSERT INTO petition_status (name) VALUES ('petition') ON CONFLICT (name) DO NOTHING")


async def _change(
    tx: Transaction,
    revision: int,
    change: StatusChange,
    member_id: int,
    now: datetime,
    what: str = "",
    **values: str | int | None,
) -> bool:
    await create(tx)
    changed = await tx.run(
        f"UPDATE petition_status SET {what}revision = revision + 1, changed_by = :member_id, changed_at = :now, "  # noqa: S608 - our own names
        "change = :change WHERE name = 'petition' AND revision = :revision",
        revision=revision,
        member_id=member_id,
        now=timestamps.to_text(now),
        change=change,
        **values,
    )
    return changed == 1


async def _write(tx: Transaction, subject: _Subject, words: Words) -> bool:
    """Replace the texts about a subject. The caller has changed the row, so no other transaction writes them."""
    await tx.run("DELETE FROM petition_texts WHERE subject = :subject", subject=subject)
    for language, text in words.items():
        await tx.run(
            "INSERT INTO petition_texts (subject, language, text) VALUES (:subject, :language, :text)",
            subject=subject,
            language=language,
            text=str(text),
        )
    return True


def _read(rows: Sequence[Row]) -> PetitionStatus:
    """Read the status from its row, repeated for each text."""
    row = rows[0]
    words: dict[_Subject, dict[Language, Markup]] = {"statement": {}, "answer": {}}
    for each in rows:
        if each["subject"] is not None:
            words[each["subject"]][each["language"]] = Markup(each["text"])  # noqa: S704 - escaped when it was written

    return PetitionStatus(
        ending=row["ending"],
        ended_at=timestamps.from_text(row["ended_at"]) if row["ended_at"] else None,
        statement=words["statement"],
        answer=words["answer"],
        next_milestone=row["next_milestone"],
        reached=row["reached_milestone"],
        revision=row["revision"],
        changed_by=row["changed_by"],
        changed_at=timestamps.from_text(row["changed_at"]) if row["changed_at"] else None,
        change=row["change"],
        human=HumanCheck(
            row["human_mode"],
            row["human_rate"],
            timestamps.from_text(row["human_until"]) if row["human_until"] else None,
            row["human_revision"],
            row["human_by"],
        ),
    )
