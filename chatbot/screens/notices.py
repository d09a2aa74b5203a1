"""What the team is told when something happened that was not an answer to them: one function for each notice."""

from collections.abc import Callable, Mapping
from typing import Final

from chatbot.i18n import Translator
from chatbot.petition.errand import Details
from chatbot.screens import (
    approving,
    checking,
    course_notices,
    doubt_notices,
    exporting,
    human_check,
    team_notices,
    webhook_notices,
    wordings,
)
from chatbot.screens.screen import Screen

Notice = Callable[[Translator, Details], Screen]

NOTICES: Final[Mapping[str, Notice]] = {
    "problems": lambda _, details: checking.problems_found(_, str(details["problems"]).splitlines()),
    "member_joined": team_notices.joined,
    "member_changed": team_notices.changed,
    "member_forgotten": team_notices.forgotten,
    "member_hidden": team_notices.hidden,
    "your_role": team_notices.yours_changed,
    "threshold": team_notices.threshold,
    "appeal_changed": wordings.changed,
    "set_aside": doubt_notices.told,
    "signal": doubt_notices.seen,
    "many_asked": doubt_notices.many_asked,
    "course": course_notices.changed,
    "milestone": course_notices.reached,
    "human_check": human_check.switched,
    "human_on": human_check.on_by_itself,
    "human_off": human_check.off_by_itself,
    "approved": approving.notice,
    "retention": course_notices.retention,
    "webhook_refused": webhook_notices.broken,
    "webhook_failing": webhook_notices.broken,
    "webhook_taken": webhook_notices.taken,
    "webhook_over": webhook_notices.over,
    "not_made": lambda _, _details: exporting.not_made(_),
}
"""By the name that `errands.tell` is given; each reads its own details."""


def write(_: Translator, notice: str, details: Details) -> Screen:
    """The screen of a notice. Raises `KeyError` for one that nobody has written."""
    return NOTICES[notice](_, details)
