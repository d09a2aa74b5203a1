"""The menu of commands in the chats of organizers: the supporter's commands, then their own."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping

from telegram import Bot, BotCommandScopeChat
from telegram.error import TelegramError

from chatbot.transport.fate import Outcome, describe, judge
from chatbot.transport.menu import Commands, set_commands

logger = logging.getLogger(__name__)


class OrganizerMenu:
    """Gives the menu to the chats of organizers and takes it back from those who are none any more. Never raises.

    `commands` has a list for None and for every language that the menu for everybody has: without them a chat's own
    menu would hide the localised one. `note` is told the chat's id and whether it has the menu: True before it is
    given and False after it was taken back, so that whatever happens none is forgotten.
    """

    def __init__(
        self, bot: Bot, commands: Mapping[str | None, Commands], note: Callable[[int, bool], Awaitable[None]]
    ) -> None:
        self._bot = bot
        self._commands = commands
        self._note = note
        self._given: set[int] = set()

    async def publish(self, organizers: Iterable[int], former: Iterable[int]) -> None:
        """Give it to all `organizers`, and take it back from those who were some once."""
        for chat_id in former:
            await self._take_back(chat_id)
        for chat_id in organizers:
            await self.give(chat_id)

    async def give(self, chat_id: int) -> None:
        """Give it to one chat, once while the bot runs; again only where that failed."""
        if chat_id in self._given:
            return
        self._given.add(chat_id)
        try:
            await self._note(chat_id, True)
            for language, commands in self._commands.items():
                await set_commands(self._bot, language, commands, BotCommandScopeChat(chat_id))
        except Exception as error:  # an organizer without a menu can type the commands
            self._given.discard(chat_id)
            if judge(error).outcome is Outcome.GONE:
                logger.info("an organizer has no chat with the bot: the menu comes when they write to it")
            else:
                logger.warning("an organizer's menu stays as it was (%s)", describe(error))

    async def _take_back(self, chat_id: int) -> None:
        try:
            try:
                for language in self._commands:
                    await set_commands(self._bot, language, (), BotCommandScopeChat(chat_id))
            except TelegramError as error:
                if judge(error).outcome is not Outcome.GONE:  # where there is no chat there is no menu
                    raise
            await self._note(chat_id, False)
        except Exception as error:  # they see commands that do nothing for them, and the next start tries again
            logger.warning("the menu of a former organizer stays as it was (%s)", describe(error))
