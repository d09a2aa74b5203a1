"""Which messages of a chat show the buttons of a question. This is stored with the person's draft.

A question that replaces the tapped message is noted in its turn. Telegram tells the message of any other question only
after it was sent, so `note_asked` adds it. Messages whose buttons are to go stay noted until the buttons are gone: if
the process is killed before, the next turn does it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final, Self

import orjson

from chatbot.storage.engine.database import Database, Transaction

_ASKED_IN: Final = "asked_in"
_ASKED_BY: Final = "asked_by"
_OUTDATED: Final = "outdated"
_KEPT: Final = 3
"""Messages of either kind at most: more than one is rare."""


@dataclass(frozen=True, slots=True)
class QuestionButtons:
    """Where the buttons of questions are in a chat."""

    asked_in: tuple[int, ...] = ()
    """The messages in which the open question was asked: several, if they tapped in older ones."""
    asked_by: int | None = None
    """The update that this question answered."""
    outdated: tuple[int, ...] = ()
    """Messages whose question was answered: their buttons are to go."""

    @classmethod
    def from_mapping(cls, kept: Mapping[str, object]) -> Self:
        """Read what `to_mapping` returned; a value of another type counts as none."""
        asked_by = kept.get(_ASKED_BY)
        return cls(
            _read(kept.get(_ASKED_IN)), asked_by if isinstance(asked_by, int) else None, _read(kept.get(_OUTDATED))
        )

    def to_mapping(self) -> dict[str, str | int]:
        """Return this for storage, without what is empty."""
        kept: dict[str, str | int] = {}
        if self.asked_in:
            kept[_ASKED_IN] = _write(self.asked_in)
        if self.asked_by:
            kept[_ASKED_BY] = self.asked_by
        if self.outdated:
            kept[_OUTDATED] = _write(self.outdated)
        return kept

    def move_on(self, update_id: int, *, replaced: int | None, asks: bool, leaves: bool) -> "QuestionButtons":
        """Return where the buttons are once an answer was shown in place of the message `replaced`, or as a new one.

        It `asks` a question, and `leaves` the one that was open unless that can still be answered where it was asked.
        """
        asked_in = self.asked_in and tuple(each for each in self.asked_in if each != replaced)
        outdated = self.outdated and tuple(each for each in self.outdated if each != replaced)
        if leaves:
            asked_in, outdated = (), outdated + asked_in
        if asks:
            return QuestionButtons(asked_in if replaced is None else (*asked_in, replaced), update_id, outdated)
        if asked_in or not (leaves or self.asked_in):
            return QuestionButtons(asked_in, self.asked_by, outdated)
        return QuestionButtons(outdated=outdated) if outdated else NO_BUTTONS


def _read(kept: object) -> tuple[int, ...]:
    return tuple(int(each) for each in kept.split() if each.isdecimal()) if isinstance(kept, str) else ()


def _write(messages: tuple[int, ...]) -> str:
    return " ".join(map(str, messages[-_KEPT:]))


NO_BUTTONS: Final = QuestionButtons()


class QuestionMessages:
    """Notes what became of questions after their turn."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note_asked(self, supporter_id: int, update_id: int, message_id: int) -> bool:
        """Note the message of the question that an update led to; False if it was answered or left meanwhile."""
        return await self._database.transact(_note_asked, supporter_id, update_id, message_id)

    async def note_removed(self, supporter_id: int, message_ids: Collection[int]) -> None:
        """Note that the buttons of these messages are gone."""
        await self._database.transact(_note_removed, supporter_id, message_ids)


async def _note_asked(tx: Transaction, supporter_id: int, update_id: int, message_id: int) -> bool:
    draft = await _hold_draft(tx, supporter_id)
    buttons = QuestionButtons.from_mapping(draft)
    if buttons.asked_by != update_id:
        return not draft or message_id in buttons.asked_in
    await _store(tx, supporter_id, draft | replace(buttons, asked_in=(*buttons.asked_in, message_id)).to_mapping())
    return True


async def _note_removed(tx: Transaction, supporter_id: int, message_ids: Collection[int]) -> None:
    draft = await _hold_draft(tx, supporter_id)
    buttons = QuestionButtons.from_mapping(draft)
    left = tuple(each for each in buttons.outdated if each not in message_ids)
    if left != buttons.outdated:
        draft.pop(_OUTDATED)
        await _store(tx, supporter_id, draft | replace(buttons, outdated=left).to_mapping())


async def _hold_draft(tx: Transaction, supporter_id: int) -> dict[str, str | int | None]:
    """Return a draft that no other transaction changes before this one ends; an empty one for an unknown person."""
    row = await tx.one("UPDATE supporters SET draft = draft WHERE id = :id RETURNING draft", id=supporter_id)
    draft: dict[str, str | int | None] = orjson.loads(row["draft"]) if row else {}
    return draft


async def _store(tx: Transaction, supporter_id: int, draft: Mapping[str, str | int | None]) -> None:
    await tx.run(
        "UPDATE supporters SET draft = :draft WHERE id = :id", id=supporter_id, draft=orjson.dumps(draft).decode()
    )
