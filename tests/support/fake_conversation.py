"""A conversation for tests of the transport."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from markupsafe import Markup

from chatbot.conversation.interface import Answer, Heard, Pressed
from chatbot.screens.screen import Screen


def apologise(heard: Heard) -> Answer:
    """Apologise, and acknowledge the tap."""
    query_id = heard.event.query_id if isinstance(heard.event, Pressed) else None
    return Answer(heard.person.id, Screen(Markup("Sorry")), query_id=query_id)


async def ignore_gone(_chat_id: int) -> None:
    """Do nothing about a person who has blocked the bot."""


def slow_down(heard: Heard) -> Answer:
    """Ask the person to wait: in a notice after a tap, otherwise in a message."""
    if isinstance(heard.event, Pressed):
        return Answer(heard.person.id, query_id=heard.event.query_id, notice="too fast")
    return Answer(heard.person.id, Screen(Markup("slow down")))


async def ask_to_wait(heard: Heard) -> Answer:
    """Ask the person to wait, and acknowledge the tap."""
    query_id = heard.event.query_id if isinstance(heard.event, Pressed) else None
    return Answer(heard.person.id, Screen(Markup("please wait")), query_id=query_id)


@dataclass
class FakeConversation:
    """Answers as the test says; see `Conversation`."""

    hear: Callable[[Heard], Awaitable[Answer | None]]
    unavailable: tuple[type[Exception], ...] = ()
    apologise: Callable[[Heard], Answer] = apologise
    ask_to_wait: Callable[[Heard], Awaitable[Answer]] = ask_to_wait
    slow_down: Callable[[Heard], Answer] = slow_down
