"""The bot stores with the turn which buttons to remove, so that another process can remove them."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import Person
from chatbot.storage import Database
from chatbot.storage.people.question_messages import QuestionMessages
from chatbot.storage.privacy import retention
from tests.support.cast import HANA, NOW
from tests.support.chat import Chat
from tests.support.stored_rows import read_step

FIRST, SECOND, TAPPED = 21, 23, 5
"""Messages: `TAPPED` is where `Chat` taps."""


class Asked:
    """A chat whose answers are sent, and whose process may die: every turn is another process's."""

    def __init__(self, database: Database, make_dialog: Callable[[], Dialog]) -> None:
        self.database = database
        self._make_dialog = make_dialog
        self.chat = Chat(make_dialog(), Person(HANA, "하나", "ko"))
        self.messages = QuestionMessages(database)

    def outdated(self) -> list[int]:
        """The messages that the last answer takes the buttons off."""
        assert self.chat.answer is not None
        return [*self.chat.answer.outdated]

    async def shown_in(self, message_id: int) -> bool:
        """Note where the last question was shown."""
        assert self.chat.answer is not None
        assert self.chat.answer.asks is not None
        return await self.messages.note_asked(HANA, self.chat.answer.asks, message_id)

    def restart(self) -> None:
        self.chat.dialog = self._make_dialog()


@pytest.fixture
def asked(database: Database, make_dialog: Callable[[], Dialog]) -> Asked:
    return Asked(database, make_dialog)


async def test_question_in_a_tapped_message_is_known_after_a_restart(asked: Asked) -> None:
    await asked.chat.says("/start")
    await asked.chat.taps("서명하기")
    await asked.chat.taps("✏️ 이름")
    asked.restart()
    await asked.chat.says("김하나")
    assert asked.outdated() == [TAPPED]
    await asked.shown_in(FIRST)
    asked.restart()  # before the buttons were removed
    await asked.chat.says("/help")
    assert asked.outdated() == [TAPPED, FIRST]
    await asked.messages.note_removed(HANA, (TAPPED, FIRST))
    await asked.chat.says("/help")
    assert asked.outdated() == []


async def test_question_in_a_new_message_is_known_after_a_restart(asked: Asked) -> None:
    await asked.chat.says("/sign")
    assert await asked.shown_in(FIRST)
    asked.restart()
    await asked.chat.says("/me")
    assert asked.outdated() == [FIRST]


async def test_signature_by_a_button_leaves_nothing_noted(asked: Asked) -> None:
    await asked.chat.signs()
    await asked.messages.note_removed(HANA, asked.outdated())
    row = await asked.database.transact(lambda tx: tx.one("SELECT draft FROM supporters"))
    assert row is not None
    assert row["draft"] == "{}"


async def test_message_that_asks_again_keeps_its_buttons(asked: Asked) -> None:
    """The buttons stay if the question is asked again in their message, or if the message shows something else."""
    await asked.chat.says("/sign")
    await asked.shown_in(FIRST)
    await asked.chat.presses("check.name", FIRST)
    await asked.chat.says("김하나")
    assert asked.outdated() == [FIRST]
    await asked.chat.presses("name.keep", FIRST)  # an old button, before the buttons went
    assert asked.outdated() == []
    await asked.chat.presses("home", FIRST)
    await asked.chat.says("/help")
    assert asked.outdated() == []


async def test_tap_elsewhere_keeps_an_open_question_and_a_signature_ends_it(asked: Asked) -> None:
    await asked.chat.says("/sign")
    await asked.shown_in(FIRST)
    sign = next(each for each in asked.chat.actions if each.startswith("check.sign"))
    await asked.chat.presses("read", SECOND)
    assert asked.outdated() == [], "it can still be answered"
    await asked.chat.presses(sign, SECOND)
    assert asked.outdated() == [FIRST], "it cannot any more"


async def test_question_asked_in_two_messages_loses_both_keyboards_once_it_is_answered(asked: Asked) -> None:
    await asked.chat.says("/sign")
    await asked.shown_in(FIRST)
    await asked.chat.presses("sign", SECOND)
    assert asked.outdated() == [], "either can be answered"
    await asked.chat.presses(next(each for each in asked.chat.actions if each.startswith("check.sign")), SECOND)
    assert asked.outdated() == [FIRST]


async def test_question_that_was_answered_before_it_was_noted_is_outdated(asked: Asked) -> None:
    await asked.chat.says("/sign")
    first = asked.chat.answer
    await asked.chat.says("/help")
    assert first is not None
    assert first.asks is not None
    assert not await asked.messages.note_asked(HANA, first.asks, FIRST)
    assert await asked.messages.note_asked(4711, first.asks, FIRST), "an unknown or erased person has no question"


async def test_update_delivered_again_outdates_the_first_copy_of_its_question(asked: Asked) -> None:
    await asked.chat.says("/sign")
    await asked.chat.taps("✏️ 이름")
    await asked.chat.says("김하나")
    await asked.shown_in(FIRST)
    asked.restart()
    await asked.chat.again()
    assert asked.outdated() == [TAPPED, FIRST]


async def test_copy_that_a_killed_process_sent_is_taken_for_the_next_message(asked: Asked) -> None:
    await asked.chat.says("/sign")
    asked.restart()
    await asked.chat.again()
    copy = asked.chat.written + 1
    assert asked.outdated() == [copy]
    assert await asked.shown_in(FIRST)
    await asked.chat.says("/help")
    assert asked.outdated() == [copy, FIRST]


async def test_day_forgets_the_messages_with_the_answers(asked: Asked) -> None:
    await asked.chat.says("/start")
    await asked.chat.says("/sign")
    await asked.shown_in(FIRST)
    later = NOW + timedelta(days=36_500)
    await asked.database.transact(retention.erase_old_drafts, later, 10)
    assert await read_step(asked.database, HANA) == ("expired", "{}")
    row = await asked.database.transact(lambda tx: tx.one("SELECT draft FROM supporters"))
    assert row is not None
    assert row["draft"] == "{}"
