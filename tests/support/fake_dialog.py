"""A dialog for tests of receiving, which can be busy, slow or broken."""

import asyncio

from markupsafe import Markup

from chatbot.conversation.interface import Answer, Heard, Pressed
from chatbot.screens.screen import Press, Screen


class BusyError(Exception):
    """The database is busy, and the turn did not run."""


class FakeDialog:
    """Commits the turn and then answers, as the real dialog does."""

    def __init__(self) -> None:
        self.committed: list[int] = []
        self.busy = 0
        self.broken = False
        self.unspeakable = False
        self.begun = asyncio.Event()
        self.released = asyncio.Event()
        self.released.set()

    async def hear(self, heard: Heard) -> Answer:
        self.begun.set()
        await self.released.wait()
        if self.busy:
            self.busy -= 1
            raise BusyError
        if self.broken:
            raise ZeroDivisionError
        self.committed.append(heard.update_id)
        if self.unspeakable:
            return Answer(heard.person.id, shown("\ud800"))
        if isinstance(heard.event, Pressed):
            return Answer(heard.person.id, shown(heard.event.action), heard.event.message_id, heard.event.query_id)
        return Answer(heard.person.id, shown(getattr(heard.event, "text", "…")))


def shown(words: str) -> Screen:
    return Screen(Markup("<b>{}</b>").format(words), ((Press("Next", f"next-{words[:20]}"),),))
