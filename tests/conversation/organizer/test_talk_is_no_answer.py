"""Text that an organizer types after another command is the answer to no question."""

from typing import Final

import pytest

from chatbot.storage import Database
from chatbot.storage.people import supporters
from tests.support.broadcasts import BroadcastDriver
from tests.support.chat import Chat
from tests.support.written_broadcasts import write_both

QUESTIONS: Final = {
    "threshold": (("team:number",), "one organizer alone"),
    "zone": (("team:zone",), "My time zone"),
    "link": (("link:new",), "link"),
    "milestone": (("course:begin:milestone",), "milestone"),
    "words": (("course:begin:closed",), "the text in English"),
    "button": (("broadcast:button:1",), "Buttons below"),
    "hour": (("broadcast:later:1",), "When should it go out?"),
    "countries": (("broadcast:countries:1",), "countr"),
}


async def read_step(database: Database, chat: Chat) -> str:
    found = await database.transact(supporters.meet_again, chat.person.id, now=chat.dialog._clock())
    assert found is not None
    return found.step


@pytest.mark.parametrize("step", QUESTIONS)
async def test_talk_after_another_command_is_no_answer(
    yuna: Chat, driver: BroadcastDriver, database: Database, step: str
) -> None:
    actions, question = QUESTIONS[step]
    await driver.subscribe(range(1, 11))
    await write_both(yuna)
    for action in actions:
        await yuna.presses(action)
    assert await read_step(database, yuna) == step
    assert question in yuna.text
    await yuna.says("/stats")
    await yuna.says("5 tomorrow in Berlin https://example.org")
    assert "so I didn't take that as an answer. Here it is again." in yuna.text
    assert question in yuna.text
    assert await read_step(database, yuna) == step
    await yuna.says("5 tomorrow in Berlin https://example.org")
    assert "so I didn't take that" not in yuna.text, "asked again, it is an answer"


async def test_tap_on_something_else_is_another_screen_too(yuna: Chat, driver: BroadcastDriver) -> None:
    await driver.subscribe(range(1, 11))
    await write_both(yuna)
    await yuna.presses("broadcast:later:1")
    await yuna.presses("desk:show")
    await yuna.says("tomorrow 9:00")
    assert "I didn't take that" in yuna.text


async def test_question_asked_in_another_language_is_not_interrupted(yuna: Chat, driver: BroadcastDriver) -> None:
    await driver.subscribe(range(1, 11))
    await write_both(yuna)
    await yuna.presses("broadcast:later:1")
    await yuna.presses("speak:en")
    await yuna.says("tomorrow 9:00")
    assert "Schedule it for this time?" in yuna.text
