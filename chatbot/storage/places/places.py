"""Stores the channels and groups that organizers linked: linking, pausing, unlinking, and what changes about them.

`find` and `list_linked` return them; what was unlinked is found by its code only. What Telegram refuses there is noted
in `refusals`.
"""

import secrets
from datetime import datetime
from typing import Final

from chatbot.petition.broadcasts.place import CARD_ASKED, Place, PlaceKind, PlaceTrouble
from chatbot.petition.languages import Language
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Row, StoredTable, Transaction

TABLE: Final = StoredTable(name="places", key=("code",), member=("linked_by",))
MOST: Final = 30
"""Linked places at most: all of them are listed and posted to."""
_PREFIX: Final = "c-"
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters that look alike."""
_LENGTH: Final = 8
_TITLE: Final = 128
"""Characters of a title in Telegram."""


async def link(
    tx: Transaction, chat_id: int, kind: PlaceKind, title: str, language: Language, member_id: int, now: datetime
) -> Place | None:
    """Link a place. None if it is linked already, or `MOST` are; one that was unlinked keeps its code."""
    if len(await list_linked(tx)) >= MOST:
        return None
    row = await tx.one(
        "INSERT INTO places (code, chat, kind, title, language, linked_by, linked_at) "
        "VALUES (:code, :chat_id, :kind, :title, :language, :member_id, :now) "
        "ON CONFLICT (chat) DO UPDATE SET title = excluded.title, language = excluded.language, "
        "linked_by = excluded.linked_by, linked_at = excluded.linked_at, paused_at = NULL, unlinked_at = NULL, "
        "trouble = NULL, trouble_at = NULL, card_message_id = NULL WHERE places.unlinked_at IS NOT NULL RETURNING *",
        code=_PREFIX + "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)),
        chat_id=chat_id,
        kind=kind,
        title=title[:_TITLE],
        language=language,
        member_id=member_id,
        now=timestamps.to_text(now),
    )
    return _read(row) if row else None


async def list_linked(tx: Transaction) -> list[Place]:
    """List the linked places, the oldest link first."""
    rows = await tx.all("SELECT * FROM places WHERE unlinked_at IS NULL ORDER BY linked_at, code")
    return [_read(row) for row in rows]


async def list_titles(tx: Transaction) -> dict[str, str]:
    """Return the titles of all places by their codes, also of those that were unlinked: the codes are sources."""
    return {row["code"]: row["title"] for row in await tx.all("SELECT code, title FROM places")}


async def find(tx: Transaction, code: str) -> Place | None:
    """Return the place with this code, linked or not."""
    row = await tx.one("SELECT * FROM places WHERE code = :code", code=code)
    return _read(row) if row else None


async def find_by_chat(tx: Transaction, chat_id: int) -> Place | None:
    """Return the linked place with this chat id."""
    row = await tx.one("SELECT * FROM places WHERE chat = :chat_id AND unlinked_at IS NULL", chat_id=chat_id)
    return _read(row) if row else None


async def is_known(tx: Transaction, chat_id: int) -> bool:
    """Whether this chat is linked, or was once."""
    return await tx.one("SELECT 1 AS one FROM places WHERE chat = :chat_id", chat_id=chat_id) is not None


async def pause(tx: Transaction, code: str, now: datetime) -> bool:
    """Post nothing there from now on. False if it is paused or unlinked already."""
    return await _change(
        tx, code, "paused_at = :now WHERE paused_at IS NULL AND unlinked_at IS NULL", now=timestamps.to_text(now)
    )


async def resume(tx: Transaction, code: str) -> bool:
    """Post there again. False if it is not paused, or unlinked."""
    return await _change(tx, code, "paused_at = NULL WHERE paused_at IS NOT NULL AND unlinked_at IS NULL")


async def unlink(tx: Transaction, code: str, now: datetime) -> bool:
    """Unlink it. False if it is unlinked already. Posts that are there stay."""
    return await _change(
        tx, code, "unlinked_at = :now, card_message_id = NULL WHERE unlinked_at IS NULL", now=timestamps.to_text(now)
    )


async def choose_language(tx: Transaction, code: str, language: Language) -> bool:
    """Set the language of posts there. False if it is that already, or the place is unlinked."""
    return await _change(
        tx, code, "language = :language WHERE language <> :language AND unlinked_at IS NULL", language=language
    )


async def rename(tx: Transaction, chat_id: int, title: str) -> None:
    """Store the new title of a linked place."""
    await tx.run(
        "UPDATE places SET title = :title WHERE chat = :chat_id AND title <> :title AND unlinked_at IS NULL",
        chat_id=chat_id,
        title=title[:_TITLE],
    )


async def migrate_chat(tx: Transaction, chat_id: int, new_chat_id: int, now: datetime) -> bool:
    """Replace the id of a group that became a supergroup. False if it was replaced before, or is not known.

    Both chats tell of it, and a refused call as well.
    """
    if chat_id == new_chat_id:
        return False
    if await tx.one("SELECT code FROM places WHERE chat = :chat_id", chat_id=new_chat_id):
        # Somebody linked the supergroup before the bot heard of its origin.
        place = await find_by_chat(tx, chat_id)
        return place is not None and await unlink(tx, place.code, now)
    return bool(
        await tx.run(
            # The messages of a basic group are not the supergroup's; a card that is on its way comes there.
            "UPDATE places SET chat = :new, "
            "card_message_id = CASE WHEN card_message_id = :asked THEN card_message_id END WHERE chat = :chat_id",
            asked=CARD_ASKED,
            chat_id=chat_id,
            new=new_chat_id,
        )
    )


async def set_trouble(tx: Transaction, code: str, trouble: PlaceTrouble | None, now: datetime) -> bool:
    """Note what keeps posts away, or that nothing does. False if that is noted already, or the place is unlinked."""
    return await _change(
        tx,
        code,
        "trouble = :trouble, trouble_at = :now WHERE coalesce(trouble, '') <> coalesce(:trouble, '') "
        "AND unlinked_at IS NULL",
        trouble=trouble,
        now=timestamps.to_text(now) if trouble else None,
    )


async def _change(tx: Transaction, code: str, change: str, **values: str | int | None) -> bool:
    return bool(await tx.run(f"UPDATE places SET {change} AND code = :code", code=code, **values))  # noqa: S608 - our own


def _read(row: Row) -> Place:
    return Place(
        code=row["code"],
        chat_id=row["chat"],
        kind=row["kind"],
        title=row["title"],
        language=row["language"],
        linked_at=timestamps.from_text(row["linked_at"]),
        is_paused=row["paused_at"] is not None,
        is_linked=row["unlinked_at"] is None,
        trouble=row["trouble"],
        trouble_at=timestamps.from_text(row["trouble_at"]) if row["trouble_at"] else None,
        card_message_id=row["card_message_id"],
    )
