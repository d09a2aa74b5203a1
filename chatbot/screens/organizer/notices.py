"""Notices to the team about events that are no reply to them: one function for each."""

from collections.abc import Callable, Mapping
from typing import Final

from chatbot.i18n import Translator
from chatbot.petition.job import JobDetails
from chatbot.screens.organizer import machine_notices
from chatbot.screens.organizer.petition import (
    appeal_versions,
    human_check,
    keeping,
    language_notices,
    lifecycle_notices,
)
from chatbot.screens.organizer.places import notices as place_notices
from chatbot.screens.organizer.records import exporting, integrity, review_notices
from chatbot.screens.organizer.team import approval_notices, colleagues, notices, owner_link
from chatbot.screens.screen import Screen

Notice = Callable[[Translator, JobDetails], Screen]

NOTICES: Final[Mapping[str, Notice]] = {
    "problems": integrity.problems_found,
    "member_joined": notices.joined,
    "owner_joined": owner_link.joined,
    "member_changed": notices.changed,
    "member_forgotten": notices.forgotten,
    "member_hidden": notices.hidden,
    "your_role": notices.yours_changed,
    "threshold": notices.threshold,
    "appeal_changed": appeal_versions.changed,
    "languages": language_notices.not_offered,
    "set_aside": review_notices.set_aside_changed,
    "signal": review_notices.signal_found,
    "many_asked": review_notices.many_questions,
    "course": lifecycle_notices.changed,
    "milestone": lifecycle_notices.reached,
    "human_check": human_check.switched,
    "human_on": human_check.switched_on_automatically,
    "human_off": human_check.switched_off_automatically,
    "approved": approval_notices.approved,
    "declined": approval_notices.declined,
    "colleague": colleagues.acted,
    "taken_over": colleagues.taken_over,
    "taken_back": colleagues.taken_back,
    "retention": lifecycle_notices.retention,
    "restored": keeping.restored,
    "webhook_refused": machine_notices.broken,
    "webhook_failing": machine_notices.broken,
    "webhook_taken": machine_notices.taken,
    "webhook_over": machine_notices.over,
    "clock": machine_notices.wrong_clock,
    **place_notices.NOTICES,
    "not_made": lambda _, _details: exporting.not_made(_),
}
"""Screens by the kind of notice, as given to `jobs.tell`; each reads its own details."""


def write(_: Translator, notice: str, details: JobDetails) -> Screen:
    """Return the screen of a notice. Raises `KeyError` for an unknown kind."""
    return NOTICES[notice](_, details)
