"""Hostile admins of linked channels and groups, and forged updates about such places."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import BotStatus, Heard, Person, PlaceMoved, PlaceRenamed, SharedChat
from chatbot.i18n import Translator
from chatbot.petition.broadcasts.place import Place
from chatbot.petition.model import Campaign
from chatbot.screens.screen import Press
from chatbot.storage import Database, Transaction
from chatbot.storage.organizer import jobs, team
from chatbot.storage.places import places, refusals
from chatbot.transport.incoming.updates import reduce_update
from tests.support.cast import HANA, MALLORY, NOW, SAM, YUNA
from tests.support.place_buttons import CHANNEL, PLACE_CASES, SHARED, find, link, prepare
from tests.support.team_chats import LINK, TeamChats

HOUR = timedelta(hours=1)
SENDER = {"id": MALLORY, "is_bot": False, "first_name": "Mallory"}
GROUP = {"id": -4_000_000_001, "type": "group", "title": "우리 동네"}


async def _remove(tx: Transaction, member_id: int) -> None:
    removing = {"before": "organizer", "after": None, "actor_id": YUNA, "configured_owners": {YUNA}, "now": NOW}
    assert await team.change_role(tx, member_id, **removing) == "done"  # type: ignore[arg-type]


async def _reset_place(tx: Transaction) -> None:
    await tx.run("UPDATE places SET paused_at = NULL, card_message_id = NULL")


async def link_channel(database: Database) -> Place:
    place = await database.transact(places.link, CHANNEL, "channel", "광장", "ko", YUNA, NOW)
    assert place is not None
    return place


async def list_notices(database: Database) -> list[str]:
    """List the notices to the team that are due within thirty days."""

    async def work(tx: Transaction) -> list[str]:
        due = await jobs.find_due(tx, NOW + timedelta(days=30), (refusals.JOB,), 1000)
        return [str(job.details["notice"]) for job in due]

    return await database.transact(work)


async def test_admin_who_changes_rights_endlessly_does_not_flood_the_team(database: Database) -> None:
    place = await link_channel(database)
    for second in range(0, 600, 2):
        now = NOW + timedelta(seconds=second)
        await database.transact(refusals.note_rights, CHANNEL, "rights", now)
        await database.transact(refusals.note_rights, CHANNEL, None, now + timedelta(seconds=1))
    await database.transact(refusals.note_rights, CHANNEL, "removed", NOW + timedelta(seconds=601))
    assert sorted(await list_notices(database)) == ["place_back", "place_back", "place_rights", "place_rights"]

    async def list_later(tx: Transaction) -> list[tuple[bool, bool]]:
        found = [job for job in await jobs.find_due(tx, NOW + HOUR, (), 1000) if job.kind == refusals.JOB]
        early = {job.id for job in await jobs.find_due(tx, NOW + HOUR / 2, (), 1000)}
        return [("changes" in job.details, job.id in early) for job in found]

    assert await database.transact(list_later) == [(True, False)], "one job tells all further changes after the hour"
    await database.transact(refusals.tell_after_changes, place.code, NOW + HOUR)
    assert (await list_notices(database)).count("place_removed") == 1, "the team learns the last change"
    await database.transact(refusals.note_rights, CHANNEL, None, NOW + 2 * HOUR)
    assert len(await list_notices(database)) == 6, "a change after the hour is told at once"


async def test_team_learns_the_last_change_after_the_hour(chats: TeamChats) -> None:
    yuna = await chats.open_owner()
    await link(chats, yuna)
    await chats.run_jobs()
    for _ in range(10):
        for trouble in ("rights", None):
            await chats.database.transact(refusals.note_rights, CHANNEL, trouble, chats.driver.now)
    assert len((await chats.run_jobs())[YUNA]) == refusals.AT_ONCE
    chats.driver.now += refusals.CALMS
    [told] = (await chats.run_jobs())[YUNA]
    assert "I may post in" in told


async def test_group_that_migrates_to_its_own_id_stays_linked(database: Database) -> None:
    place = await link_channel(database)
    assert not await database.transact(places.migrate_chat, CHANNEL, CHANNEL, NOW)
    found = await database.transact(places.find, place.code)
    assert found is not None
    assert found.is_linked


def read_share(request_id: object, chat_id: object, **more: object) -> object:
    """Return the event of an update in which Mallory shares a chat with the bot."""
    shared = {"request_id": request_id, "chat_id": chat_id, **more}
    chat = {"id": MALLORY, "type": "private"}
    message: dict[str, Any] = {"message_id": 1, "date": 1, "chat": chat, "from": SENDER, "chat_shared": shared}
    heard = reduce_update({"update_id": 1, "message": message}, "bot")
    return heard.event if heard else None


def test_share_of_a_private_chat_or_with_a_forged_id_is_ignored() -> None:
    assert read_share(1, -100_5, title="광장") == SharedChat("channel", -100_5, "광장")
    for forged in ((1, MALLORY), (3, -100_5), ("1", -100_5), (None, -100_5), (1, "-1005")):
        assert read_share(*forged) is None, forged


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("광" * 4_096, "광" * 128),
        ("\u202eelgnaS\u202c", "elgnaS"),
        ("a\n✅ Removed by the owner\r\n\tb", "a ✅ Removed by the owner b"),
        ("\u200b\u3164 \u2800", ""),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        (5, ""),
    ],
)
def test_title_becomes_one_visible_line(title: object, read: str) -> None:
    assert read_share(2, -5, title=title) == SharedChat("group", -5, read)
    post = {"message_id": 1, "date": 1, "chat": {**GROUP, "type": "channel"}, "new_chat_title": title}
    heard = reduce_update({"update_id": 1, "channel_post": post}, "bot")
    assert (heard.event if heard else None) == (PlaceRenamed(-4_000_000_001, read) if read else None)


async def test_changes_in_unlinked_chats_store_nothing(
    database: Database, campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    woken: list[int] = []
    dialog = Dialog(database, campaign, translators, LINK, lambda: NOW, on_team_turn=lambda: woken.append(1))
    mallory = Person(MALLORY, "Mallory", "en")
    for number in range(20):
        chat_id = -1 - number
        for event in (BotStatus(chat_id, "x", "rights"), PlaceRenamed(chat_id, "y"), PlaceMoved(chat_id, -5_000)):
            assert await dialog.hear(Heard(number, mallory, event)) is None

    async def count(tx: Transaction) -> int:
        return len(await tx.all("SELECT * FROM processed_updates"))

    assert (await database.transact(count), woken) == (0, [])
    await link_channel(database)
    await dialog.hear(Heard(99, mallory, BotStatus(CHANNEL, "x", "rights")))
    assert (await database.transact(count), woken) == (1, [1])


def test_migration_of_a_group_to_its_own_id_is_read() -> None:
    moved = {"message_id": 1, "date": 1, "chat": GROUP, "migrate_to_chat_id": GROUP["id"]}
    heard = reduce_update({"update_id": 1, "message": moved}, "bot")
    assert heard is not None
    assert heard.event == PlaceMoved(-4_000_000_001, -4_000_000_001)


async def test_screens_of_places_fit_with_any_title(chats: TeamChats) -> None:
    yuna = await chats.open_owner()
    for nth, title in enumerate(("👩‍❤️‍💋‍👩" * 16, "<i>&" * 32, "…"), 1):
        for number in range(places.MOST // 3):
            chat_id = -1_000 * nth - number
            await chats.database.transact(places.link, chat_id, "channel", title[:128], "ko", YUNA, NOW)
    await yuna.says("/channels")
    everything = [yuna.screen]
    for action in [each for each in yuna.actions if each.startswith("channels:show:")]:
        await yuna.presses(action)
        everything.append(yuna.screen)
    assert len(everything) == places.MOST + 1
    for screen in everything:
        assert len(screen.text.unescape().encode("utf-16-le")) / 2 <= 4_096
        buttons = [button for row in screen.rows for button in row]
        assert len(buttons) <= 100
        assert all(0 < len(button.action.encode()) <= 64 for button in buttons if isinstance(button, Press))


async def test_place_buttons_do_nothing_for_removed_organizers_and_strangers(chats: TeamChats) -> None:
    yuna = await chats.open_owner()
    place = await link(chats, yuna)
    hana = await chats.open_organizer()
    sam = chats.chat(SAM, "Sam")
    before = await find(chats)
    for case in PLACE_CASES.values():
        [action] = await prepare(case, chats, place.code, hana)
        stored = await find(chats)
        await chats.database.transact(_remove, HANA)
        for chat in (hana, sam):
            await chat.presses(action)
            assert await find(chats) == stored, case
        await chats.add_member(hana, "organizer")
        await chats.database.transact(_reset_place)
    await chats.database.transact(places.unlink, place.code, NOW)
    await sam.does(SHARED)
    assert await chats.database.transact(places.list_linked) == []
    assert before.is_linked
