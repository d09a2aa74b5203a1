"""Every screen about the petition status."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.languages import Language
from chatbot.petition.lifecycle import CHANGES, MOST_WORDS, WORDED, PetitionEnding, PetitionStatus
from chatbot.petition.model import Campaign
from chatbot.petition.text.diff import compare
from chatbot.screens.context import ReaderContext
from chatbot.screens.organizer import machine_notices, notices
from chatbot.screens.organizer.language_guesses import looks_like_another
from chatbot.screens.organizer.petition import appeal_versions, keeping, lifecycle_notices, telling_the_end
from chatbot.screens.organizer.petition import lifecycle as screens
from chatbot.screens.organizer.petition.milestone_thanks import Overtaken, is_overtaken, not_reached, thank_for
from chatbot.screens.screen import Screen
from chatbot.screens.supporter import resigning, signed, welcome

AT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
CODE = "abcdefghijk"
STATEMENT = {
    "ko": Markup("친구들이 안전한 곳에 도착했습니다. 함께해 주셔서 고맙습니다."),
    "en": Markup("Our friends have arrived in safety. Thank you for standing with us."),
}
ANSWER = {
    "ko": Markup("여러분의 목소리를 들었습니다."),
    "en": Markup("I have heard your voices."),
}


def lifecycle_screens(
    _: Translator, campaign: Campaign, language: Language, total: int
) -> Iterator[tuple[str, Screen]]:
    """Yield each screen under its own name."""
    going = PetitionStatus(revision=3, next_milestone=9_999_999_999, changed_by=1, changed_at=AT, change="closed")
    here = total - campaign.carried_over
    for ending in get_args(PetitionEnding):
        status = PetitionStatus(ending, AT, STATEMENT, ANSWER, revision=4)
        over = ReaderContext(is_open=False, status=status)
        yield f"welcome-{ending}", welcome.welcome(_, campaign, language, here, over)
        yield f"ended-{ending}", signed.ended(_, over)
        signer = replace(over, number=total)
        yield f"welcome-{ending}-signed", welcome.welcome(_, campaign, language, here, signer)
        yield f"signed-already-{ending}", signed.signed_already(_, total, AT, signer)
        yield f"ended-{ending}-drafting", signed.ended(_, replace(over, drafting=True))
        yield f"course-{ending}", screens.show(_, campaign, status, total, is_owner=True)
    full = dict.fromkeys(STATEMENT, Markup("가" * MOST_WORDS))
    longest = ReaderContext(is_open=False, status=PetitionStatus("victory", AT, full, full))
    yield "welcome-longest-words", welcome.welcome(_, campaign, language, here, longest)
    answered = ReaderContext(is_open=True, status=PetitionStatus(answer=ANSWER))
    yield "welcome-answered", welcome.welcome(_, campaign, language, here, answered)
    yield "course", screens.show(_, campaign, going, total, is_owner=True)
    yield "course-organizer", screens.show(_, campaign, PetitionStatus(), total, is_owner=False)
    shut = replace(campaign, is_open=False)
    yield "course-file", screens.show(_, shut, PetitionStatus(), total, is_owner=True)
    yield (
        "course-first",
        screens.show(_, campaign, going, total, is_owner=True, hint=screens.was_first(_, going, "유나")),
    )
    for change in ("closed", "victory", "statement", "answer"):
        yield f"course-words-{change}", screens.ask_words(_, change, language)
    long = screens.too_long(_, 1001)
    yield "course-words-again", screens.ask_words(_, "answer", language, can_clear=True, problem=long)
    yield "course-words-taken", screens.ask_words(_, "closed", language, after="taken")
    yield "course-words-skipped", screens.ask_words(_, "closed", language, after="skipped")
    yield "course-words-only", screens.ask_words(_, "answer", language, problem=screens.words_only(_))
    yield "course-milestone", screens.ask_milestone(_, going, 180_000, total, screens.is_reached(_, total))
    yield "course-milestone-same", screens.ask_milestone(_, going, 180_000, total, screens.is_milestone(_, 180_000))
    for change in CHANGES:
        ends = telling_the_end.Consequences(351, 351, 180, AT) if change in ("closed", "victory") else None
        yield f"course-ask-{change}", screens.confirm(_, change, (180_000, 185_000), CODE, cleared=False, ends=ends)
        hint, words = screens.changed(_, change), "answer" if change == "answer" else "statement"
        tell = (words, 351) if change in WORDED else None
        yield f"course-done-{change}", screens.show(_, campaign, going, total, is_owner=True, hint=hint, tell=tell)
        yield f"notice-course-{change}", notices.write(_, "course", {"change": change, "by": "유나"})
        senseless = screens.makes_no_sense(_, change)
        yield f"course-senseless-{change}", screens.show(_, campaign, going, total, is_owner=True, hint=senseless)
    wrong = looks_like_another(_, {language: Markup("Спасибо всем, кто помогал нам.")}, [language, "ru"])
    yield (
        "course-ask-languages",
        screens.confirm(_, "closed", (1, 2), CODE, list(_.languages), cleared=False, problems=wrong),
    )
    alone = telling_the_end.Consequences(0, 0, 1, AT, telling_the_end.say_prepared(_, 1, 1))
    yield "course-ask-alone", screens.confirm(_, "closed", (1, 2), CODE, cleared=False, ends=alone)
    silent = telling_the_end.Consequences(351, 0, 180, AT, telling_the_end.say_prepared(_, 3, 2))
    yield "course-ask-silent", screens.confirm(_, "closed", (1, 2), CODE, cleared=True, ends=silent)
    ended_bare = PetitionStatus("closed", AT, revision=4)
    hint = screens.changed(_, "closed")
    yield "course-tell-end", screens.show(_, campaign, ended_bare, total, is_owner=True, hint=hint, tell=("end", 351))
    yield "course-tell-places", screens.show(_, campaign, ended_bare, total, is_owner=True, hint=hint, tell=("end", 0))
    hint = Markup("\n\n").join((hint, telling_the_end.nobody_to_tell(_)))
    yield "course-tell-nobody", screens.show(_, campaign, ended_bare, total, is_owner=True, hint=hint)
    for ending in get_args(PetitionEnding):
        yield f"told-{ending}", Screen(telling_the_end.tell_end(_, campaign.words[language], ending, total).text)
    yield "thanks-not-reached", not_reached(_, 180_000, 179_971)
    yield "thanks-overtaken", Screen(is_overtaken(_, Overtaken(180_000, 179_971)))
    yield "course-ask-clear", screens.confirm(_, "answer", (1, 2), CODE, cleared=True)
    yield "course-used", screens.show(_, campaign, going, total, is_owner=True, hint=screens.used_up(_))
    ended = PetitionStatus(ending="closed", ended_at=datetime(2026, 12, 1, tzinfo=UTC))
    gone_at = datetime(2027, 5, 30, tzinfo=UTC)
    erased = keeping.names_are_erased(_, gone_at)
    yield "course-retention", screens.show(_, campaign, ended, total, is_owner=True, notes=[erased])
    for name, age in (("backup", timedelta(hours=8)), ("late-backup", timedelta(days=3))):
        note = keeping.last_backup(_, gone_at, gone_at + age)
        yield f"course-{name}", screens.show(_, campaign, going, total, is_owner=True, notes=[note])
    yield "notice-not-stored", machine_notices.not_stored(_)
    yield "notice-stored-again", machine_notices.stored_again(_)
    yield "notice-restored", notices.write(_, "restored", {"last_used_at": "2026-12-01T00:30:00.000000Z"})
    yield "notice-retention", notices.write(_, "retention", {"at": "2026-12-01T00:30:00.000000Z"})
    yield "retention-explained", lifecycle_notices.explain_retention(_)
    yield "notice-milestone", notices.write(_, "milestone", {"milestone": 200_000})
    versions = [("b" * 12, AT, 1204), ("a" * 12, AT, 178), ("0" * 12, None, 3)]
    yield "appeal-versions", appeal_versions.list_versions(_, versions, "b" * 12)
    yield "appeal-version", appeal_versions.list_versions(_, versions[:1], "b" * 12)
    pages = compare(["one two three", "same"], ["one 2 three <&>", "same", "new"])
    yield "appeal-changes", appeal_versions.show_changes(_, [*pages, *pages], 2, "a" * 12, "b" * 12)
    yield "appeal-unchanged", appeal_versions.show_changes(_, (), 1, "a" * 12, "b" * 12)
    yield "notice-appeal", notices.write(_, "appeal_changed", {})
    yield "notice-languages", notices.write(_, "languages", {"languages": "th ja qps"})
    yield "renew-notice", Screen(resigning.notice(_, campaign.words[language]).text)
    yield "renew-kept", resigning.kept(_, ReaderContext(is_open=True, number=total))
    yield "thanks-letter", Screen(thank_for(_, campaign.words[language], 200_000).text)
