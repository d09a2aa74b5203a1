"""Every screen of the human check, for supporters and for the team."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from chatbot.i18n import Translator
from chatbot.petition.signing.human_check import HumanCheck
from chatbot.petition.signing.picture_question import PictureQuestion
from chatbot.screens.organizer import notices
from chatbot.screens.organizer.petition import human_check
from chatbot.screens.screen import Screen
from chatbot.screens.supporter import human_check as signing_check

AT = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
QUESTION = PictureQuestion(("cat", "scissors", "tree", "umbrella"), "scissors", "0123abcd")


def human_screens(_: Translator) -> Iterator[tuple[str, Screen]]:
    """Yield each screen under its own name."""
    yield "human-ask", signing_check.ask(_, QUESTION)
    yield "human-missed", signing_check.ask(_, QUESTION, signing_check.missed(_))
    yield "human-rest", signing_check.ask(_, QUESTION, signing_check.rest(_))
    yield "human-resting", signing_check.ask(_, QUESTION, signing_check.still_resting(_))
    yield "human-typed", signing_check.ask(_, QUESTION, signing_check.tap_or_type(_))
    for thing in signing_check.WORDS:
        yield (
            f"human-ask-{thing}",
            signing_check.ask(_, replace(QUESTION, shown=(thing, *QUESTION.shown[1:]), wanted=thing)),
        )
    off = HumanCheck()
    auto = HumanCheck("auto", 100, AT, 7, 3003)
    yield "human-check-off", human_check.show(_, off, asks=False)
    yield "human-check-on", human_check.show(_, replace(off, mode="on"), asks=True)
    yield "human-check-auto", human_check.show(_, replace(auto, until=None), asks=False)
    yield "human-check-auto-asks", human_check.show(_, auto, asks=True)
    yield "human-check-first", human_check.show(_, auto, asks=True, hint=human_check.was_first(_, "유나"))
    for mode in ("off", "on", "auto"):
        details = {"mode": mode, "rate": 300, "by": "유나"}
        yield f"notice-human-{mode}", notices.write(_, "human_check", details)
    yield "notice-human-surge", notices.write(_, "human_on", {"rate": 100})
    yield "notice-human-over", notices.write(_, "human_off", {"rate": 100})
