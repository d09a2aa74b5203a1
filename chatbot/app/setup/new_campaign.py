"""Writes the files of a new campaign from what was answered: whole, and easy to edit."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from babel.core import get_global
from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.campaign_file import FACTS_FILE
from chatbot.petition.dates.zones import is_zone
from chatbot.petition.languages import Language, describe_languages
from chatbot.petition.text.post_length import LONGEST_POST, weigh_for_x
from chatbot.screens.organizer.command_line import campaign_files as words

_MILESTONES: Final = "[100, 500, 1_000, 5_000, 10_000, 50_000, 100_000]"
_LONGEST: Final = {"bot_name": 64, "bot_description": 512, "bot_short_description": 120, "share_text": 199}


@dataclass(frozen=True, slots=True)
class AnsweredTexts:
    """What was answered in one language."""

    title: str
    addressee: str
    starter: str
    lead: str
    demand: str


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """What was answered about a new campaign."""

    texts: Mapping[Language, AnsweredTexts]
    """In the order of the languages."""
    hashtag: str
    contact: str
    started_on: date

    def write(self, folder: Path, say: Translator, translators: Mapping[Language, Translator]) -> None:
        """Write the files into the empty folder. Comments are in the language of `say`."""
        facts = "\n".join(self._list_facts(say))
        blocks = (self._write_block(language, translators[language]) for language in self.texts)
        _write(folder / FACTS_FILE, "\n".join((facts, *blocks)))
        for language, texts in self.texts.items():
            (folder / language).mkdir()
            _write(folder / language / "appeal.html", _write_appeal(say, translators[language], texts))

    def _list_facts(self, _: Translator) -> Iterator[str]:
        languages = [*self.texts]
        yield from _comment(words.about_facts(_))
        yield ""
        if self.hashtag:
            yield f"hashtag = {_quote(self.hashtag)}"
        yield f"started_on = {self.started_on.isoformat()}"
        yield "is_open = true"
        yield from _comment(words.about_zone(_))
        yield f"zone = {_quote(_find_zone(languages[0]))}"
        yield "carried_over = 0"
        yield from _comment(words.about_milestones(_))
        yield f"milestones = {_MILESTONES}"
        yield from _comment(words.about_likely_countries(_))
        yield f"likely_countries = {_quote_all(_find_territories(languages))}"
        yield from _comment(words.about_risk(_))
        yield "at_risk_countries = []"
        yield from _comment(words.about_quiet_hours(_))
        yield 'quiet_hours = ["21:00", "08:00"]'
        if self.contact:
            yield f"contact = {_quote(self.contact)}"
        yield f"languages = {_quote_all(languages)}"
        yield ""
        yield from _comment(words.about_texts(_))

    def _write_block(self, language: Language, _: Translator) -> str:
        texts = self.texts[language]
        description = words.describe_bot(_, texts.lead)
        values = {
            "title": texts.title,
            "addressee": texts.addressee,
            "starter": texts.starter,
            "lead": texts.lead,
            "share_text": self._write_share_text(texts),
            "bot_name": shorten(texts.title, _LONGEST["bot_name"]),
            "bot_description": shorten(description, _LONGEST["bot_description"]),
            "bot_short_description": shorten(texts.lead, _LONGEST["bot_short_description"]),
        }
        return "\n".join((f"[{language}]", *(f"{name} = {_quote(value)}" for name, value in values.items()), ""))

    def _write_share_text(self, texts: AnsweredTexts) -> str:
        """Write what people share; it fits a post on X, and has the hashtag."""
        end = f" {self.hashtag}" if self.hashtag else ""
        most = _LONGEST["share_text"] - len(end)
        while weigh_for_x(shorten(texts.lead, most) + end) > LONGEST_POST:
            most -= 1
        return shorten(texts.lead, most) + end


def shorten(text: str, most: int) -> str:
    """Cut a text at a space, if it is too long."""
    if len(text) <= most:
        return text
    whole = text[: most - 1].rpartition(" ")[0] or text[: most - 1]
    return f"{whole.rstrip(' ,.;:')}…"


def _write_appeal(say: Translator, _: Translator, texts: AnsweredTexts) -> str:
    """Write the appeal in the language of `_`."""
    parts: list[Markup] = [
        Markup("<!--\n  {}\n-->").format("\n  ".join(_wrap(words.about_appeal(say).replace("--", "–")))),
        Markup("<h1>{}</h1>").format(words.why(_)),
        Markup("<p>{}</p>").format(texts.lead),
        Markup("<p>{}</p>").format(words.stand_together(_)),
        Markup("<h1>{}</h1>").format(words.what(_)),
        Markup("<p>{}</p>").format(words.address(_, texts.addressee)),
        Markup("<p><b>{}</b></p>").format(texts.demand),
        Markup("<p>{}</p>").format(words.every_name(_)),
        Markup("<p>{}</p>").format(texts.starter),
    ]
    return "\n\n".join(parts) + "\n"


def _find_zone(language: Language) -> str:
    """Return the time zone of the language, or of this machine for a language of many zones."""
    zone = describe_languages([language])[language].zone
    here = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    return here if zone == "UTC" and is_zone(here) else zone


def _find_territories(languages: Sequence[Language]) -> list[str]:
    """Return the territory where most readers of each language live, by CLDR."""
    likely = get_global("likely_subtags")
    tags = (likely.get(language) or likely.get(language.partition("_")[0], language) for language in languages)
    found = dict.fromkeys(tag.rpartition("_")[2] for tag in tags)
    return [each for each in found if len(each) == 2 and each.isupper()] or ["US"]


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in _wrap(text)]


def _wrap(text: str, width: int = 110) -> list[str]:
    """Wrap a text at spaces; Hangul counts as one letter, as in an editor's columns it does not matter."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return lines


def _quote(text: str) -> str:
    """Write a string of TOML. JSON's are such strings."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _quote_all(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_quote, texts))}]"


def _write(file: Path, text: str) -> None:
    file.write_text(text, "utf-8", newline="\n")
