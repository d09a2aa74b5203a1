"""Identifies what people sign: title, addressee and appeal, independent of layout and of the order of languages."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from unicodedata import normalize

from chatbot.petition.languages import Language


class SignedText(NamedTuple):
    """What people sign, in one language."""

    paragraphs: Sequence[str]
    """Title, addressee and the paragraphs of the appeal, as plain text."""
    words: str
    """The same words with the code of the language, equal for every layout of the same text."""


def write_words(language: Language, title: str, addressee: str, appeal: str) -> str:
    """Return the words of a signed text; `appeal` is in one line."""
    return normalize("NFC", "\n".join((language, title, addressee, appeal)))


def name_version(words: Mapping[Language, str]) -> str:
    """Name a version by its words in these languages: 12 hex digits."""
    signed = "\n".join(words[language] for language in sorted(words, reverse=True))
    return hashlib.sha256(signed.encode()).hexdigest()[:12]
