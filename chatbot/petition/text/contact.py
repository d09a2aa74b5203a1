"""How people reach the team: a mail address, a link, a Telegram name, a phone number, or a name in a chat app."""

import re
from typing import Final

from chatbot.problem import InvalidValueError, Problem
from chatbot.telegram_text import is_address, is_shown

_MAIL: Final = re.compile(r"[^\s@:/?%,;<>\"]+@[^\s@:/?%,;<>\"]+\.\w+")
"""Without signs that would add headers or other receivers to a mail."""
_NAME: Final = re.compile(r"@\w{4,}")
_APP: Final = re.compile(r"(?:KakaoTalk|LINE|Signal|Viber|WeChat|WhatsApp|Zalo):? [@+]?\w[\w .+-]{1,60}", re.IGNORECASE)
_SECURE_TOO: Final = re.compile(r"^http://(?=(?:(?:pf|open)\.kakao\.com|line\.me|lin\.ee|wa\.me|m\.me|t\.me)/)")
"""Addresses of chat apps that work with https, whatever their apps copy."""
_PHONE: Final = re.compile(r"\+?[0-9(][0-9 ().-]*[0-9]")
_FEWEST_DIGITS: Final = 3
_MOST_DIGITS: Final = 15
"""Digits of a phone number: service numbers have few, and ITU-T E.164 allows no more."""


def read_contact(text: str) -> str:
    """Return the contact as people see it. Raises `ValueError` with what is wrong, for the campaign's author."""
    text = _SECURE_TOO.sub("https://", text).removeprefix("tel:")
    is_known = (
        is_address(text) or is_mail_address(text) or _NAME.fullmatch(text) or _APP.fullmatch(text) or is_phone(text)
    )
    if not is_known or not all(map(is_shown, text)):
        problem = Problem(
            "must be a mail address, an https link, a Telegram @name, a phone number like +82 2-123-4567, or a "
            "chat app and a name like KakaoTalk: forest; write one, or take the line out"
        )
        raise InvalidValueError(problem)
    return text


def is_mail_address(text: str) -> bool:
    """Whether it is a mail address."""
    return bool(_MAIL.fullmatch(text))


def is_phone(text: str) -> bool:
    """Whether it is a phone number."""
    return bool(_PHONE.fullmatch(text)) and _FEWEST_DIGITS <= sum(map(str.isdigit, text)) <= _MOST_DIGITS
