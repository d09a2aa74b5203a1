"""No number by language tells what became of one reader of a language that few people read."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Audience, Broadcast
from chatbot.petition.broadcasts.estimate import Estimate
from chatbot.petition.broadcasts.tally import Tally
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.screens.organizer.broadcasts import composing, correcting, ending, launching
from chatbot.screens.screen import Screen
from tests.screens.galleries.progress import AT

SENT = Broadcast(
    12,
    "update",
    None,
    3003,
    Audience(),
    "readers",
    True,
    5,
    AT,
    started_at=AT,
    gathered_at=AT,
    ended_at=AT,
    ending="done",
)


def tell(
    _: Translator, campaign: Campaign, audience: Mapping[Language, int], outcome: str, reader: Language
) -> list[str]:
    """Return all screens about a broadcast that one reader of a language did not get."""
    sent = {each: count - (each == reader) for each, count in audience.items()}
    outcomes = {(each, "sent", ""): count for each, count in sent.items()} | {(reader, outcome, ""): 1}
    tally = Tally(audience, outcomes)
    missed = {each: int(each == reader) for each in audience}
    drawn: list[Screen] = [
        ending.report(_, campaign, SENT, tally),
        launching.confirm_again(_, SENT, missed, "failed"),
        launching.confirm_again(_, SENT, missed, "unknown"),
        correcting.ask_recall(_, SENT, tally, too_old=False),
        composing.review(
            _, campaign, replace(SENT, kind="correction", started_at=None, ended_at=None), sent, Estimate(0.0, 0)
        ),
    ]
    return [f"{each.text}\n{each.rows}" for each in drawn]


@pytest.mark.parametrize("outcome", ["gone", "skipped", "failed", "unknown"])
@pytest.mark.parametrize(
    ("audience", "languages"),
    [
        ({"ko": 12, "en": 1}, ["ko", "en"]),
        ({"ko": 1, "en": 1}, ["ko", "en"]),
        ({"ko": 500, "en": 1}, ["ko", "en"]),
        ({"ko": 500, "en": 1, "ar": 1}, ["ko", "en", "ar"]),
        ({"ko": 500, "en": 30, "ar": 1}, ["en", "ar"]),
        ({"ko": 19, "en": 19, "fr": 19, "ar": 40}, ["ko", "en", "fr"]),
    ],
)
def test_screens_do_not_tell_which_language_the_one_reads(
    translators: Mapping[Language, Translator],
    campaign: Campaign,
    audience: Mapping[Language, int],
    languages: list[Language],
    outcome: str,
) -> None:
    first, *others = (tell(translators["en"], campaign, audience, outcome, each) for each in languages)
    assert all(each == first for each in others)


@pytest.mark.parametrize(
    ("audience", "lines"),
    [
        ({"ko": 500, "en": 30}, ["Korean: 500 of 500", "English: 29 of 30"]),
        ({"ko": 500, "en": 30, "ar": 1}, ["Korean: 500 of 500", "English and Arabic: 30 of 31"]),
        (
            {"ko": 500, "en": 30, "ar": 10, "fr": 12},
            ["Korean: 500 of 500", "English: 29 of 30", "Arabic and French: 22 of 22"],
        ),
        ({"ko": 500, "en": 1}, []),
        ({"ko": 12, "en": 1}, []),
    ],
)
def test_languages_of_few_share_a_line(
    translators: Mapping[Language, Translator],
    campaign: Campaign,
    audience: Mapping[Language, int],
    lines: list[str],
) -> None:
    [report, *_others] = tell(translators["en"], campaign, audience, "gone", "en")
    total = sum(audience.values())
    head, *by_language = next(part for part in report.split("\n\n") if "have it" in part).splitlines()
    assert (head, by_language) == (f"<b>{total - 1} of {total}</b> have it", lines)
