"""Checks what Telegram accepts and shows: characters, HTML of messages, addresses of links.

Telegram refuses a whole message for one surrogate or one unclosed tag, and shows an unknown entity as it is written.
These checks report such mistakes to the text's author before a supporter misses a message.
"""

import re
import unicodedata
from collections.abc import Iterator
from html.entities import html5
from typing import Final

from chatbot.problem import Problem

TAGS: Final = frozenset({"b", "i", "u", "s", "a", "code", "pre", "blockquote"})
ENTITY: Final = re.compile(r"&(?:#(?P<number>(?:[xX][0-9A-Fa-f]|[0-9])\w*|\w*(?=;))|(?P<name>[A-Za-z]\w*))(?P<end>;?)")
"""An HTML entity, or a text that looks like one."""

_NAMES: Final = frozenset({"lt", "gt", "amp", "quot"})
"""The named entities that Telegram decodes; it shows any other as written."""
_TAG: Final = re.compile(r"<(?P<close>/?)(?P<name>[a-z]+)(?P<attributes>[^<>]*)>|<")
_ATTRIBUTES: Final = {"a": r' href="[^"]+"', "blockquote": r"(?: expandable)?"}
_ANY_TAG: Final = re.compile(
    r"</?(?:a|b|i|u|s|p|h[1-6]|br|hr|em|strong|code|pre|span|ul|ol|li|blockquote)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_LABEL: Final = r"[^\W_](?:[\w-]*[^\W_])?"
_ADDRESS: Final = re.compile(
    rf"https://(?:{_LABEL}\.)+(?=[^\d.:/?#]){_LABEL}(?::[1-9]\d{{0,4}})?(?:[/?#][^\s<>\"\\]*)?"
)
_TURNING: Final = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
"""They change the order of the text after them, names and buttons included."""
_LOST: Final = frozenset("\ufeff\ufffd\u2028\u2029")
"""Characters left by a program that lost a character or a line. Telegram drops them or shows a box."""

_BLANKS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols that are shown as nothing."""


def is_shown(character: str) -> bool:
    """Whether Telegram shows a character: no control, surrogate, private or lost one; none that changes the order."""
    if character in _TURNING or character in _LOST:
        return False
    code = ord(character)
    if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:  # noncharacters
        return False
    return character in "\t\n" or unicodedata.category(character) not in {"Cc", "Cs", "Co"}


def decode_number(number: str) -> str | None:
    """Return the character of `&#…;` for the part after `#`; None if there is none that can be shown."""
    base, digits = (16, number[1:]) if number[:1] in {"x", "X"} else (10, number)
    if not re.fullmatch(r"[0-9A-Fa-f]{1,6}" if base == 16 else r"[0-9]{1,7}", digits):
        return None
    code = int(digits, base)
    return chr(code) if code < 0x10FFFF and is_shown(chr(code)) else None


def decode_name(name: str, end: str) -> str | None:
    """Return the characters of `&name` before `end` (`;` or nothing); None for an unknown entity."""
    return html5.get(name + end)


def is_visible(text: str) -> bool:
    """Whether a text contains a visible character. Telegram refuses an empty message."""
    return any(unicodedata.category(each)[0] in "LNPS" and each not in _BLANKS for each in text)


def find_unshown(text: str) -> Iterator[Problem]:
    """Report each character of a text that cannot be shown."""
    for character in dict.fromkeys(text):
        if not is_shown(character):
            yield Problem("this sign cannot be shown ({sign}); take it out", sign=f"U+{ord(character):04X}")


def find_html_faults(html: str) -> Iterator[Problem]:
    """Report mistakes in Telegram's HTML: those that Telegram refuses or shows as written."""
    yield from find_unshown(html)
    for entity in ENTITY.finditer(html):
        number = entity["number"]
        # Telegram decodes &#x…, but not &#X….
        if number is not None and (number.startswith("X") or decode_number(number) is None):
            yield Problem("this sign cannot be shown ({sign}); write the sign itself", sign=entity[0])
    for name in _find_names(_TAG.sub("", html)):
        if name.strip("&;") not in _NAMES:
            yield _explain(name)
    if not _is_well_formed(html):
        yield Problem("its <tags> are not those of Telegram, or not closed; write them as in the msgid above it")


def find_plain_faults(text: str) -> Iterator[Problem]:
    """Report what cannot be shown in plain text, and HTML in it, which Telegram shows as written."""
    yield from find_unshown(text)
    for entity in dict.fromkeys(found[0] for found in ENTITY.finditer(text) if found["number"] and found["end"]):
        yield _explain(entity)
    for name in _find_names(text):
        yield _explain(name)
    if tag := _ANY_TAG.search(text):
        yield Problem("{tag} would be shown as it is written; take it out", tag=tag[0])


def is_address(url: str) -> bool:
    """Whether a text is a valid https address for a link or button."""
    return _ADDRESS.fullmatch(url) is not None and all(map(is_shown, url))


def _find_names(text: str) -> Iterator[str]:
    """Yield the named entities of a text, also unknown ones; R&D and AT&T are not entities."""
    found = (entity for entity in ENTITY.finditer(text) if entity["name"])
    yield from dict.fromkeys(each[0] for each in found if each["end"] or decode_name(each["name"], ""))


def _explain(entity: str) -> Problem:
    sign = decode_name(entity[1:].rstrip(";"), ";") or ""
    itself = f", {sign}" if len(sign) == 1 and sign.isprintable() and not sign.isspace() else ""
    return Problem("{tag} would be shown as it is written; write the sign itself{sign}", tag=entity, sign=itself)


def _is_well_formed(html: str) -> bool:
    opened: list[str] = []
    for tag in _TAG.finditer(html):
        name = tag["name"]
        if name not in TAGS:
            return False
        if tag["close"]:
            if tag["attributes"].strip() or not opened or opened.pop() != name:
                return False
        elif not re.fullmatch(_ATTRIBUTES.get(name, ""), tag["attributes"]):
            return False
        else:
            opened.append(name)
    return not opened
