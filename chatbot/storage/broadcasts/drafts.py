"""Drafts: broadcasts before their start.

Every change is one statement with its condition in WHERE, and returns False if the broadcast was started or deleted.
So if two organizers act at once, the second is told.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from chatbot.petition.broadcasts.broadcast import Audience, Broadcast, BroadcastKind, Reach
from chatbot.petition.broadcasts.post import Post, ReadyButton
from chatbot.petition.languages import Language
from chatbot.storage.broadcasts import broadcasts
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Transaction
from chatbot.storage.people import counters

_COUNTER: Final = "broadcasts"
TEST_EVERY: Final = timedelta(minutes=1)
"""An organizer sends one test to the team in this time."""
TEST: Final = "test"
"""Kind of the job that sends a broadcast to one member as a test."""


async def create(
    tx: Transaction,
    organizer_id: int,
    now: datetime,
    *,
    kind: BroadcastKind = "update",
    of: Broadcast | None = None,
    renews: str | None = None,
) -> Broadcast:
    """Create a draft. A correction or recall is `of` a broadcast, whose posts and audience it copies.

    A notice that `renews` a version of the appeal goes to signers of other versions. See also `create_addition`.
    """
    new_id = await counters.increase(tx, _COUNTER)
    await tx.run(
        "INSERT INTO broadcasts (id, kind, of_id, organizer_id, created_at, audience_language, audience_countries, "
        "reach, renews, ready_buttons, places) VALUES (:id, :kind, :of_id, :organizer_id, :now, :language, "
        ":countries, :reach, :renews, :buttons, :places)",
        id=new_id,
        kind=kind,
        of_id=of.id if of else None,
        organizer_id=organizer_id,
        now=timestamps.to_text(now),
        language=of.audience.language if of else None,
        countries=",".join(of.audience.countries) if of else "",
        reach=of.reach if of else "everyone" if renews else "readers",
        renews=of.renews if of else renews,
        buttons=",".join(of.ready_buttons) if of else "",
        places=",".join(of.place_codes) if of else "",
    )
    for language, post in (of.posts if of else {}).items():
        await broadcasts.save_post(tx, new_id, language, post)
    return await broadcasts.get(tx, new_id)


async def create_addition(
    tx: Transaction, organizer_id: int, now: datetime, of: Broadcast, language: Language
) -> Broadcast:
    """Create the draft of a post in `language` for a broadcast that was sent without one."""
    new_id = await counters.increase(tx, _COUNTER)
    await tx.run(
        "INSERT INTO broadcasts (id, kind, of_id, organizer_id, created_at, audience_language, audience_countries, "
        "sound, ready_buttons) "
        "VALUES (:id, 'update', :of_id, :organizer_id, :now, :language, :countries, :sound, :buttons)",
        id=new_id,
        of_id=of.id,
        organizer_id=organizer_id,
        now=timestamps.to_text(now),
        language=language,
        countries=",".join(of.audience.countries),
        sound="silent" if of.silent else "on",
        buttons=",".join(of.ready_buttons),
    )
    return await broadcasts.get(tx, new_id)


async def lock(tx: Transaction, broadcast: Broadcast) -> Broadcast | None:
    """Return a broadcast as it is now, and as it stays until the commit; None for a draft that was discarded.

    What it is about is locked first, as by a start or a recall, or they would wait for each other.
    """
    for each in (broadcast.of_id, broadcast.id):
        if each is not None:
            await tx.run("UPDATE broadcasts SET again = again WHERE id = :id", id=each)
    return await broadcasts.find(tx, broadcast.id)


async def write_post(tx: Transaction, broadcast_id: int, language: Language, post: Post) -> bool:
    """Set the post in `language`."""
    if not await _revise(tx, broadcast_id):
        return False
    await broadcasts.save_post(tx, broadcast_id, language, post)
    return True


async def remove_post(tx: Transaction, broadcast_id: int, language: Language) -> bool:
    """Remove the post in `language`."""
    if not await _revise(tx, broadcast_id):
        return False
    await tx.run(
        "DELETE FROM posts WHERE broadcast_id = :id AND language = :language", id=broadcast_id, language=language
    )
    return True


async def set_audience(tx: Transaction, broadcast_id: int, audience: Audience) -> bool:
    """Set who receives the broadcast. False if it is no draft any more."""
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
    """Set whether a broadcast in one language goes to readers of other languages as well."""
    if not await _revise(tx, broadcast_id):
        return False
    await tx.run("UPDATE broadcasts SET reach = :reach WHERE id = :id", id=broadcast_id, reach=reach)
    return True


async def set_silent(tx: Transaction, broadcast_id: int, *, silent: bool) -> bool:
    """Set whether phones make a sound."""
    if not await _revise(tx, broadcast_id):
        return False
    sound = "silent" if silent else "on"
    await tx.run("UPDATE broadcasts SET sound = :sound WHERE id = :id", id=broadcast_id, sound=sound)
    return True


async def set_ready_buttons(tx: Transaction, broadcast_id: int, buttons: Sequence[ReadyButton]) -> bool:
    """Set the ready-made buttons."""
    if not await _revise(tx, broadcast_id):
        return False
    await tx.run(
        "UPDATE broadcasts SET ready_buttons = :buttons WHERE id = :id", id=broadcast_id, buttons=",".join(buttons)
    )
    return True


async def choose_place(tx: Transaction, broadcast_id: int, code: str, *, chosen: bool) -> bool:
    """Choose a place for it, or choose it no longer."""
    row = await tx.one("SELECT places FROM broadcasts WHERE id = :id", id=broadcast_id)
    others = [each for each in row["places"].split(",") if each not in ("", code)] if row else []
    if not await _revise(tx, broadcast_id):
        return False
    places = ",".join((*others, code) if chosen else others)
    await tx.run("UPDATE broadcasts SET places = :places WHERE id = :id", id=broadcast_id, places=places)
    return True


async def leave_picture_alone(tx: Transaction, broadcast_id: int) -> bool:
    """Note that a picture stays in one language only."""
    changed = await tx.run(
        "UPDATE broadcasts SET picture_alone = 1 WHERE id = :id AND started_at IS NULL AND ended_at IS NULL",
        id=broadcast_id,
    )
    return changed == 1


async def note_test(tx: Transaction, broadcast_id: int, organizer_id: int, now: datetime) -> bool:
    """Note that it is sent to the team as a test; False if this organizer sent one less than `TEST_EVERY` ago."""
    noted = await tx.run(
        "UPDATE broadcasts SET tested_at = :now WHERE id = :id AND started_at IS NULL AND ended_at IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM broadcasts AS other WHERE other.organizer_id = :organizer_id "
        "AND other.tested_at > :since AND other.tested_at <= :now)",
        id=broadcast_id,
        organizer_id=organizer_id,
        now=timestamps.to_text(now),
        since=timestamps.to_text(now - TEST_EVERY),
    )
    return noted == 1


async def declare_urgent(tx: Transaction, broadcast_id: int, revision: int, now: datetime) -> int | None:
    """Send it without waiting for the readers' morning until its next change. Return the revision, None if too late."""
    row = await tx.one(
        "UPDATE broadcasts SET urgent_at = :now, revision = revision + 1 WHERE id = :id AND revision = :revision "
        "AND started_at IS NULL AND ended_at IS NULL RETURNING revision",
        id=broadcast_id,
        revision=revision,
        now=timestamps.to_text(now),
    )
    return row["revision"] if row else None


async def _revise(tx: Transaction, broadcast_id: int) -> bool:
    """Increment the revision, which invalidates earlier buttons; False if it is too late for a change."""
    changed = await tx.run(
        "UPDATE broadcasts SET revision = revision + 1, urgent_at = NULL "
        "WHERE id = :id AND started_at IS NULL AND ended_at IS NULL",
        id=broadcast_id,
    )
    return changed == 1


async def discard(tx: Transaction, broadcast_id: int) -> bool:
    """Delete a draft or scheduled broadcast."""
    gone = await tx.run(
        "DELETE FROM broadcasts WHERE id = :id AND started_at IS NULL AND ended_at IS NULL", id=broadcast_id
    )
    return gone == 1


async def list_about(tx: Transaction, of_id: int) -> list[Broadcast]:
    """List the corrections of a broadcast, and the additions to it, that were not started."""
    rows = await tx.all(
        "SELECT id FROM broadcasts WHERE of_id = :id AND kind <> 'recall' AND started_at IS NULL AND ended_at IS NULL "
        "ORDER BY id",
        id=of_id,
    )
    return await broadcasts.find_all(tx, rows)


async def schedule(
    tx: Transaction, broadcast_id: int, revision: int, at: datetime, organizer_id: int | None = None
) -> bool:
    """Schedule its start for the moment `at`; False also if it was changed since `revision`, or has no post.

    Its sender is then `organizer_id`.
    """
    changed = await tx.run(
        "UPDATE broadcasts SET scheduled_for = :at, last_hour = NULL, late_at = NULL, reported_at = NULL, "
        "urgent_at = NULL, "
        "revision = revision + 1, organizer_id = coalesce(:organizer_id, organizer_id) "
        "WHERE id = :id AND revision = :revision AND started_at IS NULL AND ended_at IS NULL "
        "AND (kind = 'recall' OR EXISTS (SELECT 1 FROM posts WHERE posts.broadcast_id = broadcasts.id))",
        id=broadcast_id,
        revision=revision,
        organizer_id=organizer_id,
        at=timestamps.to_text(at),
    )
    return changed == 1


async def unschedule(tx: Transaction, broadcast_id: int, organizer_id: int) -> bool:
    """Make it a draft of this organizer again."""
    changed = await tx.run(
        "UPDATE broadcasts SET last_hour = scheduled_for, scheduled_for = NULL, late_at = NULL, "
        "revision = revision + 1, organizer_id = :organizer_id "
        "WHERE id = :id AND scheduled_for IS NOT NULL AND started_at IS NULL AND ended_at IS NULL",
        id=broadcast_id,
        organizer_id=organizer_id,
    )
    return changed == 1


async def take_over(tx: Transaction, broadcast_id: int, revision: int, former_id: int, organizer_id: int) -> bool:
    """Give a draft to another organizer; False if it was changed since `revision`, or has another writer by now."""
    changed = await tx.run(
        "UPDATE broadcasts SET organizer_id = :organizer_id, revision = revision + 1 "
        "WHERE id = :id AND revision = :revision AND organizer_id = :former_id AND scheduled_for IS NULL "
        "AND started_at IS NULL AND ended_at IS NULL",
        id=broadcast_id,
        revision=revision,
        former_id=former_id,
        organizer_id=organizer_id,
    )
    return changed == 1


async def note_copy(tx: Transaction, broadcast_id: int, of: Broadcast, had_already: int, keepers: int = 0) -> None:
    """Note that a draft is the copy of a broadcast that this many people have, or keep although it was deleted."""
    await tx.run(
        "UPDATE broadcasts SET copied_from = :first, had_already = :had_already, keepers = :keepers WHERE id = :id",
        id=broadcast_id,
        first=of.copied_from or of.id,
        had_already=had_already or None,
        keepers=keepers or None,
    )
