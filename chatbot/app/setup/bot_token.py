"""The bot's token: found in what was pasted, and tried at Telegram."""

import re
from dataclasses import dataclass
from typing import Final

from chatbot.transport.bot_name import NoNameError, find_bot_name

_TOKEN: Final = re.compile(r"(?<![A-Za-z0-9_-])[0-9]{3,16}:[A-Za-z0-9_-]{10,}")

_LONGEST: Final = 60
"""Letters of a token with quotation marks or a name before it."""


@dataclass(slots=True)
class Token:
    """The token that is kept or was pasted last, and whose it is, as far as Telegram said."""

    value: str | None = None
    username: str | None = None


def find_token(pasted: str) -> str | None:
    """Find the token in pasted text, such as the whole message of @BotFather; None if there is none, or several.

    A terminal may put marks around what is pasted, and a mail may break the token in two.
    """
    text = re.sub(r"\x1b\[20[01]~|\bbot(?=[0-9])", " ", pasted)
    alone = "".join(text.split())
    found = dict.fromkeys(_TOKEN.findall(text if len(alone) > _LONGEST else alone))
    return next(iter(found)) if len(found) == 1 else None


async def ask_name(token: str, api_url: str, proxy: str | None = None) -> tuple[str | None, str | None]:
    """Return the bot's username, and otherwise the name of what went wrong."""
    try:
        return await find_bot_name(token, api_url, proxy), None
    except NoNameError as error:
        return None, error.trouble.name
