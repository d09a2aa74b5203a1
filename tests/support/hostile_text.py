"""Texts that somebody may send to keep the bot busy, and everything that reads what people type."""

import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from markupsafe import escape

from chatbot.petition.broadcasts.parse_time import parse_time
from chatbot.petition.broadcasts.post import read_button, read_post
from chatbot.petition.countries.find import find_country
from chatbot.petition.countries.likely import likely_countries
from chatbot.petition.dates.parse_number import parse_number
from chatbot.petition.exports.parse_days import read_days
from chatbot.petition.exports.request import from_code
from chatbot.petition.language_guess import guess_written_language, strip_tags
from chatbot.petition.languages import match_language
from chatbot.petition.lifecycle import read_change
from chatbot.petition.period import read_period
from chatbot.petition.review.parse_filter import parse_filter, parse_signature_number
from chatbot.petition.signing.answers import is_cancel, is_skip, parse_name
from chatbot.petition.signing.human_check import read_mode
from chatbot.petition.signing.names import read_name
from chatbot.petition.signing.picture_question import PictureQuestion
from chatbot.petition.signing.reasons import read_reason
from chatbot.petition.team import read_role
from chatbot.screens.callbacks import read_number
from chatbot.transport.incoming.formatting import format_text
from chatbot.transport.incoming.updates import reduce_update

LONGEST: Final = 4_096
"""Longest message in characters."""
LENGTHS: Final = (LONGEST, 2_000, 1_000, 400, 200, 100, 40)
"""A reader that refuses long texts is slowest right below its limit."""
_CHANCE: Final = random.Random(11)
_ANY: Final = "".join(chr(code) for code in (*range(32, 0x2FF0), *range(0x3000, 0xD7FF), *range(0x1F000, 0x1FAFF)))

UNITS: Final[Mapping[str, str]] = {
    "one letter": "a",
    "one capital": "A",
    "one digit": "1",
    "spaces": " ",
    "letters and spaces": "a ",
    "wide spaces": "\u3000\u00a0\u2003",
    "lines": "a\n",
    "line separators": "\r\n\u2028\x0b",
    "three marks on a letter": "e\u0301\u0327\u0323",
    "marks alone": "\u0301",
    "marks in the wrong order": "\u0315\u0300\u0327\u0345\u05b0\u0334",
    "two marks by turns": "\u0301\u0323",
    "marks that come apart": "\u0344\u0f73\u0f75",
    "letters that come apart": "\u1f82\u1e69\u0390",
    "letters that become eighteen": "\ufdfa",
    "ligatures and squares": "\ufb03\u3392\u2103\u321d",
    "wide letters": "\uff21\uff11\uff0e",
    "mathematical letters": "\U0001d5a0\U0001d7d8",
    "syllables": "\uac01",
    "words of syllables": "\ud55c\uad6d \uc11c\uc6b8\uc5d0\uc11c\uc785\ub2c8\ub2e4 ",
    "jamo that compose": "\u1112\u1161\u11ab",
    "leading jamo": "\u1112",
    "old jamo": "\ua97c\ud7cb",
    "chinese": "\u6f22\u5b57",
    "compatible chinese": "\uf9d8\U0002f800",
    "thai": "\u0e01\u0e31\u0e49",
    "tibetan": "\u0f40\u0f90\u0f71\u0f72",
    "hindi with joiners": "\u0915\u094d\u200d\u0937\u200c",
    "persian with joiners": "\u0645\u06cc\u200c\u062e",
    "joiners": "\u200d\u200c",
    "nothing to see": "\u200b\u2060\u034f\ufe0f\u2800",
    "reversed": "\u202e\u202d\u2066",
    "private": "\ue000\U000f0000",
    "flags": "\U0001f1f0\U0001f1f7",
    "half flags": "\U0001f3f4\U000e0067\U000e0062",
    "family": "\U0001f468\u200d\U0001f469\u200d\U0001f467\ufe0f",
    "pictures": "\U0001f338\U0001f3ff\u2605",
    "dots": ".",
    "letters and dots": "a.",
    "hyphens": "a-",
    "underlines": "_",
    "addresses": "www.",
    "domains": "a-b.co.",
    "almost links": "://",
    "at": "@",
    "paths": "a.com/",
    "slashes": "/",
    "wide slashes": "\uff0f",
    "hashes": "#a",
    "tags": "<b>",
    "open tags": "<",
    "ampersands": "&amp",
    "quotations": "'\"\u2019",
    "a name again and again": "name: ",
    "in korean": "\uc774\ub984 \ucd9c\ucc98= ",
    "a source": "source: ",
    "speed": "< 1 ",
    "ids": "id >>> ",
    "days": "2026-1-1 ",
    "half days": "2026-1-",
    "korean days": "2026\ub144 1\uc6d4 1\uc77c ",
    "korean hours": "\uc624\uc804 12\uc2dc 5",
    "months": "january 1st, ",
    "weekdays": "\ub2e4\uc74c \uc8fc next ",
    "hours": "1:1",
    "later": "in 999 minutes ",
    "numbers": "1 1,1.",
    "links": "https://a.b ",
    "one long link": "https://a.",
    "small words": "of the ",
    "countries": "korea south ",
    "endings": "\ud55c\uad6d\uc5d0\uc11c\uc5d0\uc11c",
    "swapped letters": "kroae sotuh",
}
"""The repeated unit, by its kind."""


def write(unit: str, length: int = LONGEST) -> str:
    """Repeat a unit up to this length."""
    return (unit * (length // len(unit) + 1))[:length]


def write_kinds(length: int = LONGEST) -> dict[str, str]:
    """Write a text of each kind: every unit repeated, and four texts that are more than one unit."""
    any_character = "".join(_CHANCE.choices(_ANY, k=length))
    return {kind: write(unit, length) for kind, unit in UNITS.items()} | {
        "marks on one letter": "e" + write("\u0301\u0323\u0327", length - 1),
        "spaces within": "a" + " " * (length - 2) + "b",
        "a letter at the end": "." * (length - 1) + "a",
        "anything": any_character,
    }


_ZONE: Final = ZoneInfo("Asia/Seoul")
_NOW: Final = datetime(2026, 11, 27, 9, tzinfo=UTC).astimezone(_ZONE)
_QUESTION: Final = PictureQuestion.draw(random.Random(11))
_WORDS: Final = dict.fromkeys(_QUESTION.shown, ("apple", "사과"))


def _read_update(**fields: Any) -> object:
    sender = {"id": 1001, "is_bot": False, "first_name": "Sam", "language_code": "ko"} | fields.pop("sender", {})
    message = {"message_id": 1, "date": 0, "chat": {"id": 1001, "type": "private"}, "from": sender} | fields
    return reduce_update({"update_id": 1, "message": message}, "bot")


def _make_entities(count: int, length: int) -> list[dict[str, Any]]:
    kinds = ("bold", "italic", "blockquote", "underline", "code", "strikethrough", "spoiler", "pre")
    return [
        {"type": kinds[nth % 8], "offset": nth % 64, "length": length - 3 * nth if nth % 3 else length}
        for nth in range(count)
    ]


_SOME: Final = _make_entities(100, LONGEST)
_FLOOD: Final = _make_entities(10_000, LONGEST)

READERS: Final[Mapping[str, Callable[[str], object]]] = {
    "a name": read_name,
    "a name in a sentence": parse_name,
    "a wish to stop or to skip": lambda text: (is_cancel(text), is_skip(text)),
    "a reason": read_reason,
    "a country, ko": lambda text: find_country(text, ("ko", "en")),
    "a country, en": lambda text: find_country(text, ("en", "ko")),
    "a language": lambda text: (match_language(text, ("ko", "en"), "en"), likely_countries(text, (), 6)),
    "days": lambda text: read_days(text, _NOW.date(), ("ko", "en")),
    "an hour": lambda text: parse_time(text, _NOW, ("ko", "en")),
    "conditions": lambda text: parse_filter(text, _NOW.date(), _ZONE, ("ko", "en")),
    "a number of a signature": lambda text: parse_signature_number(text, ("ko", "en")),
    "a number of people": lambda text: parse_number(text, ("ko", "en")),
    "a number in a button": lambda text: read_number(text),
    "an order in a button": from_code,
    "a word in a button": lambda text: (read_mode(text), read_change(text), read_role(text), read_period(text)),
    "the name of a picture": lambda text: _QUESTION.find_typed(text, _WORDS),
    "a button": read_button,
    "a post": lambda text: read_post(escape(text), len(text)),
    "the language of a post": lambda text: (
        guess_written_language(escape(text), ("ko", "en")),
        strip_tags(escape(text)),
    ),
    "100 entities": lambda text: format_text(text, _SOME),
    "10,000 entities": lambda text: format_text(text, _FLOOD),
    "a message": lambda text: _read_update(text=text),
    "a caption": lambda text: _read_update(caption=text, photo=[{"file_id": text}], caption_entities=_FLOOD),
    "a profile": lambda text: _read_update(
        text="/start", sender={"first_name": text, "last_name": text, "language_code": text}
    ),
    "a command": lambda text: _read_update(text=f"/start {text}"),
}
"""Everything that reads what people type or have in their profiles. Readers refuse a text with `ValueError`."""


def read(reader: Callable[[str], object], text: str) -> None:
    """Call a reader, which may refuse the text."""
    with suppress(ValueError):
        reader(text)
