"""Updates that Telegram delivers twice, late or out of place, and anything that people may send at any step."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import BlockedBot, Heard, InGroup, Person, Pressed, Said, SentMedia, UnblockedBot
from chatbot.screens import callbacks
from chatbot.storage import Database
from chatbot.storage.people import subscriptions
from tests.support.chat import Chat
from tests.support.stored_rows import read_step

STEPS = {
    "idle": [],
    "name": [],
    "country": ["Sam"],
    "reason": ["Sam", "Canada", "check.reason"],
    "check": ["Sam", "Canada"],
}


async def get_to(chat: Chat, step: str) -> None:
    """Bring somebody to a step."""
    await chat.says("/start")
    if step == "idle":
        return
    await chat.begins()
    for act in STEPS[step]:
        await (chat.presses(act) if "." in act else chat.says(act))


async def test_update_delivered_twice_repeats_the_answer_and_changes_nothing(sam: Chat, database: Database) -> None:
    await sam.begins()
    await sam.says("Sam")
    before, seen = await read_step(database, sam.person.id), sam.text
    await sam.again()
    assert await read_step(database, sam.person.id) == before
    assert sam.text == seen


async def test_signature_delivered_twice_thanks_twice_and_counts_once(sam: Chat, database: Database) -> None:
    await sam.signs()
    receipt, dialog = sam.receipt, sam.dialog
    await sam.again()
    assert sam.text == receipt, "and no second question"
    sam.dialog = Dialog(database, dialog._campaign, dialog._translators, dialog.bot_link)
    await sam.again()
    assert sam.text.startswith(receipt), "after a restart nothing may have been sent: all of it, in one message"
    assert "join:en" in sam.actions
    row = await database.transact(lambda tx: tx.one("SELECT count(*) AS n FROM signatures"))
    assert row is not None
    assert row["n"] == 1


async def test_old_update_delivered_again_answers_no_new_question(sam: Chat, database) -> None:
    await sam.begins()
    await sam.says("Sam")
    name_again = sam.heard
    await sam.says("Canada")
    before = await read_step(database, sam.person.id)
    assert name_again is not None
    assert await sam.dialog.hear(name_again) is None
    assert await read_step(database, sam.person.id) == before


async def test_old_tap_delivered_again_is_acknowledged(sam: Chat) -> None:
    await sam.begins()
    await sam.presses("name.profile")
    tap = sam.heard
    await sam.says("Canada")
    assert tap is not None
    answer = await sam.dialog.hear(tap)
    assert answer is not None
    assert answer.query_id == tap.event.query_id
    assert answer.screen is None


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", ["sticker", "photo", "voice", "location", "contact", "document", "dice", "story"])
async def test_message_without_words_is_answered_and_keeps_the_step(
    sam: Chat, database: Database, step: str, kind: str
) -> None:
    await get_to(sam, step)
    before = await read_step(database, sam.person.id)
    await sam.sends(kind)
    assert await read_step(database, sam.person.id) == before
    assert "only read text" in sam.text or "didn't get that" in sam.text


@pytest.mark.parametrize("step", STEPS)
async def test_button_of_a_left_step_shows_the_present_step(sam: Chat, database: Database, step: str) -> None:
    await get_to(sam, step)
    before = await read_step(database, sam.person.id)
    for action in ("name.profile", "country.KP", "reason.skip", "check.sign.00000000"):
        if action.partition(".")[0] == step:
            continue
        answer = await sam.presses(action)
        assert answer is not None
        assert answer.notice == "You've already done that step. Here's where you are now."
        assert answer.screen is not None
        assert await read_step(database, sam.person.id) == before


@pytest.mark.parametrize(
    "action",
    [
        "",
        ":",
        ".",
        "nonsense",
        "read:x",
        "read:-1",
        "read:99999999",
        "name.",
        "country.ZZ",
        "speak:xx",
        "home:xx",
        "subscribe:zz",
        "join:",
        "check.sign.",
        "idle.x",
        "🙂",
    ],
)
@pytest.mark.parametrize("step", STEPS)
async def test_no_button_data_breaks_a_turn(sam: Chat, database: Database, step: str, action: str) -> None:
    await get_to(sam, step)
    answer = await sam.presses(action)
    assert answer is not None
    assert answer.screen is not None
    assert answer.query_id
    row = await database.transact(lambda tx: tx.one("SELECT count(*) AS n FROM signatures"))
    assert row is not None
    assert row["n"] == 0


async def test_unknown_command_and_small_talk_are_answered_with_the_way_on(sam: Chat) -> None:
    for said in ("/frobnicate", "hello", "x" * 4096):
        await sam.says(said)
        assert "didn't get that" in sam.text
        # No buttons: a message with buttons cannot remove a keyboard that the token's former bot left.
        assert "\n/sign – Sign the petition\n" in sam.text
        assert sam.screen.removes_keyboard
        assert sam.screen.rows == ()


async def test_unknown_button_is_answered_in_place(sam: Chat) -> None:
    await sam.presses("menu|1|2")
    assert "didn't get that" in sam.text
    assert callbacks.SIGN in sam.actions


async def test_bot_in_a_group_links_to_the_private_chat(dialog: Dialog, database: Database) -> None:
    answer = await dialog.hear(Heard(1, Person(1001, "김하나", "ko"), InGroup(-100123, "query")))
    assert answer is not None
    assert answer.chat_id == -100123
    assert answer.query_id == "query"
    assert answer.screen is not None
    assert "\n" not in answer.screen.text
    assert answer.screen.rows[0][0].url == "https://t.me/SaveMyFriendBot"
    assert await database.transact(lambda tx: tx.all("SELECT id FROM supporters")) == []


async def test_blocking_ends_the_subscription_and_returning_does_not_renew_it(sam: Chat, database: Database) -> None:
    await sam.signs()
    await sam.taps("Get updates")
    assert await database.transact(subscriptions.find, sam.person.id) is not None
    assert await sam.does(BlockedBot()) is None
    assert await database.transact(subscriptions.find, sam.person.id) is None
    assert await sam.does(UnblockedBot()) is None
    await sam.says("/start")
    assert "You've signed · supporter no. <b>178,922</b>" in sam.text
    assert await database.transact(subscriptions.find, sam.person.id) is None
    row = await database.transact(lambda tx: tx.one("SELECT blocked_at FROM supporters"))
    assert row is not None
    assert row["blocked_at"] is None


async def test_apology_goes_to_a_person_who_waits_for_an_answer(dialog: Dialog) -> None:
    sam = Person(1002, "Sam", "en")
    answer = dialog.apologise(Heard(1, sam, Pressed("sign", "query", 5)))
    assert answer.query_id == "query"
    assert answer.edit is None
    assert answer.screen is not None
    assert dialog.apologise(Heard(2, sam, BlockedBot())).screen is None


EVENTS = st.one_of(
    st.builds(lambda text: Said(text), st.text(max_size=200)),
    st.builds(
        lambda command, payload: Said(f"/{command} {payload}", command, payload),
        st.sampled_from(["start", "sign", "read", "updates", "subscribe", "stop", "language", "share", "cancel", "x"]),
        st.text(max_size=70),
    ),
    st.builds(
        lambda action: Pressed(action, "q", 5),
        st.one_of(
            st.text(max_size=64),
            st.sampled_from(["sign", "cancel", "name.profile", "country.KR", "reason.skip", "check.name", "join:ko"]),
        ),
    ),
    st.sampled_from([SentMedia("photo"), BlockedBot(), UnblockedBot()]),
)


@given(events=st.lists(EVENTS, max_size=12), again=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_events_leave_a_supporter_able_to_go_on(dialog, events, again) -> None:
    chat = Chat(dialog, Person(1002, "Sam", "en"))
    for event in events:
        answer = await chat.does(event)
        if isinstance(event, Pressed):
            assert answer is not None
            assert answer.query_id == "q"
        elif not isinstance(event, BlockedBot | UnblockedBot):
            assert answer is not None
            assert answer.screen is not None
        if again:
            await chat.again()
    await chat.says("/cancel")
    await chat.says("/start")
    assert "Save North Korean Refugees" in chat.text or "탈북" in chat.text


async def test_album_without_a_question_is_answered_once(sam: Chat) -> None:
    await sam.says("/start")
    answers = [await sam.does(SentMedia("photo", f"file-{n}", album="77", message_id=900 + n)) for n in range(3)]
    assert [answer is None for answer in answers] == [False, True, True]
    await sam.sends("photo", "file-9")
    assert "didn't get that" in sam.text
