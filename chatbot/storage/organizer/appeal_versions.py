"""Stores every version of the appeal that was shown for signing, and counts its signatures."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from chatbot.petition.languages import Language
from chatbot.petition.text.appeal_version import SignedText, name_version
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Row, StoredTable, Transaction
from chatbot.storage.organizer import app_state
from chatbot.storage.people import counters

TABLE: Final = StoredTable(name="appeal_versions", key=("version", "language"))
_BETWEEN: Final = "\n\n"
_IN_FORCE: Final = "appeal_version"
"""Name of the version that the last start found, in the state of the app."""


@dataclass(frozen=True, slots=True)
class AppealVersion:
    """One wording of what people sign, and how many signed it."""

    version: str
    first_seen_at: datetime | None
    """When it was first shown; None if it is older than the storing of texts."""
    signed: int
    """How many signatures it has."""


class Registered(NamedTuple):
    """The version that texts belong to."""

    version: str
    replaces: str | None
    """The version before, if this one is new and replaces one."""


async def register(tx: Transaction, texts: Mapping[Language, SignedText], now: datetime) -> Registered:
    """Find the version that these texts belong to, or begin one, and store the texts that it does not have yet.

    They belong to a version if all languages that both have say the same, and there is one; languages that were removed
    from the files are compared, too. So a signature's version and language always lead to one text. Of several
    versions it is the one that was in force last. The caller uses `transact_exclusive`: a language that two processes
    add at the same time has the text of one of them.
    """
    rows = await tx.all("SELECT * FROM appeal_versions ORDER BY first_seen_at DESC, version")
    stored = {
        row["version"]: {each["language"]: each for each in rows if each["version"] == row["version"]} for row in rows
    }
    name = name_version({language: text.words for language, text in texts.items()})
    choices = (await app_state.find(tx, _IN_FORCE), name, *stored)
    same = (each for each in choices if each in stored and _is_same(each, stored[each], texts))
    version = next(same, name)
    known = [each.version for each in await list_versions(tx)]
    for language, text in texts.items():
        await tx.run(
            "INSERT INTO appeal_versions (version, language, text, signed_words, first_seen_at) "
            "VALUES (:version, :language, :text, :words, :now) ON CONFLICT (version, language) "
            "DO UPDATE SET signed_words = excluded.signed_words WHERE appeal_versions.signed_words IS NULL",
            version=version,
            language=language,
            text=_BETWEEN.join(text.paragraphs),
            words=text.words,
            now=timestamps.to_text(now),
        )
    await app_state.replace(tx, _IN_FORCE, version)
    return Registered(version, next(iter(known), None) if version not in known else None)


def _is_same(version: str, rows: Mapping[Language, Row], texts: Mapping[Language, SignedText]) -> bool:
    shared = rows.keys() & texts.keys()
    if shared == rows.keys() and name_version({language: texts[language].words for language in rows}) == version:
        return True  # also of rows from before words were stored: the name of a version is the hash of its words
    return bool(shared) and all(
        rows[language]["text"] == _BETWEEN.join(texts[language].paragraphs)
        if rows[language]["signed_words"] is None
        else rows[language]["signed_words"] == texts[language].words
        for language in shared
    )


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


async def list_languages(tx: Transaction) -> list[Language]:
    """List the languages in which an appeal was ever shown for signing."""
    return [row["language"] for row in await tx.all("SELECT DISTINCT language FROM appeal_versions ORDER BY language")]


async def read_paragraphs(tx: Transaction, version: str) -> dict[Language, list[str]]:
    """Return the paragraphs of a version by language; empty if they were not stored."""
    rows = await tx.all("SELECT language, text FROM appeal_versions WHERE version = :version", version=version)
    return {row["language"]: row["text"].split(_BETWEEN) for row in rows}


async def count_signers_of_other_versions(tx: Transaction, version: str) -> dict[Language, int]:
    """Count the signatures of other versions, by the language in which the signers read the appeal."""
    found: Counter[Language] = Counter()
    for name, count in (await counters.read_all(tx, counters.READERS)).items():
        signed, _, language = name.partition(":")
        if signed != version:
            found[language] += count
    return dict(found)
