"""Broadcasts: content, state and lists. `deliveries` has what each recipient got.

`drafts` changes them before their start, `lifecycle` after it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from markupsafe import Markup

from chatbot.petition.broadcasts.broadcast import Audience, Broadcast, Steering
from chatbot.petition.broadcasts.place_delivery import PlaceDelivery
from chatbot.petition.broadcasts.post import READY_BUTTONS, Media, Post, PostButton
from chatbot.petition.languages import Language
from chatbot.storage.broadcasts import following
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Row, StoredTable, Transaction
from chatbot.storage.places import deliveries as place_deliveries

TABLE: Final = StoredTable(name="broadcasts", key=("id",), member=("organizer_id",))
_IS_ADDITION: Final = "(kind = 'update' AND of_id IS NOT NULL)"
"""An addition is stored like a new broadcast that is about another one."""
_IS_DRAFT: Final = "started_at IS NULL AND ended_at IS NULL AND scheduled_for IS NULL AND kind <> 'recall'"
_HAS_POSTS: Final = "EXISTS (SELECT 1 FROM posts WHERE posts.broadcast_id = broadcasts.id)"
_MOST_DRAFTS: Final = 40  # buttons that fit one message
POSTS: Final = StoredTable(
    name="posts", key=("broadcast_id", "language"), parents=("broadcasts",), member=("written_by",)
)


class NoSuchBroadcastError(LookupError):
    """There is no broadcast with this id: a draft may be discarded at any moment."""


async def get(tx: Transaction, broadcast_id: int) -> Broadcast:
    """Return the broadcast with this id; raises `NoSuchBroadcastError` if there is none."""
    found = await find(tx, broadcast_id)
    if found is None:
        raise NoSuchBroadcastError("no such broadcast")
    return found


async def find(tx: Transaction, broadcast_id: int) -> Broadcast | None:
    """Return the broadcast with this id; None if there is none (a draft may be discarded)."""
    if (row := await tx.one("SELECT * FROM broadcasts WHERE id = :id", id=broadcast_id)) is None:
        return None
    steered = await following.find_last_steering(tx, broadcast_id) if row["started_at"] else None
    places = await _read_places(tx, row) if row["places"] else ()
    return _read(row, await read_posts(tx, broadcast_id), places, steered)


async def find_all(tx: Transaction, rows: Iterable[Row]) -> list[Broadcast]:
    """Return the broadcasts of these rows without those that were discarded since the rows were read."""
    return [found for row in rows if (found := await find(tx, row["id"])) is not None]


async def _read_places(tx: Transaction, row: Row) -> tuple[PlaceDelivery, ...]:
    if row["places_gathered_at"] is not None:
        return await place_deliveries.read(tx, row["id"])
    if row["kind"] != "update":  # it goes where the message is
        holders = (each for each in await place_deliveries.read(tx, row["of_id"]) if each.message_id is not None)
        return tuple(replace(each, state="waiting", reason="") for each in holders)
    return await place_deliveries.foresee(tx, _list_place_codes(row))


async def find_draft(tx: Transaction, organizer_id: int, of_id: int | None = None) -> Broadcast | None:
    """Return the latest draft of this organizer, or the latest about the broadcast `of_id`."""
    row = await tx.one(
        f"SELECT id FROM broadcasts WHERE organizer_id = :organizer_id AND {_IS_DRAFT} "  # noqa: S608 - ours
        "AND (:any_kind = 1 OR of_id = :of_id) ORDER BY id DESC LIMIT 1",
        organizer_id=organizer_id,
        any_kind=1 if of_id is None else 0,
        of_id=of_id or 0,
    )
    return await find(tx, row["id"]) if row else None


async def find_empty_draft(tx: Transaction, organizer_id: int) -> Broadcast | None:
    """Return a draft of this organizer for a new broadcast that has no post yet."""
    row = await tx.one(
        f"SELECT id FROM broadcasts WHERE organizer_id = :organizer_id AND {_IS_DRAFT} AND kind = 'update' "  # noqa: S608
        f"AND of_id IS NULL AND renews IS NULL AND NOT {_HAS_POSTS} ORDER BY id DESC LIMIT 1",
        organizer_id=organizer_id,
    )
    return await find(tx, row["id"]) if row else None


async def is_progress_message(tx: Transaction, organizer_id: int, message_id: int) -> bool:
    """Whether this message in an organizer's chat shows the progress of a broadcast that has not ended."""
    row = await tx.one(
        "SELECT 1 AS found FROM broadcasts WHERE organizer_id = :organizer_id AND progress_message_id = :message_id "
        "AND started_at IS NOT NULL AND ended_at IS NULL LIMIT 1",
        organizer_id=organizer_id,
        message_id=message_id,
    )
    return row is not None


async def list_under_way(tx: Transaction, organizer_id: int) -> list[Broadcast]:
    """List what an organizer has on its way, scheduled or in a draft with a post, the oldest first."""
    rows = await tx.all(
        f"SELECT id FROM broadcasts WHERE organizer_id = :organizer_id AND ended_at IS NULL "  # noqa: S608 - ours
        f"AND (started_at IS NOT NULL OR {_HAS_POSTS}) ORDER BY id LIMIT :most",
        organizer_id=organizer_id,
        most=_MOST_DRAFTS,
    )
    return await find_all(tx, rows)


async def list_drafts(tx: Transaction, organizer_id: int) -> list[Broadcast]:
    """List the drafts of the team that have a post, and the additions of this organizer, the newest first."""
    rows = await tx.all(
        f"SELECT id FROM broadcasts WHERE {_IS_DRAFT} "  # noqa: S608 - ours
        f"AND ({_HAS_POSTS} OR (organizer_id = :organizer_id AND of_id IS NOT NULL)) ORDER BY id DESC LIMIT :most",
        organizer_id=organizer_id,
        most=_MOST_DRAFTS,
    )
    return await find_all(tx, rows)


async def list_scheduled(tx: Transaction) -> list[Broadcast]:
    """List scheduled and late broadcasts, the earliest first."""
    rows = await tx.all(
        "SELECT id FROM broadcasts WHERE scheduled_for IS NOT NULL AND started_at IS NULL AND ended_at IS NULL "
        "ORDER BY scheduled_for, id"
    )
    return await find_all(tx, rows)


async def list_started(tx: Transaction, skip: int, limit: int) -> list[Broadcast]:
    """List started broadcasts without their corrections and recalls, the newest first."""
    rows = await tx.all(
        "SELECT id FROM broadcasts WHERE started_at IS NOT NULL AND of_id IS NULL "
        "ORDER BY started_at DESC, id DESC LIMIT :limit OFFSET :skip",
        limit=limit,
        skip=skip,
    )
    return await find_all(tx, rows)


async def find_latest(tx: Transaction) -> Broadcast | None:
    """Return the broadcast that started last, be it a correction or a recall."""
    row = await tx.one(
        f"SELECT id FROM broadcasts WHERE started_at IS NOT NULL AND NOT {_IS_ADDITION} "  # noqa: S608 - ours
        "ORDER BY started_at DESC, id DESC LIMIT 1"
    )
    return await find(tx, row["id"]) if row else None


def _list_place_codes(row: Row) -> tuple[str, ...]:
    return tuple(filter(None, row["places"].split(",")))


async def list_going_to_places(tx: Transaction) -> list[Broadcast]:
    """List the running broadcasts that go to places: recalls and corrections first, then the one started first."""
    rows = await tx.all(
        "SELECT id FROM broadcasts WHERE started_at IS NOT NULL AND ended_at IS NULL AND paused_at IS NULL "
        "AND places <> '' ORDER BY CASE kind WHEN 'recall' THEN 0 WHEN 'correction' THEN 1 ELSE 2 END, started_at, id"
    )
    return await find_all(tx, rows)


async def count_started(tx: Transaction) -> int:
    """Count started broadcasts without their corrections and recalls."""
    row = await tx.one("SELECT count(*) AS started FROM broadcasts WHERE started_at IS NOT NULL AND of_id IS NULL")
    return row["started"] if row else 0


async def list_changes(tx: Transaction, of_id: int) -> list[Broadcast]:
    """List the started corrections and recalls of a broadcast, the oldest first."""
    rows = await tx.all(
        f"SELECT id FROM broadcasts WHERE of_id = :of_id AND NOT {_IS_ADDITION} AND started_at IS NOT NULL "  # noqa: S608
        "ORDER BY started_at, id",
        of_id=of_id,
    )
    return await find_all(tx, rows)


async def count_in_timeline(tx: Transaction) -> int:
    """Count the broadcasts in the timeline: those sent and not recalled."""
    row = await tx.one(
        "SELECT count(*) AS told FROM broadcasts "
        "WHERE kind = 'update' AND of_id IS NULL AND started_at IS NOT NULL AND recalled_at IS NULL AND renews IS NULL"
    )
    return row["told"] if row else 0


async def find_in_timeline(tx: Transaction, place: int) -> Broadcast | None:
    """Return the broadcast at `place` in the timeline; 0 is the newest."""
    row = await tx.one(
        "SELECT id FROM broadcasts WHERE kind = 'update' AND of_id IS NULL AND started_at IS NOT NULL "
        "AND recalled_at IS NULL AND renews IS NULL ORDER BY started_at DESC, id DESC LIMIT 1 OFFSET :place",
        place=place,
    )
    return await find(tx, row["id"]) if row else None


async def find_addition(tx: Transaction, broadcast_id: int) -> Broadcast | None:
    """Return the latest started addition to this broadcast."""
    row = await tx.one(
        f"SELECT id FROM broadcasts WHERE of_id = :id AND {_IS_ADDITION} AND started_at IS NOT NULL "  # noqa: S608 - ours
        "ORDER BY started_at DESC, id DESC LIMIT 1",
        id=broadcast_id,
    )
    return await find(tx, row["id"]) if row else None


async def list_twins(tx: Transaction, broadcast: Broadcast) -> list[Broadcast]:
    """List the drafts and sent broadcasts that it was copied from, that were copied from it, or that have its text.

    A correction changes the text of a copy, and a copy may be rewritten before it is sent.
    """
    rows = await tx.all(
        "SELECT id FROM broadcasts WHERE id = :first OR copied_from = :first",
        first=broadcast.copied_from or broadcast.id,
    )
    ids = {row["id"] for row in rows}
    for language, post in broadcast.posts.items():
        rows = await tx.all(
            "SELECT broadcasts.id FROM broadcasts JOIN posts ON posts.broadcast_id = broadcasts.id "
            "WHERE kind = 'update' AND of_id IS NULL AND language = :language AND text = :text",
            language=language,
            text=str(post.text),
        )
        ids.update(row["id"] for row in rows)
    return [await get(tx, each) for each in sorted(ids - {broadcast.id})]


async def save_post(tx: Transaction, broadcast_id: int, language: Language, post: Post) -> None:
    """Store the post of a broadcast in `language`. The caller checks that it may still be changed."""
    await tx.run(
        "INSERT INTO posts (broadcast_id, language, text, media_kind, file_id, button_label, button_url) "
        "VALUES (:id, :language, :text, :media_kind, :file_id, :label, :url) "
        "ON CONFLICT (broadcast_id, language) DO UPDATE SET text = excluded.text, media_kind = excluded.media_kind, "
        "file_id = excluded.file_id, button_label = excluded.button_label, button_url = excluded.button_url",
        id=broadcast_id,
        language=language,
        text=str(post.text),
        media_kind=post.media.kind if post.media else None,
        file_id=post.media.file_id if post.media else None,
        label=post.button.label if post.button else None,
        url=post.button.url if post.button else None,
    )


async def read_posts(tx: Transaction, broadcast_id: int) -> dict[Language, Post]:
    """Return the posts of a broadcast by language."""
    rows = await tx.all("SELECT * FROM posts WHERE broadcast_id = :id ORDER BY language", id=broadcast_id)
    return {row["language"]: _read_post(row) for row in rows}


def _read_post(row: Row) -> Post:
    media = Media(row["media_kind"], row["file_id"]) if row["media_kind"] else None
    button = PostButton(row["button_label"], row["button_url"]) if row["button_label"] else None
    return Post(Markup(row["text"]), media, button)  # noqa: S704 - made from Telegram's entities and escaped there


def _read(
    row: Row, posts: Mapping[Language, Post], places: tuple[PlaceDelivery, ...], steered: Steering | None
) -> Broadcast:
    def moment(column: str) -> datetime | None:
        return timestamps.from_text(row[column]) if row[column] is not None else None

    return Broadcast(
        id=row["id"],
        kind="addition" if row["kind"] == "update" and row["of_id"] is not None else row["kind"],
        of_id=row["of_id"],
        organizer_id=row["organizer_id"],
        audience=Audience(row["audience_language"], tuple(filter(None, row["audience_countries"].split(",")))),
        reach=row["reach"],
        silent=row["sound"] == "silent",
        revision=row["revision"],
        created_at=timestamps.from_text(row["created_at"]),
        scheduled_for=moment("scheduled_for"),
        last_hour=moment("last_hour"),
        had_already=row["had_already"] or 0,
        keepers=row["keepers"] or 0,
        copied_from=row["copied_from"],
        late_at=moment("late_at"),
        started_at=moment("started_at"),
        gathered_at=moment("gathered_at"),
        paused_at=moment("paused_at"),
        ended_at=moment("ended_at"),
        ending=row["ending"],
        refusal=row["refusal"],
        recalled_at=moment("recalled_at"),
        renews=row["renews"],
        urgent_at=moment("urgent_at"),
        ready_buttons=tuple(each for each in READY_BUTTONS if each in row["ready_buttons"].split(",")),
        picture_alone=bool(row["picture_alone"]),
        progress_message_id=row["progress_message_id"],
        reported_at=moment("reported_at"),
        steered=steered,
        posts=posts,
        places=places,
        place_codes=_list_place_codes(row),
        places_gathered_at=moment("places_gathered_at"),
    )
