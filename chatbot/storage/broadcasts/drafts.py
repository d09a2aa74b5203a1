"""Writing a broadcast, until it starts.

Every change is one statement with its condition in WHERE, and gives False where the broadcast can no longer be
changed: started, or gone. So of two organizers who act at once, one is told so.
"""

from datetime import datetime
from typing import Final

from chatbot.petition.broadcasts.broadcast import Audience, Broadcast, BroadcastKind, Reach
from chatbot.petition.broadcasts.post import Post
from chatbot.petition.model import Language
from chatbot.storage.broadcasts import broadcasts
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Transaction
from chatbot.storage.people import counters

_COUNTER: Final = "broadcasts"


async def create(
    tx: Transaction,
    organizer_id: int,
    now: datetime,
    *,
    kind: BroadcastKind = "update",
    of: Broadcast | None = None,
    renews: str | None = None,
) -> Broadcast:
    """Begin a draft. A correction or recall is `of` a broadcast, whose words and readers it takes over.

    One that `renews` a wording of the appeal goes to those who signed another one.
    """
    new_id = await counters.increase(tx, _COUNTER)
    await tx.run(
        "INSERT INTO broadcasts (id, kind, of_id, organizer_id, created_at, audience_language, audience_countries, "
        "reach, renews) VALUES (:id, :kind, :of_id, :organizer_id, :now, :language, :countries, :reach, :renews)",
        id=new_id,
        kind=kind,
        of_id=of.id if of else None,
        organizer_id=organizer_id,
        now=timestamps.to_text(now),
        language=of.audience.language if of else None,
        countries=",".join(of.audience.countries) if of else "",
        reach=of.reach if of else "everyone" if renews else "readers",
        renews=of.renews if of else renews,
    )
    for language, post in (of.posts if of else {}).items():
        await broadcasts.save_post(tx, new_id, language, post)
    return await broadcasts.get(tx, new_id)


async def write_post(tx: Transaction, broadcast_id: int, language: Language, post: Post) -> bool:
    """Put what the broadcast says in `language`."""
    if not await _revise(tx, broadcast_id):
        return False
    await broadcasts.save_post(tx, broadcast_id, language, post)
    return True


async def remove_post(tx: Transaction, broadcast_id: int, language: Language) -> bool:
    """Say nothing in `language`."""
    if not await _revise(tx, broadcast_id):
        return False
    await tx.run(
        "DELETE FROM posts WHERE broadcast_id = :id AND language = :language", id=broadcast_id, language=language
    )
    return True


async def set_audience(tx: Transaction, broadcast_id: int, audience: Audience) -> bool:
    """Choose who gets it."""
    if not await _revise(tx, broadcast_id):
        return False
    await tx.run(
        "UPDATE broadcasts SET audience_language = :language, audience_countries = :countries WHERE id = :id",
        id=broadcast_id,
        language=audience.language,
        countries=",".join(audience.countries),
    )
    return True


async def set_reach(tx: Transaction, broadcast_id: int, reach: Reach) -> bool:
    """Choose whether an update in one language goes to the readers of the other as well."""
    if not await _revise(tx, broadcast_id):
        return False
    await tx.run("UPDATE broadcasts SET reach = :reach WHERE id = :id", id=broadcast_id, reach=reach)
    return True


async def set_silent(tx: Transaction, broadcast_id: int, *, silent: bool) -> bool:
    """Choose whether phones make a sound."""
    if not await _revise(tx, broadcast_id):
        return False
    sound = "silent" if silent else "on"
    await tx.run("UPDATE broadcasts SET sound = :sound WHERE id = :id", id=broadcast_id, sound=sound)
    return True


async def _revise(tx: Transaction, broadcast_id: int) -> bool:
    """Make every button shown before stand for an older text; False where it is too late to change anything."""
    changed = await tx.run(
        "UPDATE broadcasts SET revision = revision + 1 WHERE id = :id AND started_at IS NULL AND ended_at IS NULL",
        id=broadcast_id,
    )
    return changed == 1


async def discard(tx: Transaction, broadcast_id: int) -> bool:
    """Throw a draft or a scheduled broadcast away."""
    gone = await tx.run(
        "DELETE FROM broadcasts WHERE id = :id AND started_at IS NULL AND ended_at IS NULL", id=broadcast_id
    )
    return gone == 1


async def schedule(
    tx: Transaction, broadcast_id: int, revision: int, at: datetime, organizer_id: int | None = None
) -> bool:
    """Let it start by itself at the moment `at`; False when it was changed or scheduled since `revision`, too.

    It is `organizer_id` who sends it then.
    """
    changed = await tx.run(
        "UPDATE broadcasts SET scheduled_for = :at, late_at = NULL, reported_at = NULL, revision = revision + 1, "
        "organizer_id = coalesce(:organizer_id, organizer_id) "
        "WHERE id = :id AND revision = :revision AND started_at IS NULL AND ended_at IS NULL",
        id=broadcast_id,
        revision=revision,
        organizer_id=organizer_id,
        at=timestamps.to_text(at),
    )
    return changed == 1


async def unschedule(tx: Transaction, broadcast_id: int, organizer_id: int) -> bool:
    """Make it a draft again, of the organizer who wants to change it."""
    changed = await tx.run(
        "UPDATE broadcasts SET scheduled_for = NULL, late_at = NULL, revision = revision + 1, "
        "organizer_id = :organizer_id "
        "WHERE id = :id AND scheduled_for IS NOT NULL AND started_at IS NULL AND ended_at IS NULL",
        id=broadcast_id,
        organizer_id=organizer_id,
    )
    return changed == 1
