"""The menu of commands in the chats of the team: the supporter's commands, then those of their role."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from itertools import chain

from telegram import Bot, BotCommandScopeChat
from telegram.error import TelegramError

from chatbot.petition.team import Role
from chatbot.transport.bot_profile import RoleMenus, set_commands
from chatbot.transport.outgoing.errors import ErrorClass, classify, describe

logger = logging.getLogger(__name__)


class TeamMenus:
    """Gives the menu to the chats of the team and takes it back from those who are none any more. Never raises.

    What changes while the bot runs is an errand's, which can be tried again; see jobs/handlers/chat_menu.py. `note` is
    told the chat's id and whether it has the menu: True before it is given and False after it was taken back, so that
    whatever happens none is forgotten.
    """

    def __init__(self, bot: Bot, menus: RoleMenus, note: Callable[[int, bool], Awaitable[None]]) -> None:
        self._bot = bot
        self._menus = menus
        self._note = note
        self._given: dict[int, Role] = {}

    async def publish(self, team: Mapping[int, Role], former: Iterable[int]) -> None:
        """Give everybody of the `team` the menu of their role, and take it back from those who were of it once."""
        for chat_id in former:
            await self._take_back(chat_id)
        for chat_id, role in team.items():
            await self.give(chat_id, role)

    async def give(self, chat_id: int, role: Role) -> None:
        """Give it to one chat, once while the bot runs and the role is the same; again only where that failed."""
        if self._given.get(chat_id) == role:
            return
        self._given[chat_id] = role
        try:
            await self._note(chat_id, True)
            for language, commands in self._menus[role].items():
                await set_commands(self._bot, language, commands, BotCommandScopeChat(chat_id))
        except Exception as error:  # an organizer without a menu can type the commands
            self._given.pop(chat_id, None)
            if classify(error).outcome is ErrorClass.GONE:
                logger.info("an organizer has no chat with the bot: the menu comes when they write to it")
            else:
                logger.warning("an organizer's menu stays as it was (%s)", describe(error))

    async def _take_back(self, chat_id: int) -> None:
        try:
            try:
                for language in dict.fromkeys(chain(*self._menus.values())):
                    await set_commands(self._bot, language, (), BotCommandScopeChat(chat_id))
            except TelegramError as error:
                if classify(error).outcome is not ErrorClass.GONE:  # where there is no chat there is no menu
                    raise
            await self._note(chat_id, False)
        except Exception as error:  # they see commands that do nothing for them, and the next start tries again
            logger.warning("the menu of a former organizer stays as it was (%s)", describe(error))
