"""The bot's face in Telegram: its name, its descriptions and its menu of commands, in every language.

Telegram limits changes of the name to a few a day, so everything is compared first and set only where it differs.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from telegram import Bot, BotCommand, BotCommandScope, BotCommandScopeAllPrivateChats

from chatbot.petition.team import Role
from chatbot.transport.outgoing.errors import describe

logger = logging.getLogger(__name__)

Commands = tuple[tuple[str, str], ...]
"""Pairs of a command, without its slash, and what it does."""
RoleMenus = Mapping[Role, Mapping[str | None, Commands]]
"""What each role of the team has in the menu: a list for None and for every language that the menu for everybody has.
Without them a chat's own menu would hide the localised one."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What Telegram shows of the bot before anybody presses start: 64, 512 and 120 characters at most."""

    name: str
    description: str
    short_description: str


@dataclass(frozen=True, slots=True)
class LocalizedProfile:
    """The bot's face in one language."""

    profile: Profile
    commands: Commands


async def publish(bot: Bot, menus: Mapping[str | None, LocalizedProfile]) -> None:
    """Set each language's name, descriptions and commands (in private chats) where they differ from Telegram's.

    Languages are two-letter codes; None is for everybody whose language has no menu of its own. Never raises: what
    Telegram refuses is logged and stays as it was until the next start.
    """
    private = BotCommandScopeAllPrivateChats()
    for language, menu in menus.items():
        await _set_profile(bot, language, menu.profile)
        await _attempt("the commands", language, partial(set_commands, bot, language, menu.commands, private))


async def set_commands(bot: Bot, language: str | None, commands: Commands, scope: BotCommandScope) -> None:
    """Set the menu of commands within `scope` where it differs; none at all takes it away. Raises PTB's errors.

    A chat's own menu hides the localised ones of wider scopes, so set it in each language and for None, or not at all.
    """
    wanted = [BotCommand(command, description) for command, description in commands]
    if list(await bot.get_my_commands(scope=scope, language_code=language)) == wanted:
        return
    if wanted:
        await bot.set_my_commands(wanted, scope=scope, language_code=language)
    else:
        await bot.delete_my_commands(scope=scope, language_code=language)


async def _set_profile(bot: Bot, language: str | None, profile: Profile) -> None:
    async def change_name() -> None:
        if (await bot.get_my_name(language)).name != profile.name:
            await bot.set_my_name(profile.name, language)

    async def change_description() -> None:
        if (await bot.get_my_description(language)).description != profile.description:
            await bot.set_my_description(profile.description, language)

    async def change_short_description() -> None:
        if (await bot.get_my_short_description(language)).short_description != profile.short_description:
            await bot.set_my_short_description(profile.short_description, language)

    await _attempt("the name", language, change_name)
    await _attempt("the description", language, change_description)
    await _attempt("the short description", language, change_short_description)


async def _attempt(what: str, language: str | None, change: Callable[[], Awaitable[None]]) -> None:
    try:
        await change()
    except Exception as error:  # a menu of yesterday is better than no bot
        logger.warning("%s in %s stays as it was (%s)", what, language or "the default language", describe(error))
