"""Reads a made-up language as English, so that stories in English are told in it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from chatbot.i18n import Translator
from chatbot.petition.countries.find import CODES
from chatbot.petition.model import Campaign
from chatbot.screens.load import load_petition
from chatbot.settings import BUNDLED_LOCALES
from tests.support.made_up_languages import ISOLATES, MadeUpLanguage
from tests.support.more_languages import SOURCE, speak_untranslated
from tests.support.right_to_left import find_unisolated

Read = Callable[[str], str]


@dataclass(frozen=True)
class Reader:
    """One language of the petition, as the people in a story read it."""

    language: MadeUpLanguage
    translator: Translator
    campaign: Campaign

    @property
    def code(self) -> str:
        """The code of the language."""
        return self.language.code

    def reads(self, screen: str) -> str:
        """Read a screen as English. Right to left, all values in it are isolated."""
        if self.translator.direction == "rtl":
            assert find_unisolated(screen.replace("] [", "]\n[")) == []
        return self.understands(screen)

    def understands(self, screen: str) -> str:
        """Read as English the words of this language on any screen."""
        told = screen.translate(ISOLATES)
        for written, english in self._names:
            told = told.replace(written, english)
        return self.language.read(told)

    @cached_property
    def _names(self) -> list[tuple[str, str]]:
        """Pairs of what CLDR writes in this language and in English. Long ones come first: they may contain others."""
        own, english = self.translator, speak_untranslated(SOURCE)
        if own.locale.language == english.locale.language:
            return []  # CLDR does not have the language, so its fallback writes them: English
        pairs = [(own.country(code), english.country(code)) for code in CODES]
        pairs += [(own.language_name(code), english.language_name(code)) for code in ("ko", SOURCE)]
        if SOURCE not in self.campaign.languages:  # this language is there instead, under the name of English
            pairs += [(own.language_name(self.code), english.language_name(SOURCE))]
        pairs += [(own.date(self.campaign.started_on), english.date(self.campaign.started_on))]
        return sorted(pairs, key=lambda pair: -len(pair[0]))

    def tell(self, story: str) -> str:
        """Fill in what the program itself writes in this language."""
        _ = self.translator
        words = self.campaign.words[self.code]
        return story.format(
            started=self.understands(_.date(self.campaign.started_on)),
            pages=len(words.appeal + words.updates),
            own=self.understands(_.language_name(self.code)),
            canada=self.understands(_.country("CA")),
            south=self.understands(_.country("KR")),
            north=self.understands(_.country("KP")),
        )


def read_language(locales: Path, language: MadeUpLanguage) -> Reader:
    """Return the reader of a language of this campaign."""
    campaign, translators = load_petition([locales, BUNDLED_LOCALES])
    return Reader(language, translators[language.code], campaign)
