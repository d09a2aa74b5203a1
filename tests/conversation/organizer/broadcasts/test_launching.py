"""Sending a broadcast: confirmed, started once, controlled while it runs, retried and corrected afterwards."""

from datetime import timedelta

from chatbot.petition.broadcasts.broadcast import BroadcastState
from chatbot.petition.broadcasts.outcome import Failed, Gone, Sent, Unknown
from chatbot.storage import Database, Transaction
from chatbot.storage.broadcasts import lifecycle
from tests.conversation.organizer.broadcasts.conftest import send
from tests.support.broadcasts import BroadcastDriver
from tests.support.chat import Chat
from tests.support.written_broadcasts import ENGLISH, KOREAN


def start_button(yuna: Chat) -> str:
    [action] = [action for action in yuna.actions if action.startswith("broadcast:start:")]
    return action


# Starting it, once


async def test_last_question_names_the_number_of_recipients(ready: Chat, driver: BroadcastDriver) -> None:
    await ready.taps("📣 Send")
    assert "Send it now?" in ready.text
    assert "<b>40</b> people (Korean 30, English 10)" in ready.text
    assert "Yes, send it: 40" in str(ready.labels)
    await ready.taps("‹ Back")
    assert "what people will get" in ready.text
    assert (await driver.newest()).state is BroadcastState.DRAFT
    await send(ready)
    assert (await driver.newest()).state is BroadcastState.RUNNING
    await ready.says("Hello?")
    assert "didn't get that" in ready.text
    await ready.says("/broadcast")
    assert "A new update" in ready.text


async def test_second_tap_sends_nothing(ready: Chat, driver: BroadcastDriver) -> None:
    await ready.taps("📣 Send")
    start = start_button(ready)
    await ready.presses(start)
    await ready.again()
    assert "On its way" in ready.text
    await ready.presses(start)
    assert ready.notice == "It has already started, and goes out only once."
    await driver.deliver_all()
    await ready.presses(start)
    assert "Sent" in ready.text
    assert len(await driver.list_all()) == 1


async def test_old_button_sends_no_later_revision(ready: Chat, driver: BroadcastDriver) -> None:
    await ready.taps("📣 Send")
    start = start_button(ready)
    await ready.taps("‹ Back")
    ask = next(action for action in ready.actions if action.startswith("broadcast:ask:"))
    await ready.taps("✏️ English")
    await ready.says("Free at last.")
    for old in (start, ask):
        await ready.presses(old)
        assert "It has changed since" in ready.text
        assert ready.first == [KOREAN, "Free at last."]
        assert (await driver.newest()).state is BroadcastState.DRAFT
    await send(ready)


async def test_two_organizers_who_tap_at_once_send_one_broadcast(
    ready: Chat, hana_organizer: Chat, driver: BroadcastDriver
) -> None:
    await ready.taps("📣 Send")
    start = start_button(ready)
    await ready.presses(start)
    await hana_organizer.presses(start)
    assert hana_organizer.notice == "It has already started, and goes out only once."
    assert "On its way" in hana_organizer.text
    assert [each.organizer_id for each in await driver.list_all()] == [ready.person.id]


async def test_subscriber_who_leaves_before_the_tap_gets_nothing(ready: Chat, driver: BroadcastDriver) -> None:
    await ready.taps("📣 Send")
    await ready.taps("Yes, send it")
    leaving = Chat(ready.dialog, ready.person)
    leaving.person = type(ready.person)(7, "Sam", "en")
    await leaving.presses("leave")
    assert 7 not in [each.supporter_id for each in await driver.deliver()]


# While it runs


async def test_worker_shows_pause_and_resume(ready: Chat, driver: BroadcastDriver, database):
    await send(ready)
    await driver.deliver(limit=10)
    sent = await driver.newest()

    async def note(tx: Transaction) -> None:
        await lifecycle.note_progress_message(tx, sent.id, 77)

    await database.transact(note)
    await ready.presses(f"broadcast:pause:{sent.id}", 77)
    assert ready.answer is not None
    assert ready.answer.screen is None
    assert ready.notice == "Paused. Nothing more goes out."
    assert await driver.deliver() == []
    await ready.presses(f"broadcast:pause:{sent.id}", 77)  # once more, because the message was not changed in time
    await ready.presses(f"broadcast:resume:{sent.id}", 77)
    assert ready.notice == "Resumed."
    assert len(await driver.deliver()) == 30


async def test_any_organizer_controls_a_broadcast_from_the_list(
    ready: Chat, hana_organizer: Chat, driver: BroadcastDriver
) -> None:
    await send(ready)
    await driver.deliver(limit=10)
    await hana_organizer.says("/broadcasts")
    await hana_organizer.taps("🚀")
    assert "at most 19 of 40" in hana_organizer.text
    await hana_organizer.taps("⏸ Pause")
    assert "Paused" in hana_organizer.text
    assert "at most 19 of 40" in hana_organizer.text
    await hana_organizer.taps("▶ Resume")
    assert "On its way" in hana_organizer.text


async def test_cancel_pauses_at_once_and_asks_for_confirmation(ready: Chat, driver: BroadcastDriver) -> None:
    await send(ready)
    await driver.deliver(limit=10)
    sent = await driver.newest()
    await ready.presses(f"broadcast:halt:{sent.id}")
    assert ready.answer is not None
    assert ready.answer.edit is None
    assert await driver.deliver() == []
    assert "Those who have it keep it" in ready.text
    await ready.taps("▶ Resume")
    assert len(await driver.deliver(limit=10)) == 10
    await ready.presses(f"broadcast:halt:{sent.id}")
    await ready.taps("Yes, stop here")
    assert await driver.deliver() == []
    assert (await driver.newest()).ending == "cancelled"
    for late in ("pause", "resume", "halt", "goon", "cancel"):
        await ready.presses(f"broadcast:{late}:{sent.id}")
        assert "Those who have it keep it" not in ready.text
        assert "Cancelled" in ready.text
        assert "20+ were not reached" in ready.text
        assert (await driver.newest()).state is BroadcastState.ENDED


# Afterwards


async def test_report_names_every_reason(ready: Chat, driver: BroadcastDriver) -> None:
    await send(ready)
    results = {1: Gone("blocked"), 2: Gone("deactivated"), 31: Gone("not_found"), 32: Failed("other")}
    await driver.deliver_all(lambda to: results.get(to.supporter_id) or Sent(to.supporter_id))
    await ready.says("/broadcasts")
    await ready.taps("✅")
    assert "<b>36 of 40</b> have it" in ready.text
    assert "English" not in ready.text, "of ten readers nobody is told how many have it"
    for line in ("blocked the bot: 1", "left Telegram: 1", "not found: 1", "failed: 1"):
        assert line in ready.text
    await ready.taps("👀 Show it")
    assert ready.first == [KOREAN, ENGLISH]


async def test_report_to_a_few_people_does_not_say_what_one_of_them_did(ready: Chat, driver: BroadcastDriver) -> None:
    """Among nineteen readers of a language, nobody can tell who blocked the bot from who left or unsubscribed."""
    await driver.subscribe(range(41, 50), "en")
    await ready.presses("broadcast:to:1:en")
    await ready.presses(f"broadcast:start:1:{(await driver.newest()).revision}")
    results = {31: Gone("blocked"), 32: Gone("deactivated"), 33: Gone("not_found"), 34: Failed("other")}
    await driver.deliver_all(lambda to: results.get(to.supporter_id) or Sent(to.supporter_id))
    await ready.says("/broadcasts")
    await ready.taps("✅")
    assert "<b>15 of 19</b> have it" in ready.text
    assert "not reachable: 3" in ready.text
    assert "failed: 1" in ready.text
    for line in ("blocked", "left Telegram", "not found", "unsubscribed"):
        assert line not in ready.text


async def test_retry_button_for_failed_deliveries_works_once(ready: Chat, driver: BroadcastDriver) -> None:
    await send(ready)
    await driver.deliver_all(lambda to: Failed("other") if to.supporter_id < 4 else Sent(to.supporter_id))
    sent = await driver.newest()
    await ready.presses(f"broadcast:open:{sent.id}")
    await ready.taps("Try again: 3 failed")
    assert "Send it again to those where it failed?" in ready.text
    await ready.taps("✅ Yes, send it: 3")
    assert "Trying them again" in ready.text
    [again] = [ready.heard.event.action] if ready.heard else []
    await ready.again()  # delivered twice
    assert [each.supporter_id for each in await driver.deliver()] == [1, 2, 3]
    await ready.presses(again)
    assert ready.notice == "That's no longer possible. This is how it is now."
    assert await driver.deliver() == []


async def test_unknown_deliveries_are_retried_after_an_explanation(
    ready: Chat, hana_organizer: Chat, driver: BroadcastDriver
) -> None:
    await send(ready)
    await driver.deliver_all(lambda to: Unknown("timeout") if to.supporter_id < 4 else Sent(to.supporter_id))
    sent = await driver.newest()
    await hana_organizer.presses(f"broadcast:open:{sent.id}")
    assert not any("again" in label for label in hana_organizer.labels)
    await hana_organizer.taps("About the unknown: 3")
    assert "some may get it twice" in hana_organizer.text
    assert (await driver.newest()).state is BroadcastState.ENDED
    await hana_organizer.taps("Never mind")
    await hana_organizer.taps("About the unknown: 3")
    await hana_organizer.taps("Send it again to 3")
    assert [each.supporter_id for each in await driver.deliver()] == [1, 2, 3]
    sent = await driver.newest()
    assert sent.organizer_id == hana_organizer.person.id
    await hana_organizer.presses(f"broadcast:unknown:{sent.id}")
    assert "40 of 40" in hana_organizer.text


async def test_refused_content_is_corrected_and_sent_to_the_rest(
    ready: Chat, driver: BroadcastDriver, database: Database
) -> None:
    await send(ready)
    await driver.deliver(limit=30)  # the Korean readers
    sent = await driver.newest()

    async def refuse(tx: Transaction) -> None:
        await lifecycle.end(tx, sent.id, "content", driver.now, "message is too long")

    await database.transact(refuse)
    await ready.presses(f"broadcast:open:{sent.id}")
    assert "Telegram said: <i>message is too long</i>" in ready.text
    assert not [label for label in ready.labels if "draft" in label], "30 people would get it twice"
    await ready.presses(f"broadcast:copy:{sent.id}")
    await ready.taps("Correct …")
    await ready.taps("✏️ English")
    await ready.says("Free.")
    await ready.taps("✏️ Correct it everywhere")
    await ready.taps("Yes, correct it")
    await driver.deliver_all(lambda _to: Sent())
    await ready.presses(f"broadcast:open:{sent.id}")
    await ready.taps("Send it to those who don't have it")
    assert "don't have it: <b>at most 19</b>" in ready.text
    await ready.taps("Yes, send it: at most 19")
    assert [(each.supporter_id, each.language) for each in await driver.deliver()] == [(n, "en") for n in range(31, 41)]
    assert (await driver.get(sent.id)).posts["en"].text == "Free."


async def test_delivered_broadcast_is_copied_only_with_a_warning(ready: Chat, driver: BroadcastDriver) -> None:
    await send(ready)
    await driver.deliver_all()
    sent = await driver.newest()
    await ready.presses(f"broadcast:copy:{sent.id}")
    assert "⚠️ Up to 40 people have the update that this was copied from, and would get it twice." in ready.text
    assert (await driver.newest()).state is BroadcastState.DRAFT


async def test_list_of_broadcasts_has_pages(yuna: Chat, driver: BroadcastDriver) -> None:
    await driver.subscribe([1])
    await yuna.says("/broadcasts")
    assert "Nothing sent yet" in yuna.text
    for number in range(8):
        await yuna.says("/broadcast")
        await yuna.says(f"News number {number}")
        await yuna.says(f"소식 {number}")
        await yuna.taps("📣 Send")
        await yuna.taps("Yes, send it")
        await driver.deliver_all()
        driver.now += timedelta(hours=1)
    await yuna.says("/broadcasts")
    assert "1 / 2" in yuna.text
    assert [label[-1] for label in yuna.labels if "News" in label] == list("765432")
    await yuna.taps("Older ›")
    assert [label[-1] for label in yuna.labels if "News" in label] == list("10")
    await yuna.taps("‹ Newer")
    assert "1 / 2" in yuna.text
