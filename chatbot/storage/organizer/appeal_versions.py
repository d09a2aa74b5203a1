"""The wordings of the appeal at rest: each that was ever shown for signing, since when, and how many signed it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chatbot.petition.model import LANGUAGES, Language
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import StoredTable, Transaction
from chatbot.storage.people import counters

TABLE: Final = StoredTable(name="appeal_versions", key=("version", "language"))
_BETWEEN: Final = "\n\n"


@dataclass(frozen=True, slots=True)
class AppealVersion:
    """One version of the appeal."""

    version: str
    first_seen_at: datetime | None
    """When it was first shown; None for one from before the texts were kept."""
    signed: int
    """How many signatures stand under it."""


async def register(
    tx: Transaction, version: str, paragraphs: Mapping[Language, Sequence[str]], now: datetime
) -> str | None:
    """Keep what a version says, once; the version before it, when it took the place of one."""
    known = await list_versions(tx)
    added = 0
    for language, said in paragraphs.items():
        added += await tx.run(
            "INSERT INTO appeal_versions (version, language, text, first_seen_at) "
            "VALUES (:version, :language, :text, :now) ON CONFLICT (version, language) DO NOTHING",
            version=version,
            language=language,
            text=_BETWEEN.join(said),
            now=timestamps.to_text(now),
        )
    before = next((each.version for each in known if each.version != version), None)
    return before if added == len(paragraphs) and version not in {each.version for each in known} else None


async def list_versions(tx: Transaction) -> list[AppealVersion]:
    """Every version, the newest first; those whose text was never kept at the end."""
    rows = await tx.all(
        "SELECT version, min(first_seen_at) AS since FROM appeal_versions GROUP BY version ORDER BY since DESC, version"
    )
    signed = await counters.read_all(tx, counters.VERSIONS)
    kept = [
        AppealVersion(row["version"], timestamps.from_text(row["since"]), signed.pop(row["version"], 0)) for row in rows
    ]
    return kept + [AppealVersion(version, None, count) for version, count in sorted(signed.items())]


async def read_paragraphs(tx: Transaction, version: str, language: Language) -> list[str] | None:
    """What a version says in a language; None where that was not kept."""
    row = await tx.one(
        "SELECT text FROM appeal_versions WHERE version = :version AND language = :language",
        version=version,
        language=language,
    )
    return row["text"].split(_BETWEEN) if row else None


async def count_signers_of_other_versions(tx: Transaction, version: str) -> dict[Language, int]:
    """How many signatures stand under other wordings, by the language in which they read it."""
    found: dict[Language, int] = dict.fromkeys(LANGUAGES, 0)
    for name, count in (await counters.read_all(tx, counters.READERS)).items():
        signed, _, spoken = name.partition(":")
        for language in LANGUAGES:
            found[language] += count if language == spoken and signed != version else 0
    return found
