"""A pace for tests of broadcasts that meet 429s."""

import asyncio


class HaltingPace:
    """A pace that records 429s and ends the halt at once."""

    rate = 1000.0
    is_halted = True

    def __init__(self):
        self.seconds = []

    def note_flood(self, chat_id, seconds):
        self.seconds.append(seconds)

    def note_answer(self, chat_id):
        pass

    def delay(self, chat_id, *, edit=False):
        return 0.0

    async def admit_reply(self, chat_id, *, edit=False):
        pass

    async def admit_broadcast(self, patience=0.0):
        await asyncio.sleep(0.001)
        return True

    def depart(self, chat_id, *, edit=False):
        return 0.0

    def land(self, departed_at):
        pass
