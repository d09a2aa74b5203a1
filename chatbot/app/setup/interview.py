"""What a question of the set-up is, and what is known when it is asked."""

import os
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from chatbot.app.commands.command import Terminal
from chatbot.app.setup.bot_token import Token
from chatbot.i18n import Translator
from chatbot.petition.languages import Language, find_own_name
from chatbot.screens.organizer.command_line import setup as words
from chatbot.settings import TELEGRAM
from chatbot.settings_file import SettingsFile

_ASKED_FOR: Final = ("TELEGRAM_TOKEN", "TELEGRAM_TOKEN_FILE", "LOCALES_DIR", "DATABASE_URL", "WEBHOOK_URL")


class WrongAnswerError(Exception):
    """An answer cannot be taken; the message, a line or a problem, says what to type."""

    def __init__(self, told: str) -> None:
        super().__init__(told)
        self.told = told


@dataclass(slots=True)
class Setup:
    """What is known before a question is asked."""

    terminal: Terminal
    file: SettingsFile
    answers: dict[str, str] = field(default_factory=dict)
    """By the question; what is asked in each language as `title.ko`."""
    kept_token: str | None = None
    """The token of an earlier set-up."""
    token: Token = field(default_factory=Token)
    typed_proxy: str | None = None
    """The address of a proxy that was typed; empty to go without one."""

    @property
    def _(self) -> Translator:
        return self.terminal.translator

    @property
    def languages(self) -> list[Language]:
        """The languages of the new campaign."""
        return self.answers["languages"].split()

    @property
    def api_url(self) -> str:
        """The Bot API server."""
        return (self.find("TELEGRAM_API_URL") or TELEGRAM).rstrip("/")

    @property
    def proxy(self) -> str:
        """The address of the proxy to Telegram; empty without one."""
        return self.find("TELEGRAM_PROXY") if self.typed_proxy is None else self.typed_proxy

    @property
    def is_in_container(self) -> bool:
        """Whether it runs in the image, which requires a volume."""
        return self.find("VOLUME_REQUIRED").lower() == "true"

    def find(self, name: str) -> str:
        """Return what is set now, in the environment or in the settings file; empty if it is not set."""
        return os.environ.get(name) or self.file.values.get(name, "")

    @property
    def not_asked(self) -> list[str]:
        """List what is set in the environment. It is stronger than the file, so it is not asked for."""
        return [name for name in _ASKED_FOR if os.environ.get(name)]


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that can be chosen by its number."""

    value: str
    label: str


Check = Callable[[Setup, str], Awaitable[str]]
"""Returns the answer to keep. Raises `WrongAnswerError`."""


@dataclass(frozen=True, slots=True)
class SetupQuestion:
    """One question. Its words are in `screens/organizer/command_line/setup.py`, by its name."""

    name: str
    check: Check
    choices: Callable[[Setup], Iterable[Choice]] = lambda _setup: ()
    default: Callable[[Setup], str] = lambda _setup: ""
    """What stands in brackets, and is the answer of Enter."""
    language: Language | None = None
    is_hidden: bool = False
    is_optional: bool = False

    @property
    def picks_one(self) -> bool:
        """Whether one of the choices is the answer, by its number."""
        return self.check is take_choice

    @property
    def key(self) -> str:
        """The name under which the answer is kept."""
        return f"{self.name}.{self.language}" if self.language else self.name

    def ask(self, _: Translator) -> str:
        """Return its words."""
        if self.language is None:
            return words.QUESTIONS[self.name](_)
        return words.IN_LANGUAGE[self.name](_, find_own_name(self.language))


async def take_choice(_setup: Setup, chosen: str) -> str:
    """Take one of the choices, which was looked up by its number."""
    return chosen
