"""Adds signers to a database."""

from datetime import datetime
from typing import Final

from chatbot.petition.languages import Language
from chatbot.storage import Transaction
from chatbot.storage.people import signatures, supporters
from chatbot.storage.people.signatures import Signature
from tests.support.cast import NOW

FIRST_NUMBER: Final = 178_922


async def add_signer(
    tx: Transaction,
    supporter_id: int,
    *,
    name: str = "하나",
    country: str = "KR",
    reason: str | None = None,
    language: Language = "ko",
    source: str | None = None,
    appeal_version: str = "v1",
    first_number: int = FIRST_NUMBER,
    now: datetime = NOW,
    named: bool = False,
    seconds: int | None = None,
) -> Signature | None:
    """Meet the supporter, then sign for them. None if they have signed already."""
    await supporters.meet(tx, supporter_id, language=language, now=now)
    return await signatures.add(
        tx,
        supporter_id=supporter_id,
        name=name,
        country=country,
        reason=reason,
        language=language,
        source=source,
        appeal_version=appeal_version,
        first_number=first_number,
        now=now,
        named=named,
        seconds=seconds,
    )
