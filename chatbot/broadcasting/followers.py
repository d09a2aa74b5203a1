"""Keeps the messages up to date in which other members of the team opened the progress of a broadcast.

The message of the organizer comes first; these are edited less often, and left as they are where that is impossible.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Final

from chatbot.broadcasting.pace import Pacer
from chatbot.broadcasting.sender import Show
from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState, FollowedMessage
from chatbot.petition.job import RetryLaterError
from chatbot.screens.screen import Screen

FOLLOW_EVERY: Final = 10.0
"""Seconds between two edits of such a message. A change of state is shown at once."""


class Followers:
    """The messages of all members who follow a broadcast beside its organizer."""

    def __init__(self, show: Show, pace: Pacer, find_translator: Callable[[int], Awaitable[Translator]]) -> None:
        self._show = show
        self._pace = pace
        self._find_translator = find_translator
        self._shown: dict[FollowedMessage, tuple[Screen, BroadcastState, float]] = {}

    async def refresh(
        self,
        broadcast: Broadcast,
        messages: Sequence[FollowedMessage],
        draw: Callable[[Translator], Screen],
        now: float,
    ) -> None:
        """Edit those that are due. A job shows in them how the broadcast ended."""
        for message in messages:
            if message.member_id == broadcast.organizer_id and message.message_id == broadcast.progress_message_id:
                continue
            known = self._shown.get(message)
            if known and known[1] is broadcast.state and now - known[2] < FOLLOW_EVERY:
                continue
            screen = draw(await self._find_translator(message.member_id))
            if (known is None or known[0] != screen) and not await self._edit(message, screen):
                continue
            self._shown[message] = (screen, broadcast.state, now)

    def keep_only(self, broadcast_ids: Collection[int]) -> None:
        """Forget what was shown of other broadcasts."""
        self._shown = {each: shown for each, shown in self._shown.items() if each.broadcast_id in broadcast_ids}

    async def _edit(self, message: FollowedMessage, screen: Screen) -> bool:
        """Edit one of them; False if its chat has to wait."""
        if self._pace.delay(message.member_id, edit=True) > 0:
            return False
        try:
            await self._show(message.member_id, screen, message.message_id)
        except RetryLaterError:
            return False
        return True
