"""Signing, and the desk of an organizer, in languages that are a folder and nothing else.

The stories are in English. The actors read their own language letter by letter as English, so each line holds in every
language. Right to left, every text that the bot sends has its values isolated.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from chatbot.i18n import Translator
from chatbot.petition.countries.find import country_name
from chatbot.petition.model import Campaign
from chatbot.screens.load import load_petition
from chatbot.settings import BUNDLED_LOCALES
from tests.support.actor import Actor
from tests.support.made_up_languages import MADE_UP, MadeUpLanguage
from tests.support.right_to_left import find_unisolated
from tests.support.stage import Stage

SIGNING = """
Sam: /start seoul_2026
Bot: (below) Save North Korean Refugees … Secretary General … Joseph Park … {started}
Bot: 178,921 … 1,079 to go until 180,000 … Open for signing
Bot: [✍️ Sign the petition] … [📖 Read the appeal] … [📰 Updates] [📣 Share] … [🌐

Sam: /read
Bot: (below) Why this petition matters … 1 / {pages} … [Next ›]
Sam: [Next]
Bot: (in place) 2 / {pages} … [‹ Previous] [Next ›]

Sam: /sign
Bot: (below) What is your name? … [Sign as Sam Taylor]
Sam: =1+1
Bot: (below) What is your name?
Sam: [Sign as Sam Taylor]
Bot: (in place) Which country do you live in? … [🇨🇦 {canada}]
Sam: Korea, Democratic People's Republic of
Bot: (below) which Korea do you mean? … [🇰🇷 {south}] … [🇰🇵 {north}]
Sam: Sourth Korea
Bot: (below) Why are you signing?
Sam: [Skip]
Bot: (in place) Is everything right? … 👤 Sam Taylor … 🇰🇷 {south} … 💬 no reason given … /privacy

Sam: [Reason]
Bot: Why are you signing?
Sam: No one should be sent back. <b>Please</b> & soon
Bot: 💬 No one should be sent back. <b>Please</b> & soon
Sam: [Country]
Bot: [Keep: 🇰🇷 {south}]
Sam: [{canada}]
Bot: 👤 Sam Taylor … 🇨🇦 {canada} … 💬 No one should be sent back.
Sam: /privacy
Bot: Your privacy … [✍️ Go on signing]
Sam: [Go on signing]
Bot: (in place) Is everything right? … 🇨🇦 {canada}
Sam: [✍️ Sign]
Bot: (in place) Thank you, Sam Taylor. … 178,922 … [🔔 … [Not now]
Sam: [Not now]
Bot: (in place) 178,922 … #SaveMyFriend … [Share in Telegram] … [X] … [Facebook] … [📋 Copy text and link]
Sam: /sign
Bot: You signed on … 178,922
Sam: /start
Bot: 178,922 … 1 here … You have signed: supporter no. 178,922.
Sam: /me
Bot: Sam Taylor … {canada}
Sam: /help
Bot: /start … /sign … /read … /updates … /subscribe … /unsubscribe … /share … /language … /privacy … /help … /cancel
Sam: /subscribe
Bot: You will get
"""


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
            **{name: self.language.read(country_name(country, code)) for name, country in countries.items()},
        )


@pytest.fixture(scope="module")
def readers(made_up_locales: Path) -> Callable[[str], Reader]:
    """Give the reader of a language."""
    campaign, translators = load_petition([made_up_locales, BUNDLED_LOCALES])
    return lambda code: Reader(MADE_UP[code], translators[code], campaign)


def add_actor(stage: Stage, name: str, reader: Reader) -> Actor:
    """Bring somebody of the cast on the stage whose Telegram speaks the language of `reader`."""
    last_name = {"Sam": "Taylor"}.get(name)
    person = stage.world.add_person(name, last_name=last_name, language_code=reader.language.code)
    actor = Actor(stage.world, stage.wire, person, reader.reads)
    stage.known_as(name, actor)
    return actor


@pytest.mark.parametrize("code", MADE_UP)
async def test_sam_signs_and_shares_in_any_language(
    empty_stage: Stage, made_up_locales: Path, readers: Callable[[str], Reader], code: str
) -> None:
    empty_stage.settings["locales_dir"] = made_up_locales
    await empty_stage.opens()
    sam = add_actor(empty_stage, "Sam", readers(code))
    await empty_stage.tell(readers(code).tell(SIGNING))
    signature = empty_stage.ledger.signature(sam.id)
    assert signature is not None
    assert (signature["name"], signature["country"], signature["language"]) == ("Sam Taylor", "CA", code)
    assert signature["reason"] == "No one should be sent back. <b>Please</b> & soon"
    assert signature["source"] == "seoul_2026"
    assert empty_stage.ledger.updates(sam.id) == code
    empty_stage.ledger.assert_consistent(signatures=1)
