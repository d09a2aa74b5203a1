"""Stores the petition status: one row, changed by compare-and-set on its revision."""

from datetime import datetime
from typing import Final

from markupsafe import Markup

from chatbot.petition.lifecycle import PetitionEnding, PetitionStatus, StatusChange, Words
from chatbot.petition.model import LANGUAGES
from chatbot.petition.signing.human_check import HumanCheck
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Row, StoredTable, Transaction
from chatbot.storage.people import counters

TABLE: Final = StoredTable(name="petition_status", key=("name",), member=("changed_by", "human_by"))
_COLUMNS: Final = (
    "revision, ending, ended_at, statement_ko, statement_en, answer_ko, answer_en, next_milestone, reached_milestone, "
    "changed_by, changed_at, change, human_mode, human_rate, human_until, human_revision, human_by"
)


async def find(tx: Transaction) -> PetitionStatus:
    """Read the status."""
    row = await tx.one(f"SELECT {_COLUMNS} FROM petition_status")  # noqa: S608 - columns of ours
    return _read(row) if row else PetitionStatus()


async def find_with_count(tx: Transaction) -> tuple[PetitionStatus, int]:
    """Read the status and the number of signatures in one statement: every turn begins with it."""
    row = await tx.one(
        f"SELECT {_COLUMNS}, value FROM (SELECT 1 AS one) AS here "  # noqa: S608 - columns of ours
        "LEFT JOIN petition_status AS status ON status.name = 'petition' "
        "LEFT JOIN counters ON counters.name = :signatures",
        signatures=counters.SIGNATURES,
    )
    if row is None:
        return PetitionStatus(), 0
    return PetitionStatus() if row["revision"] is None else _read(row), row["value"] or 0


async def end(
    tx: Transaction, revision: int, ending: PetitionEnding, statement: Words, member_id: int, now: datetime
) -> bool:
    """Close the petition to signatures. False if the status was changed since `revision`.

    Waits for signatures that are being committed: none is committed after this transaction.
    """
    await _wait_for_signers(tx)
    return await _change(
        tx,
        revision,
        ending,
        member_id,
        now,
        "ending = :ending, ended_at = :now, statement_ko = :ko, statement_en = :en",
        ending=ending,
        ko=_text(statement, "ko"),
        en=_text(statement, "en"),
    )


async def reopen(tx: Transaction, revision: int, member_id: int, now: datetime) -> bool:
    """Open the petition again, without a statement. False if the status was changed since `revision`."""
    return await _change(
        tx,
        revision,
        "reopened",
        member_id,
        now,
        "ending = NULL, ended_at = NULL, statement_ko = NULL, statement_en = NULL",
    )


async def set_statement(tx: Transaction, revision: int, statement: Words, member_id: int, now: datetime) -> bool:
    """Change the statement about the ending. False if the status was changed since `revision`."""
    return await _change(
        tx,
        revision,
        "statement",
        member_id,
        now,
        "statement_ko = :ko, statement_en = :en",
        ko=_text(statement, "ko"),
        en=_text(statement, "en"),
    )


async def pin_answer(tx: Transaction, revision: int, answer: Words, member_id: int, now: datetime) -> bool:
    """Pin the addressee's answer to the welcome, or unpin it. False if the status was changed since `revision`."""
    return await _change(
        tx,
        revision,
        "answer",
        member_id,
        now,
        "answer_ko = :ko, answer_en = :en",
        ko=_text(answer, "ko"),
        en=_text(answer, "en"),
    )


async def set_milestone(tx: Transaction, revision: int, milestone: int | None, member_id: int, now: datetime) -> bool:
    """Set the next milestone; None takes those of the files. False if the status was changed since `revision`."""
    return await _change(tx, revision, "milestone", member_id, now, "next_milestone = :milestone", milestone=milestone)


async def note_reached(tx: Transaction, milestone: int) -> bool:
    """Note that the team is congratulated on a milestone. True for the first caller only."""
    await create(tx)
    noted = await tx.run(
        "UPDATE petition_status SET reached_milestone = :milestone "
        "WHERE name = 'petition' AND coalesce(reached_milestone, 0) < :milestone",
        milestone=milestone,
    )
    return noted == 1


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
    what: str,
    **values: str | int | None,
) -> bool:
    await create(tx)
    changed = await tx.run(
        f"UPDATE petition_status SET {what}, revision = revision + 1, changed_by = :member_id, changed_at = :now, "  # noqa: S608 - ours
        "change = :change WHERE name = 'petition' AND revision = :revision",
        revision=revision,
        member_id=member_id,
        now=timestamps.to_text(now),
        change=change,
        **values,
    )
    return changed == 1


def _text(words: Words, language: str) -> str | None:
    return next((str(text) for spoken, text in words.items() if spoken == language), None)


def _read(row: Row) -> PetitionStatus:
    def words(what: str) -> Words:
        texts = {language: row[f"{what}_{language}"] for language in LANGUAGES}
        return {
            language: Markup(text)  # noqa: S704 - made by us from Telegram's entities, escaped there
            for language, text in texts.items()
            if text
        }

    return PetitionStatus(
        ending=row["ending"],
        ended_at=timestamps.from_text(row["ended_at"]) if row["ended_at"] else None,
        statement=words("statement"),
        answer=words("answer"),
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
