"""Reads what a card needs to know about somebody who is about to share, without writing: a card that goes from chat
to chat brings thousands of queries, and nobody who signs waits for them.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chatbot.petition.languages import Language
from chatbot.petition.lifecycle import PetitionStatus
from chatbot.storage import Database, Transaction
from chatbot.storage.organizer import petition_status
from chatbot.storage.people import signatures, supporters
from chatbot.storage.privacy.share_codes import ShareCodes

AT_ONCE: Final = 100
"""People who are read in one snapshot."""
MOST: Final = 2_000
"""People who wait for that at most. Telegram asks again with the next letter."""


@dataclass(frozen=True, slots=True)
class CardAsker:
    """What is known of somebody who is about to share, and of the petition at that moment."""

    language: Language | None
    """None if they never chose one here."""
    code: str
    """Also of somebody who has no link yet, as it will be: a card must not tell who has signed."""
    has_signed: bool
    status: PetitionStatus
    signed_here: int


class Sharers:
    """Reads those who ask at the same time in one snapshot, one snapshot after the other."""

    def __init__(self, database: Database, share_codes: ShareCodes) -> None:
        self._database = database
        self._share_codes = share_codes
        self._asked: list[tuple[int, asyncio.Future[CardAsker | None]]] = []
        self._work: asyncio.Task[None] | None = None

    async def read(self, person_id: int) -> CardAsker | None:
        """Return what is known of this person; None if too many others wait."""
        if len(self._asked) >= MOST:
            return None
        answer: asyncio.Future[CardAsker | None] = asyncio.get_running_loop().create_future()
        self._asked.append((person_id, answer))
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._answer_all())
        return await answer or await self._database.transact(self._store_link, person_id)

    async def _answer_all(self) -> None:
        while self._asked:
            some, self._asked = self._asked[:AT_ONCE], self._asked[AT_ONCE:]
            try:
                found = await self._database.read_snapshot(self._read_some, [person_id for person_id, _ in some])
            except Exception as error:  # each of those who asked handles it
                for _, answer in some:
                    if not answer.done():
                        answer.set_exception(error)
                continue
            for (_, answer), sharer in zip(some, found, strict=True):
                if not answer.done():
                    answer.set_result(sharer)

    async def _read_some(self, tx: Transaction, people: Sequence[int]) -> list[CardAsker | None]:
        """Read these people; None for whom something has to be stored first."""
        status, signed_here = await petition_status.find_with_count(tx)
        return [await self._find(tx, each, status, signed_here) for each in people]

    async def _find(
        self, tx: Transaction, person_id: int, status: PetitionStatus, signed_here: int
    ) -> CardAsker | None:
        has_signed = await signatures.find(tx, person_id) is not None
        language, code = await supporters.find_language_and_code(tx, person_id)
        if code is None and not has_signed:
            code = await self._share_codes.find(tx, person_id)
        return CardAsker(language, code, has_signed, status, signed_here) if code else None

    async def _store_link(self, tx: Transaction, person_id: int) -> CardAsker:
        """Store the link of somebody who signed before there were links, or the secret of the first link of all."""
        if await signatures.find(tx, person_id) is not None:
            await self._share_codes.give(tx, person_id)
        else:
            await self._share_codes.make(tx, person_id)
        sharer = await self._find(tx, person_id, *await petition_status.find_with_count(tx))
        assert sharer is not None  # nothing is missing any more
        return sharer
