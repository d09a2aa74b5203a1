"""The bot's name, descriptions and menu of commands in Telegram, in every language.

Telegram limits changes of the name to a few a day, so each value is read first and set only if it differs.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chatbot.transport.outgoing.client import BotApi
from chatbot.transport.outgoing.errors import describe

logger = logging.getLogger(__name__)

Commands = tuple[tuple[str, str], ...]
"""Pairs of a command, without its slash, and what it does."""
CallMethod = Callable[[str, dict[str, Any]], Awaitable[Any]]
"""Calls a method of Telegram's with values ready for JSON."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What Telegram shows before a chat is started: at most 64, 512 and 120 characters."""

    name: str
    description: str
    short_description: str


@dataclass(frozen=True, slots=True)
class LocalizedProfile:
    """The bot's profile and menu in one language."""

    profile: Profile
    commands: Commands


_NOTHING: Final = LocalizedProfile(Profile("", "", ""), ())


async def publish(api: BotApi, profiles: Mapping[str | None, LocalizedProfile | None]) -> None:
    """Set each language's name, descriptions and commands (in private chats) where they differ from Telegram's.

    Languages are two-letter codes; None is the default for all other languages, and comes first. Those without a
    profile lose theirs. Never raises: a change that fails is logged, and the old value stays until the next start.
    """
    default = profiles.get(None) or _NOTHING
    for language, localized in profiles.items():
        profile = (localized or _NOTHING).profile
        shown = (localized or default).profile  # Telegram shows the default where a language has nothing of its own
        await _attempt("the name", language, _set_text(api, language, "Name", "name", profile.name, shown.name))
        await _attempt(
            "the description",
            language,
            _set_text(api, language, "Description", "description", profile.description, shown.description),
        )
        await _attempt(
            "the short description",
            language,
            _set_text(
                api,
                language,
                "ShortDescription",
                "short_description",
                profile.short_description,
                shown.short_description,
            ),
        )
        private = {"type": "all_private_chats"}
        commands = (localized or _NOTHING).commands
        await _attempt("the commands", language, set_commands(api.call, private, language, commands))


async def set_commands(call: CallMethod, scope: Mapping[str, Any], language: str | None, commands: Commands) -> Any:
    """Set the commands of one language in `scope` if they differ, or delete them; return the last result of `call`.

    A chat's own menu hides the localised ones of wider scopes, so set it in each language and for None, or not at all.
    """
    values = {"scope": scope, **_address(language)}
    wanted = [{"command": command, "description": description} for command, description in commands]
    result = await call("getMyCommands", values)
    if result == wanted:
        return result
    if wanted:
        return await call("setMyCommands", {**values, "commands": wanted})
    return await call("deleteMyCommands", values)


async def _set_text(api: BotApi, language: str | None, name: str, field: str, wanted: str, shown: str) -> None:
    if (await api.call(f"getMy{name}", _address(language)))[field] not in (wanted, shown):
        await api.call(f"setMy{name}", {field: wanted, **_address(language)})


async def _attempt(what: str, language: str | None, change: Awaitable[None]) -> None:
    try:
        await change
    except Exception as error:  # the bot works with yesterday's profile
        logger.warning("%s in %s stays as it was (%s)", what, language or "the default language", describe(error))


def _address(language: str | None) -> dict[str, str]:
    return {"language_code": language} if language else {}
