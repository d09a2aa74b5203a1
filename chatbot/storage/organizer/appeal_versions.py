"""Stores every version of the appeal that was shown for signing, and counts its signatures."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chatbot.petition.languages import Language
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
    """When it was first shown; None if it is older than the storing of texts."""
    signed: int
    """How many signatures it has."""


async def register(
    tx: Transaction, version: str, paragraphs: Mapping[Language, Sequence[str]], now: datetime
) -> str | None:
    """Store the text of a version once. Returns the version that it replaces, if it is new and replaces one."""
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
    """List every version, the newest first; versions without a stored text come last."""
    rows = await tx.all(
        "SELECT version, min(first_seen_at) AS since FROM appeal_versions GROUP BY version ORDER BY since DESC, version"
    )
    signed = await counters.read_all(tx, counters.VERSIONS)
    kept = [
        AppealVersion(row["version"], timestamps.from_text(row["since"]), signed.pop(row["version"], 0)) for row in rows
    ]
    return kept + [AppealVersion(version, None, count) for version, count in sorted(signed.items())]


async def read_paragraphs(tx: Transaction, version: str, language: Language) -> list[str] | None:
    """Return the paragraphs of a version in a language; None if they were not stored."""
    row = await tx.one(
        "SELECT text FROM appeal_versions WHERE version = :version AND language = :language",
        version=version,
        language=language,
    )
    return row["text"].split(_BETWEEN) if row else None


async def count_signers_of_other_versions(tx: Transaction, version: str) -> dict[Language, int]:
    """Count the signatures of other versions, by the language in which the signers read the appeal."""
    found: Counter[Language] = Counter()
    for name, count in (await counters.read_all(tx, counters.READERS)).items():
        signed, _, language = name.partition(":")
        if signed != version:
            found[language] += count
    return dict(found)
