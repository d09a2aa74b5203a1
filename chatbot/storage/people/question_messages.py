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
"""Messages whose buttons are to go, at most: more than one is noted only after a crash."""


@dataclass(frozen=True, slots=True)
class QuestionButtons:
    """Where the buttons of questions are in a chat."""

    asked_in: int | None = None
    """The message of the last question; None while it is unknown, and once its buttons are gone."""
    asked_by: int | None = None
    """The update that this question answered."""
    outdated: tuple[int, ...] = ()
    """Messages whose question was answered: their buttons are to go."""

    @classmethod
    def from_mapping(cls, kept: Mapping[str, object]) -> Self:
        """Read what `to_mapping` returned; a value of another type counts as none."""
        asked_in, asked_by, outdated = (kept.get(key) for key in (_ASKED_IN, _ASKED_BY, _OUTDATED))
        return cls(
            asked_in if isinstance(asked_in, int) else None,
            asked_by if isinstance(asked_by, int) else None,
            tuple(int(each) for each in outdated.split() if each.isdecimal()) if isinstance(outdated, str) else (),
        )

    def to_mapping(self) -> dict[str, str | int]:
        """Return this for storage, without what is empty."""
        outdated = " ".join(str(each) for each in self.outdated[-_KEPT:])
        kept = {_ASKED_IN: self.asked_in, _ASKED_BY: self.asked_by, _OUTDATED: outdated}
        return {key: value for key, value in kept.items() if value}

    def move_on(self, update_id: int, *, replaced: int | None, asks: bool, leaves: bool) -> "QuestionButtons":
        """Return where the buttons are once an answer was shown in place of the message `replaced`, or as a new one.

        It `asks` a question, or `leaves` the one that was open.
        """
        is_replaced = replaced is not None and self.asked_in == replaced
        outdated = tuple(each for each in self.outdated if each != replaced)
        if self.asked_in is not None and (asks or leaves) and not is_replaced:
            outdated += (self.asked_in,)
        if asks:
            return QuestionButtons(replaced, update_id, outdated)
        if leaves or is_replaced:
            return QuestionButtons(outdated=outdated)
        return replace(self, outdated=outdated)


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
        return not draft or buttons.asked_in == message_id
    await _store(tx, supporter_id, draft | replace(buttons, asked_in=message_id).to_mapping())
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
