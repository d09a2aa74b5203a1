"""A draft goes from one organizer to another, and both know who has it."""

from datetime import timedelta

import pytest

from chatbot.petition.broadcasts.broadcast import BroadcastState
from chatbot.petition.team import Role
from chatbot.storage import Transaction
from chatbot.storage.organizer import team
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import HANA, SAM, YUNA
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats
from tests.support.written_broadcasts import ENGLISH, KOREAN, write_both


@pytest.fixture
async def yuna(chats: TeamChats) -> Chat:
    return await chats.open_owner(readers=[1])


@pytest.fixture
async def hana(chats: TeamChats) -> Chat:
    return await chats.open_organizer()


# Taking over


async def test_draft_of_a_colleague_is_shown_and_taken_over(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await write_both(yuna)
    send = yuna.actions[0]
    await hana.says("/broadcast")
    assert hana.labels == ["👤 유나 · 1 second ago · Our friend is free.", "➕ New update"]
    await hana.taps("유나")
    assert hana.first == [KOREAN, ENGLISH]
    draft = await driver.newest()
    for what in ("write:{}:en", "discard:{}", "ask:{}:3", "later:{}", "drop:{}"):
        await hana.presses(f"broadcast:{what.format(draft.id)}")
        assert "A draft of 유나" in hana.text
    await hana.taps("Take it over")
    assert hana.first == [KOREAN, ENGLISH]
    assert (await driver.newest()).organizer_id == HANA
    [notice] = (await chats.run_jobs())[YUNA]
    assert "하나 has taken over your draft “Our friend is free.”" in notice
    await yuna.presses(send)
    assert "A draft of 하나" in yuna.text
    await yuna.says("Too late.")
    assert (await driver.newest()).posts["en"].text == ENGLISH


async def test_former_writer_takes_a_draft_back(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await write_both(yuna)
    draft = await driver.newest()
    await hana.presses(f"broadcast:takeover:{draft.id}:{draft.revision}")
    await hana.taps("✏️ English")
    await hana.says("Changed by her.")
    await chats.run_jobs()
    await yuna.presses(f"broadcast:giveback:{draft.id}:{draft.revision + 1}")
    assert yuna.first == [KOREAN, "Changed by her."]
    assert "Your colleague has changed it" in yuna.text
    assert (await driver.newest()).organizer_id == YUNA
    assert "유나 has taken “Changed by her.” back" in (await chats.run_jobs())[HANA][0]
    await hana.says("Lost?")
    assert (await driver.newest()).posts["en"].text == "Changed by her."
    await yuna.presses(f"broadcast:giveback:{draft.id}:{draft.revision + 1}")
    assert (await driver.newest()).organizer_id == YUNA
    assert await chats.run_jobs() == {}, "the same tap again tells nobody"


async def _schedule(yuna: Chat) -> None:
    await write_both(yuna)
    await yuna.taps("Later")
    await yuna.says("12/1 9:00")
    await yuna.taps("Yes, schedule it")


async def test_writer_puts_a_schedule_back_that_a_colleague_undid(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await _schedule(yuna)
    hour = (await driver.newest()).scheduled_for
    assert "유나</b> scheduled “Our friend is free.”" in (await chats.run_jobs())[HANA][0]
    draft = await driver.newest()
    await hana.presses(f"broadcast:edit:{draft.id}")
    assert (await driver.newest()).state is BroadcastState.DRAFT
    [notice] = (await chats.run_jobs())[YUNA]
    assert "하나 has taken “Our friend is free.” off the schedule" in notice
    assert "Dec 1 09:00" in notice
    await hana.taps("Later")
    assert hana.labels[0] == "Tue, Dec 1 09:00", "the old hour is offered first"
    await yuna.presses(f"broadcast:giveback:{draft.id}:{draft.revision + 1}")
    again = await driver.newest()
    assert (again.state, again.scheduled_for, again.organizer_id) == (BroadcastState.SCHEDULED, hour, YUNA)
    assert "Scheduled." in yuna.text
    assert "has taken “Our friend is free.” back" in (await chats.run_jobs())[HANA][0]


async def test_schedule_is_put_back_only_for_an_hour_to_come(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await _schedule(yuna)
    draft = await driver.newest()
    await hana.presses(f"broadcast:edit:{draft.id}")
    driver.now += timedelta(days=10)
    await yuna.presses(f"broadcast:giveback:{draft.id}:{draft.revision + 1}")
    taken = await driver.newest()
    assert (taken.state, taken.organizer_id) == (BroadcastState.DRAFT, YUNA)
    assert yuna.first == [KOREAN, ENGLISH]


async def test_nothing_is_taken_back_that_was_sent(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await _schedule(yuna)
    draft = await driver.newest()
    await hana.presses(f"broadcast:edit:{draft.id}")
    await hana.taps("📣 Send")
    await hana.taps("Yes, send it")
    await yuna.presses(f"broadcast:giveback:{draft.id}:{draft.revision + 1}")
    sent = await driver.newest()
    assert (sent.state, sent.organizer_id) == (BroadcastState.RUNNING, HANA)


async def test_two_who_take_over_at_once_do_not_both_have_it(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    sam = await chats.add_member(chats.chat(SAM, "Sam"), "organizer")
    await write_both(yuna)
    draft = await driver.newest()
    action = f"broadcast:takeover:{draft.id}:{draft.revision}"
    await hana.presses(action)
    await sam.presses(action)
    assert (await driver.newest()).organizer_id == HANA
    assert "A draft of 하나" in sam.text
    assert sam.notice == "It was changed meanwhile. This is how it is now."
    await hana.presses(action)
    assert hana.first == [KOREAN, ENGLISH], "the same tap again shows her draft"


# Notices


async def test_colleagues_are_told_without_a_sound(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    viewer = await chats.add_member(chats.chat(SAM, "Sam"), "viewer")
    await write_both(yuna)
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, send it")
    told = await chats.run_jobs()
    assert told == {HANA: ["👥 <b>유나</b> began sending “Our friend is free.” to 1 person"]}
    assert viewer.person.id not in told
    sent = await driver.newest()
    for what, line in (("pause", "paused"), ("resume", "resumed"), ("pause", "paused"), ("cancel", "cancelled")):
        await hana.presses(f"broadcast:{what}:{sent.id}")
        [notice] = (await chats.run_jobs())[YUNA]
        assert notice.startswith(f"👥 <b>하나</b> {line}")
    assert len(chats.jobs.chat_sender.silent) > 4
    assert all(chats.jobs.chat_sender.silent)


async def test_member_chooses_to_be_told_only_of_her_own(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await hana.says("/team")
    await hana.taps("Notices: all updates")
    assert "🔔 Notices: only my updates" in hana.labels
    await write_both(yuna)
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, send it")
    assert await chats.run_jobs() == {}
    await driver.deliver_all()
    await write_both(hana)
    await hana.taps("📣 Send")
    await hana.taps("Yes, send it")
    await chats.run_jobs()
    await yuna.presses(f"broadcast:pause:{(await driver.newest()).id}")
    assert HANA in await chats.run_jobs(), "it is hers"
    await hana.says("/team")
    await hana.taps("Notices: only my updates")
    members = await chats.database.transact(team.find_members, chats.configured_owners)
    assert {member.notices for member in members} == {"all"}


async def test_approver_does_not_get_a_notice_beside_the_request(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await driver.subscribe(range(2, 50))
    await chats.database.transact(team.set_threshold, 10, None)
    await _schedule(yuna)
    assert not any("scheduled" in text for text in (await chats.run_jobs())[HANA])


# The schedule of a colleague


async def test_schedule_of_a_colleague_names_her_before_it_is_changed_or_taken_away(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    await _schedule(yuna)
    waiting = await driver.newest()
    await yuna.says("/scheduled")
    assert yuna.labels == ["Dec 1 09:00 · Our friend is free."]
    await yuna.taps("Our friend")
    await yuna.taps("Change it")
    assert "scheduled it" not in yuna.text, "it is her own"
    await hana.says("/scheduled")
    assert hana.labels == ["Dec 1 09:00 · 👤 유나 · Our friend is free."]
    await hana.taps("유나")
    told = "👤 유나 scheduled it, and is told what you do with it."
    questions = (
        *("open:{}", "unschedule:{}", "discard:{}"),
        *("ask:{}:{revision}", "hour:{}:{revision}:{at}"),
    )
    at = int((driver.now + timedelta(days=1)).timestamp())
    for question in questions:
        await hana.presses(f"broadcast:{question.format(waiting.id, revision=waiting.revision, at=at)}")
        assert hana.text.endswith(told), question
        assert "Our friend is free." in hana.text


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("edit:{}", "하나 has taken “Our friend is free.” off the schedule"),
        ("drop:{}", "discarded “Our friend is free.”"),
        ("start:{}:{revision}", "began sending “Our friend is free.”"),
        ("schedule:{}:{revision}:{at}", "scheduled “Our friend is free.”"),
    ],
)
async def test_colleague_who_scheduled_it_is_told_what_became_of_it(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver, what: str, said: str
) -> None:
    await yuna.says("/team")
    await yuna.taps("Notices: all updates")
    await _schedule(yuna)
    await chats.run_jobs()
    waiting = await driver.newest()
    at = int((driver.now + timedelta(days=1)).timestamp())
    await hana.presses(f"broadcast:{what.format(waiting.id, revision=waiting.revision, at=at)}")
    [notice] = (await chats.run_jobs())[YUNA]
    assert said in notice


async def test_former_colleague_is_named_and_not_said_to_be_told(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver
) -> None:
    sam = await chats.add_member(chats.chat(SAM, "Sam"), "organizer")
    await _schedule(sam)
    waiting = await driver.newest()
    change = {"before": "organizer", "after": "viewer", "actor_id": YUNA, "configured_owners": [YUNA]}
    await chats.database.transact(team.change_role, SAM, **change)
    await hana.presses(f"broadcast:unschedule:{waiting.id}")
    assert hana.text.endswith("👤 Sam scheduled it.")


@pytest.mark.parametrize("role", ["viewer", None])
async def test_nobody_is_promised_that_a_former_organizer_is_told(
    yuna: Chat, hana: Chat, chats: TeamChats, driver: BroadcastDriver, role: Role | None
) -> None:
    await write_both(hana)
    draft = await driver.newest()
    await yuna.presses(f"broadcast:open:{draft.id}")
    assert "If you take it over, 하나 is told, and can take it back." in yuna.text

    async def change(tx: Transaction) -> None:
        await tx.run("UPDATE members SET role = :role WHERE id = :id", role=role, id=HANA)

    await chats.database.transact(change)
    await yuna.presses(f"broadcast:open:{draft.id}")
    assert "A draft of 하나" in yuna.text
    assert "is told" not in yuna.text
    await yuna.taps("Take it over")
    assert HANA not in await chats.run_jobs()
