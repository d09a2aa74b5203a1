"""The course of the petition at rest: one row, changed by compare-and-set on its revision."""

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
    """How the petition stands."""
    row = await tx.one(f"SELECT {_COLUMNS} FROM petition_status")  # noqa: S608 - columns of ours
    return _read(row) if row else PetitionStatus()


async def find_with_count(tx: Transaction) -> tuple[PetitionStatus, int]:
    """How the petition stands and how many signatures it has, in one statement: every turn begins with it."""
    row = await tx.one(
        f"SELECT {_COLUMNS}, value FROM (SELECT 1 AS one) AS here "  # noqa: S608 - columns of ours
        "LEFT JOIN petition_status AS status ON status.name = 'petition' "
        "LEFT JOIN counters ON counters.name = :signatures",
        signatures=counters.SIGNATURES,
    )
    if row is None:
        return PetitionStatus(), 0
    return PetitionStatus() if row["revision"] is None else _read(row), row["value"] or 0


async def end(tx: Transaction, revision: int, ending: PetitionEnding, statement: Words, by: int, now: datetime) -> bool:
    """Take no more signatures; False when the course was changed since `revision`.

    Whoever is signing at this moment comes before: once this is committed, no signature is.
    """
    await _wait_for_signers(tx)
    return await _change(
        tx,
        revision,
        ending,
        by,
        now,
        "ending = :ending, ended_at = :now, statement_ko = :ko, statement_en = :en",
        ending=ending,
        ko=_text(statement, "ko"),
        en=_text(statement, "en"),
    )


async def reopen(tx: Transaction, revision: int, by: int, now: datetime) -> bool:
    """Take signatures again, and say nothing about an ending; False when the course was changed since `revision`."""
    return await _change(
        tx,
        revision,
        "reopened",
        by,
        now,
        "ending = NULL, ended_at = NULL, statement_ko = NULL, statement_en = NULL",
    )


async def set_statement(tx: Transaction, revision: int, statement: Words, by: int, now: datetime) -> bool:
    """Say something else about the ending; False when the course was changed since `revision`."""
    return await _change(
        tx,
        revision,
        "statement",
        by,
        now,
        "statement_ko = :ko, statement_en = :en",
        ko=_text(statement, "ko"),
        en=_text(statement, "en"),
    )


async def pin_answer(tx: Transaction, revision: int, answer: Words, by: int, now: datetime) -> bool:
    """Let this stand on the welcome as the addressee's answer, or nothing; False when the course was changed since."""
    return await _change(
        tx,
        revision,
        "answer",
        by,
        now,
        "answer_ko = :ko, answer_en = :en",
        ko=_text(answer, "ko"),
        en=_text(answer, "en"),
    )


async def set_milestone(tx: Transaction, revision: int, milestone: int | None, by: int, now: datetime) -> bool:
    """Work towards this milestone, or those of the files; False when the course was changed since `revision`."""
    return await _change(tx, revision, "milestone", by, now, "next_milestone = :milestone", milestone=milestone)


async def note_reached(tx: Transaction, milestone: int) -> bool:
    """Note that the team is congratulated on a milestone; True once, for whoever notes it first."""
    await create(tx)
    noted = await tx.run(
        "UPDATE petition_status SET reached_milestone = :milestone "
        "WHERE name = 'petition' AND coalesce(reached_milestone, 0) < :milestone",
        milestone=milestone,
    )
    return noted == 1


async def begin_counting(tx: Transaction, milestone: int) -> None:
    """Congratulate on nothing that was reached before anybody counted; only the first word counts."""
    await create(tx)
    await tx.run(
        "UPDATE petition_status SET reached_milestone = :milestone "
        "WHERE name = 'petition' AND reached_milestone IS NULL",
        milestone=milestone,
    )


async def _wait_for_signers(tx: Transaction) -> None:
    for name in (counters.NUMBERS, counters.SIGNATURES):  # in the order in which a signature takes them
        await tx.run(
            "INSERT INTO counters (name, value) VALUES (:name, 0) ON CONFLICT (name) DO UPDATE SET "
            "value = counters.value",
            name=name,
        )


async def create(tx: Transaction) -> None:
    """Let the row be there, as the course of a petition that nobody has changed."""
    await tx.run("INSERT INTO petition_status (name) VALUES ('petition') ON CONFLICT (name) DO NOTHING")


async def _change(
    tx: Transaction, revision: int, change: StatusChange, by: int, now: datetime, what: str, **values: str | int | None
) -> bool:
    await create(tx)
    changed = await tx.run(
        f"UPDATE petition_status SET {what}, revision = revision + 1, changed_by = :by, changed_at = :now, "  # noqa: S608 - ours
        "change = :change WHERE name = 'petition' AND revision = :revision",
        revision=revision,
        by=by,
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
