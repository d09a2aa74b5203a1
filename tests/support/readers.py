"""People whose Telegram speaks a made-up language, in stories told in English."""

from dataclasses import dataclass

from chatbot.i18n import Translator
from chatbot.petition.countries.find import country_name
from chatbot.petition.model import Campaign
from tests.support.actor import Actor
from tests.support.made_up_languages import MadeUpLanguage
from tests.support.right_to_left import find_unisolated
from tests.support.stage import Stage


@dataclass(frozen=True)
class Reader:
    """One language of the petition, as the people in a story read it."""

    language: MadeUpLanguage
    translator: Translator
    campaign: Campaign

    def reads(self, screen: str) -> str:
        """Read a screen as English."""
        if self.translator.direction == "rtl":
            assert find_unisolated(screen.replace("] [", "]\n[")) == []
        return self.language.read(screen)

    def tell(self, story: str) -> str:
        """Fill in what the program itself writes in this language."""
        code, _ = self.language.code, self.translator
        words = self.campaign.words[code]
        countries = {"canada": "CA", "south": "KR", "north": "KP"}
        return story.format(
            started=self.language.read(_.date(self.campaign.started_on)),
            pages=len(words.appeal + words.updates),
            own=self.language.read(_.language_name(code)),
            own_name=self.language.read(_.own_name(code)),
            **{name: self.language.read(country_name(country, code)) for name, country in countries.items()},
        )


def add_actor(stage: Stage, name: str, reader: Reader, person_id: int | None = None) -> Actor:
    """Bring somebody of the cast on the stage whose Telegram speaks the language of `reader`."""
    last_name = {"Sam": "Taylor"}.get(name)
    person = stage.world.add_person(name, last_name=last_name, language_code=reader.language.code, person_id=person_id)
    actor = Actor(stage.world, stage.wire, person, reader.reads)
    stage.known_as(name, actor)
    return actor
