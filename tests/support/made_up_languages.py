"""Made-up languages: the English words, changed letter by letter, as folders of a campaign.

They prove that a language is data alone. `read` returns the English words of a screen, so that a story in English runs
in all of them.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from shutil import copytree
from tomllib import loads
from typing import Any, Final

from chatbot.i18n import CATALOG
from chatbot.settings import BUNDLED_LOCALES
from tests.support.more_languages import SOURCE, write_catalog

ISOLATES: Final = str.maketrans("", "", "\u2068\u2069\u200f")
_KEPT: Final = re.compile(
    r"<!--.*?-->|<code>.*?</code>|<[^<>]*>|&\w+;|&#\w+;|\{\w*\}|https?://\S+|(?<!\w)[/#@]\w+|\\n", re.DOTALL
)
"""Parts of a text that no translation changes: tags, entities, placeholders, addresses, commands, hashtags."""
_LONGER: Final = frozenset("aeiounsAEIOUNS")
"""Letters that are doubled, which makes an English text about 40 % longer."""
FORMS: Final = ("", "②", "③", "④", "⑤", "⑥")
"""The sign with which each plural form of a language with six begins."""
_LATIN: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ACCENTED: Final = "áƀçðéƒĝĥíĵķĺɱñóþɋŕšţúʋŵχýžÁƁÇÐÉƑĜĤÍĴĶĹϺÑÓÞǪŔŠŢÚƲŴΧÝŽ"
_ARABIC: Final = "ابچدهفغحیجکلمنوپقرستعڤشخيز"
_MARK: Final = "\u0651"
"""Follows an Arabic letter that is a capital in English."""
_TATWEEL: Final = "\u0640"
"""Makes an Arabic word longer."""
_SIGNS: Final = ("0123456789?,;", "٠١٢٣٤٥٦٧٨٩؟،؛")
_MOST: Final = {"title": 128, "addressee": 128, "starter": 128, "share_text": 199, "bot_name": 64}
_MOST |= {"bot_description": 512, "bot_short_description": 120}


@dataclass(frozen=True)
class MadeUpLanguage:
    """A language whose words are the English ones in other letters."""

    code: str
    letters: dict[str, str]
    """What each Latin letter becomes."""
    facts: str = ""
    """Additional lines of its table in `campaign.toml`."""
    has_six_forms: bool = False

    @cached_property
    def _table(self) -> dict[int, str]:
        return str.maketrans(self.letters)

    def write(self, text: str) -> str:
        """Translate an English text."""
        parts, end = [], 0
        for kept in _KEPT.finditer(text):
            parts += [text[end : kept.start()].translate(self._table), kept[0]]
            end = kept.end()
        return "".join([*parts, text[end:].translate(self._table)])

    def translate(self, text: str, form: int) -> str:
        """Translate a text of the screens. Where the language has six plural forms, each of them differs."""
        return (FORMS[form] if self.has_six_forms else "") + self.write(text)

    def read(self, screen: str) -> str:
        """Return the English of a screen. Names, numbers and addresses stay as they are."""
        english = {other: letter for letter, other in self.letters.items()}
        longest_first = sorted(english, key=len, reverse=True)
        shown = re.sub(f"[{''.join(FORMS)}]", "", screen.translate(ISOLATES))
        return re.sub("|".join(map(re.escape, longest_first)), lambda found: english[found[0]], shown)


def _accent() -> dict[str, str]:
    pairs = zip(_LATIN, _ACCENTED, strict=True)
    return {letter: other * (2 if letter in _LONGER else 1) for letter, other in pairs}


def _turn() -> dict[str, str]:
    letters = dict(zip(_LATIN, [*_ARABIC, *(each + _MARK for each in _ARABIC)], strict=True))
    longer = {letter: other + (_TATWEEL if letter in _LONGER else "") for letter, other in letters.items()}
    return longer | dict(zip(*_SIGNS, strict=True))


ACCENTED: Final = MadeUpLanguage("qps", _accent(), 'name = "ÁÁççééññţšš"')
"""Accented and 40 % longer. CLDR does not have it."""
RIGHT_TO_LEFT: Final = MadeUpLanguage("qar", _turn(), 'name = "لّهـتتهـرسـ"\ndirection = "rtl"')
"""Its twin in Arabic letters."""
SIX_FORMS: Final = MadeUpLanguage("ar", _turn(), has_six_forms=True)
"""Arabic as CLDR knows it, with its six plural forms, each of which begins with another sign."""
MADE_UP: Final = {each.code: each for each in (ACCENTED, RIGHT_TO_LEFT, SIX_FORMS)}


def copy_campaign(folder: Path, made_up: Sequence[MadeUpLanguage] = tuple(MADE_UP.values())) -> Path:
    """Copy the bundled campaign, with folders of these languages and a `campaign.toml` that names them."""
    copytree(BUNDLED_LOCALES, folder)
    for language in made_up:
        _write_folder(folder, language)
    file = folder / "campaign.toml"
    text = file.read_text("utf-8")
    words = loads(text)[SOURCE]
    codes = json.dumps([*loads(text)["languages"], *(language.code for language in made_up)])
    text = re.sub(r"^languages = .*$", f"languages = {codes}", text, flags=re.MULTILINE)
    text = re.sub(r"^quiet_hours = .*$", "quiet_hours = []", text, flags=re.MULTILINE)  # as in `BUNDLED`
    text = re.sub(r'^label = \{.* en = "(.*)" \}$', lambda found: _add_labels(found, made_up), text, flags=re.MULTILINE)
    tables = (f"\n[{each.code}]\n{_write_table(each, words)}\n{each.facts}\n" for each in made_up)
    file.write_text(text + "".join(tables), "utf-8")
    return folder


def replace_english(folder: Path, language: MadeUpLanguage) -> Path:
    """Copy the bundled campaign, and offer this language instead of English and under its name.

    English is listed, so that the language falls back to it, and is not offered, because it has no appeal.
    """
    facts = [line for line in language.facts.splitlines() if not line.startswith("name")]
    named = replace(language, facts="\n".join([*facts, f'name = "{language.write("English")}"', 'zone = "UTC"']))
    copy_campaign(folder, [named])
    (folder / SOURCE / "appeal.html").unlink()
    return folder


def _add_labels(label: re.Match[str], made_up: Sequence[MadeUpLanguage]) -> str:
    others = "".join(f', {each.code} = "{each.write(label[1])}"' for each in made_up)
    return f"{label[0].removesuffix(' }')}{others} }}"


def _write_table(language: MadeUpLanguage, words: dict[str, Any]) -> str:
    texts = {key: _fit(words[key], most, language.write) for key, most in _MOST.items()}
    lines: dict[str, object] = {**texts, "likely_countries": words["likely_countries"]}
    return "\n".join(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in lines.items())


def _fit(text: str, most: int, write: Callable[[str], str]) -> str:
    """Translate a text, and leave out its last words until Telegram has room for it."""
    while len(write(text)) > most:
        text = text.rsplit(maxsplit=1)[0]
    return write(text)


def _write_folder(folder: Path, language: MadeUpLanguage) -> None:
    for page in ("appeal.html", "updates.html"):
        text = (folder / SOURCE / page).read_text("utf-8")
        (folder / language.code / CATALOG).parent.mkdir(parents=True, exist_ok=True)
        (folder / language.code / page).write_text(language.write(text), "utf-8")
    write_catalog(folder / language.code / CATALOG, language.code, language.translate)
