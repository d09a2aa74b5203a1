"""Asks Telegram once whose token it is, for the guided set-up."""

from enum import Enum
from typing import Final

from telegram.error import TimedOut

from chatbot.transport.outgoing.client import BotApi, NeverSentError
from chatbot.transport.outgoing.errors import ErrorClass, classify
from chatbot.transport.outgoing.proxy import UNTRUSTED, is_of_proxy


class NameTrouble(Enum):
    """Why there is no answer."""

    REFUSED = "Telegram does not know the token"
    UNREACHABLE = "no connection"
    SLOW = "no answer in time"
    STRANGE = "something else answered"
    PROXY_AWAY = "no connection to the proxy"
    PROXY_PASSWORD = "the proxy wants another name or password"  # noqa: S105 - no password
    UNTRUSTED = "the certificate is not trusted"
    PROXY_UNTRUSTED = "the proxy's certificate is not trusted"
    PROXY_NO_HTTPS = "the proxy does not speak https"
    PROXY_REFUSES = "the proxy does not connect to Telegram"


_OF_PROXY: Final = {
    "cannot be reached": NameTrouble.PROXY_AWAY,
    UNTRUSTED: NameTrouble.PROXY_UNTRUSTED,
    "does not speak https": NameTrouble.PROXY_NO_HTTPS,
}


class NoNameError(Exception):
    """Telegram gave no name; `trouble` says why."""

    def __init__(self, trouble: NameTrouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


async def find_bot_name(token: str, api_url: str, proxy: str | None = None) -> str:
    """Return the username of the bot with this token, without the @. Raises `NoNameError`."""
    api = BotApi(token, api_url, proxy or None)
    await api.open()
    try:
        me = await api.get_me()
    except Exception as error:  # PTB has many, and a proxy may answer anything
        raise NoNameError(_find_trouble(error)) from None
    finally:
        await api.close_session()
    if not me.username:
        raise NoNameError(NameTrouble.STRANGE)
    return me.username


def _find_trouble(error: Exception) -> NameTrouble:
    if classify(error).error_class is ErrorClass.TOKEN:
        return NameTrouble.REFUSED
    if isinstance(error, NeverSentError) and is_of_proxy(error.message):
        for words, trouble in _OF_PROXY.items():
            if words in error.message:
                return trouble
        wants_password = "password" in error.message.lower() or "authentication" in error.message.lower()
        return NameTrouble.PROXY_PASSWORD if wants_password else NameTrouble.PROXY_REFUSES
    if isinstance(error, NeverSentError) and UNTRUSTED in error.message:
        return NameTrouble.UNTRUSTED
    if isinstance(error, TimedOut) or (isinstance(error, NeverSentError) and "in time" in error.message):
        return NameTrouble.SLOW
    return NameTrouble.UNREACHABLE if isinstance(error, NeverSentError) else NameTrouble.STRANGE
