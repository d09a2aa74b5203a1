"""Button data: messages sent long ago keep their buttons, so their data must be understood forever."""

from pathlib import Path

import pytest

from chatbot.conversation.steps import BUTTONS, STEPS, TEAM_BUTTONS
from chatbot.screens import callbacks

IN_CHATS = (Path(__file__).parent / "buttons_in_chats.txt").read_text("utf-8").split()
"""Data of buttons that the bot has sent. Add to this list, and never take anything out of it."""
VERBS = {each for each in vars(callbacks).values() if isinstance(each, callbacks.Verb)}


@pytest.mark.parametrize("data", IN_CHATS)
def test_bot_understands_buttons_of_old_messages(data: str) -> None:
    verb, step, argument = callbacks.read(data)
    if step:
        assert step in STEPS
        assert callbacks.choose(step, *argument.split(".")) == data
    else:
        assert verb in {*BUTTONS, *TEAM_BUTTONS, callbacks.CHOOSE_LANGUAGE}
        assert (callbacks.Verb(verb)(argument) if ":" in data else verb) == data


def test_list_has_every_verb_and_step_with_buttons() -> None:
    read = [callbacks.read(data) for data in IN_CHATS]
    assert {data.verb for data in read if data.verb} == VERBS
    with_buttons = {name for name, step in STEPS.items() if step.choose is not STEPS["threshold"].choose}
    assert {data.step for data in read if data.step} == with_buttons


def test_every_verb_has_a_handler() -> None:
    assert {*BUTTONS, *TEAM_BUTTONS, callbacks.CHOOSE_LANGUAGE} == VERBS


@pytest.mark.parametrize(
    "data", ["", ":", ".", "Home", "home ko", "home:k o", "home:하나", "home\n", "read:" + "1" * 60, "7", "home;ko"]
)
def test_data_that_no_button_has_is_refused(data: str) -> None:
    assert callbacks.read(data) == ("", "", "")


@pytest.mark.parametrize("argument", ["1" * 60, "k o", "하나", "\n"])
def test_button_with_more_than_telegram_takes_is_not_written(argument: str) -> None:
    with pytest.raises(ValueError, match="at most 64"):
        callbacks.READ(argument)
    with pytest.raises(ValueError, match="at most 64"):
        callbacks.choose(callbacks.COUNTRY, argument)


@pytest.mark.parametrize("text", ["", "-1", "+1", "01", "1 ", "²", "٣", "1.0", "1" * 16, "x"])
def test_number_that_was_not_written_is_no_number(text: str) -> None:
    assert callbacks.read_number(text) == 0


def test_arguments_are_read_as_they_were_written() -> None:
    written = callbacks.TEAM("change", 1001, "owner", "viewer", "a:b")
    verb, step, argument = callbacks.read(written)
    assert (verb, step) == (callbacks.TEAM, "")
    assert callbacks.split(argument, 5) == ["change", "1001", "owner", "viewer", "a:b"]
    assert callbacks.split(argument, 7) == ["change", "1001", "owner", "viewer", "a", "b", ""]
    assert callbacks.read_number(str(10**15 - 1)) == 10**15 - 1
