"""What Telegram says about linked places: rights taken and given back, the bot removed, a new id, calls refused.

The team is told once of each trouble. A refused call says little: Telegram may refuse everything for some hours. So the
team is told only if the refusal lasts, once if it is everywhere, and it takes a second one on another day to unlink a
place.
"""

import secrets
from datetime import datetime, timedelta
from typing import Final

from chatbot.petition.broadcasts.place import Place, PlaceTrouble
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Transaction
from chatbot.storage.organizer import app_state, jobs
from chatbot.storage.places import places

JOB: Final = "place_trouble"
"""The kind of job that tells of a refusal, if it lasts, or with `changes`, of the rights. Its detail is the `code`."""
LASTS: Final = timedelta(minutes=10)
"""After this the team is told of a refusal."""
AT_ONCE: Final = 4
"""Changes of the rights in a place that the team is told of at once: an admin there may change them without end."""
CALMS: Final = timedelta(hours=1)
_ANOTHER_DAY: Final = timedelta(hours=12)
"""Least time between refusals on two days: two around midnight do not count as two."""
_EVERYWHERE: Final = "places_refused"
"""The notice that Telegram refuses every place."""


async def note_rights(tx: Transaction, chat_id: int, trouble: PlaceTrouble | None, now: datetime) -> None:
    """Note what Telegram says of the bot's rights in a chat, and tell the team of a change. Other chats are ignored."""
    place = await places.find_by_chat(tx, chat_id)
    if place is None or not await places.set_trouble(tx, place.code, trouble, now):
        return
    if (trouble is not None or place.trouble in ("rights", "removed")) and await _is_told(tx, place.code, now):
        await _tell_rights(tx, place, trouble, now)


async def tell_after_changes(tx: Transaction, code: str, now: datetime) -> None:
    """Tell the team of the bot's rights as they are now, after changes that it was not told of."""
    place = await places.find(tx, code)
    if place is not None and place.is_linked and place.trouble != "refused":
        await _tell_rights(tx, place, place.trouble, now)


async def _tell_rights(tx: Transaction, place: Place, trouble: PlaceTrouble | None, now: datetime) -> None:
    await jobs.tell(tx, f"place_{trouble or 'back'}", {"title": place.title, "kind": place.kind}, now)


async def _is_told(tx: Transaction, code: str, now: datetime) -> bool:
    """Whether the team is told of one more change now. After `AT_ONCE` it is told once more when `CALMS` is over."""
    key = f"place_changes:{code}"
    first, _, counted = (await app_state.find(tx, key) or "").partition(" ")
    began = timestamps.from_text(first) if first else now
    is_new = not counted or not timedelta() <= now - began < CALMS
    began, count = (now, 1) if is_new else (began, int(counted) + 1)
    if count <= AT_ONCE + 1:
        await app_state.replace(tx, key, f"{timestamps.to_text(began)} {count}")
    if count == AT_ONCE + 1:
        await jobs.add(tx, JOB, {"code": code, "changes": 1}, now, chat_id=None, due_at=began + CALMS)
    return count <= AT_ONCE


async def note_new_chat(tx: Transaction, chat_id: int, new_chat_id: int, now: datetime) -> None:
    """Note that a group became a supergroup, and tell the team. Both chats tell of it, and it is noted once."""
    place = await places.find_by_chat(tx, chat_id)
    if await places.migrate_chat(tx, chat_id, new_chat_id, now) and place is not None:
        had_card = int(place.has_card)
        await jobs.tell(tx, "place_grown", {"title": place.title, "card": had_card}, now)


async def note_refusal(tx: Transaction, code: str, now: datetime) -> None:
    """Note that Telegram refused a post or an edit in a place. The second refusal, on another day, unlinks it."""
    place = await places.find(tx, code)
    if place is None or not place.is_linked or place.trouble in ("rights", "removed"):
        return
    if place.trouble is None:
        if await places.set_trouble(tx, code, "refused", now):
            await jobs.add(tx, JOB, {"code": code}, now, chat_id=None, due_at=now + LASTS)
        return
    since = place.trouble_at
    is_another_day = since is not None and now.date() > since.date() and now - since >= _ANOTHER_DAY
    if is_another_day and not await _is_refused_everywhere(tx) and await places.unlink(tx, code, now):
        await jobs.tell(tx, "place_unlinked", {"title": place.title, "kind": place.kind}, now)


async def note_accepted(tx: Transaction, code: str, now: datetime) -> None:
    """Note that Telegram accepted a post or an edit in a place: earlier refusals no longer count."""
    place = await places.find(tx, code)
    if place is not None and place.trouble == "refused":
        await places.set_trouble(tx, code, None, now)


async def tell_if_it_lasts(tx: Transaction, code: str, now: datetime) -> None:
    """Tell the team of a refusal that has not ended; once in some hours, and only once if every place is refused."""
    place = await places.find(tx, code)
    if place is None or not place.is_linked or place.trouble != "refused":
        return
    if await _is_refused_everywhere(tx):
        if await _is_news(tx, f"{_EVERYWHERE}_at", now):
            await jobs.tell(tx, _EVERYWHERE, {}, now)
    elif await _is_news(tx, f"place_refused_at:{code}", now):
        await jobs.tell(tx, "place_refused", {"title": place.title, "kind": place.kind}, now)


async def _is_news(tx: Transaction, key: str, now: datetime) -> bool:
    """Whether the team was not told of this within some hours. What is refused and accepted by turns is one trouble.

    Of several who ask at once, one is told so.
    """
    mine = f"{timestamps.to_text(now)} {secrets.token_hex(8)}"
    found = await app_state.store_once(tx, key, mine)
    if found == mine:
        return True
    told_at = timestamps.from_text(found.rpartition(" ")[0])
    is_old = not timedelta() <= now - told_at < _ANOTHER_DAY
    return is_old and await app_state.compare_and_set(tx, key, found, mine)


async def _is_refused_everywhere(tx: Transaction) -> bool:
    """Whether there are several places, and Telegram refuses each of them."""
    tried = [place for place in await places.list_linked(tx) if place.takes_posts]
    return len(tried) > 1 and all(place.trouble == "refused" for place in tried)
