"""`seal` and `restore` in a petition with linked places: what changes, and that no post is sent twice."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot.__main__ import main
from chatbot.petition.broadcasts.outcome import Sent
from chatbot.petition.sealing.envelope import is_sealed
from chatbot.petition.sealing.keys import make_pair
from chatbot.storage import Database, Transaction, open_database
from chatbot.storage.admin import backup
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.broadcasts import lifecycle
from chatbot.storage.places import cards, places
from tests.app.backups.restoring import carry_out
from tests.storage.conftest import POSTGRES_SLOWLY
from tests.support import linked_places
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import SAM
from tests.support.filled_places import CHATS, SEAL, fill
from tests.support.signers import add_signer
from tests.support.stored_rows import read_rows

NAME, REASON = "유나 한라산", "순이를 돌려보내지 마십시오"


@pytest.fixture(params=POSTGRES_SLOWLY)
def url(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    server = request.getfixturevalue("server")
    monkeypatch.setenv("PATH", f"{server.binaries}{os.pathsep}{os.environ['PATH']}")
    with server.fresh_database() as address:
        yield address


async def test_sealing_leaves_no_name_and_keeps_places_and_cards(
    url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    database = await open_database(url)
    driver = await fill(database)
    await database.transact(lambda tx: add_signer(tx, SAM, name=NAME, reason=REASON, source="s-hana"))
    before = await database.transact(read_rows)
    await database.close()
    for name, value in {"DATABASE_URL": url, "SEALING_KEY": make_pair()[0], "BACKUPS": str(tmp_path / "kept")}.items():
        monkeypatch.setenv(name, value)
    assert await asyncio.to_thread(main, ("seal",)) == 0
    driver.database = database = await open_database(url)
    after = await database.transact(read_rows)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"signatures", "app_state"}, "app_state notes that older backups hold names"
    assert not [cell for rows in after.values() for row in rows for cell in row if NAME in str(cell)]
    assert not [cell for rows in after.values() for row in rows for cell in row if REASON in str(cell)]
    signed = await database.transact(lambda tx: tx.all("SELECT name, reason, source FROM signatures"))
    assert all(is_sealed(row["name"]) for row in signed)
    assert "s-hana" in {row["source"] for row in signed}, "signatures still count for their link"
    opened = {SEAL.open(sealed) for sealed, _ in await database.transact(cards.list_newest, driver.now, 99)}
    assert opened == {f"card {nth}" for nth in range(9)}, "the bot still knows its cards"
    calls = await linked_places.post(driver)
    assert {each.broadcast.kind for each in calls} == {"correction"}, "a post that is in flight is not sent again"
    assert await find_problems(database) == []
    await database.close()


def test_restored_petition_keeps_places_and_cards_and_posts_nothing_twice(url: str, tmp_path: Path) -> None:
    copied = asyncio.run(_fill_and_read(url))
    backup.copy(url, tmp_path / "copy")
    asyncio.run(_go_on(url))
    assert carry_out(url, tmp_path / "copy", yes=True)[0]
    asyncio.run(_check_restored(url, copied))


async def _fill_and_read(url: str) -> dict[str, list[tuple[object, ...]]]:
    database = await open_database(url)
    await fill(database)
    rows = await database.transact(read_rows)
    await database.close()
    return rows


async def _go_on(url: str) -> None:
    """Link a place, add a card, and send the waiting posts, after the copy was made."""
    database = await open_database(url)
    driver = BroadcastDriver(database)
    new = await linked_places.link(driver, -104, "Later")
    await database.transact(cards.add, SEAL.close("later"), "en", driver.now)
    await linked_places.start(driver, [new], ko="나중 소식")
    assert await linked_places.post(driver, lambda claim: Sent(9))
    await database.close()


async def _check_restored(url: str, copied: dict[str, list[tuple[object, ...]]]) -> None:
    database = await open_database(url)
    driver = BroadcastDriver(database)
    restored = await database.transact(read_rows)
    for name in ("cards", "sources", "counters", "signatures", "supporters"):
        assert restored[name] == copied[name], name
    assert {each.chat_id for each in await database.transact(places.list_linked)} == set(CHATS)
    assert await find_problems(database) == []
    for paused in await _list_paused(database):
        assert await database.transact(lifecycle.resume, paused)
    calls = await linked_places.post(driver)
    assert [each for each in calls if each.broadcast.kind == "update"] == [], (
        "posts that may have been sent stay unknown"
    )
    assert {each.broadcast.kind for each in calls} == {"correction"}
    assert await linked_places.post(driver) == []
    await database.close()


async def _list_paused(database: Database) -> list[int]:
    async def work(tx: Transaction) -> list[int]:
        rows = await tx.all("SELECT id FROM broadcasts WHERE paused_at IS NOT NULL AND ended_at IS NULL")
        return [row["id"] for row in rows]

    return await database.transact(work)
