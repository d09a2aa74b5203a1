"""Screens of broadcasts whose readers are asleep, as an organizer sees them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Audience, Broadcast
from chatbot.petition.broadcasts.estimate import Estimate
from chatbot.petition.broadcasts.quiet_hours import MorningForecast
from chatbot.petition.broadcasts.tally import Tally
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.screens.organizer.broadcasts import approval, correcting, ending, launching, progress, scheduling
from chatbot.screens.screen import Screen
from tests.screens.galleries.progress import AT, HALF, POSTS


def night_screens(_: Translator, campaign: Campaign, _language: Language) -> Iterator[tuple[str, Screen]]:
    """Yield each screen under its own name."""
    draft = Broadcast(12, "update", None, 3003, Audience(), "readers", False, 5, AT, posts=POSTS)
    correction = replace(draft, id=13, kind="correction", of_id=12)
    readers: dict[Language, int] = {"ko": 1204, "en": 318}
    cost = Estimate(60.9, 0)
    night = MorningForecast(1204, 318, AT + timedelta(hours=14))
    yield "desk-confirm-night", launching.confirm(_, campaign, draft, readers, cost, night)
    few = replace(draft, audience=Audience(None, ("KR", "US")))
    yield "desk-confirm-night-countries", launching.confirm(_, campaign, few, readers, cost, night)
    yield "desk-confirm-night-correction", launching.confirm(_, campaign, correction, readers, cost, night)
    nobody: dict[Language, int] = {"ko": 0, "en": 0}
    yield "desk-confirm-night-nobody", launching.confirm(_, campaign, correction, nobody, Estimate(0, 0), night)
    yield "desk-urgent", launching.ask_urgent(_, draft, readers, night)
    urgent = replace(draft, urgent_at=AT)
    yield "desk-confirm-urgent", launching.confirm(_, campaign, urgent, readers, cost, night, unapproved=True)
    yield "desk-approve-urgent", approval.ask(_, campaign, urgent, "유나", readers, night)
    notice = replace(draft, renews="0123456789ab")
    yield "desk-confirm-night-notice", launching.confirm(_, campaign, notice, readers, cost, night)
    some = MorningForecast(0, 0, AT + timedelta(hours=14), 0.34)
    yield "desk-confirm-night-share", launching.confirm(_, campaign, notice, readers, cost, some)
    yield "desk-urgent-notice", launching.ask_urgent(_, notice, readers, some)
    unknown = MorningForecast(0, 0, AT, 0.0)
    yield "desk-confirm-night-unknown", launching.confirm(_, campaign, notice, readers, cost, unknown)
    awake = replace(night, waits=False)
    yield "desk-confirm-night-warning", launching.confirm(_, campaign, draft, readers, cost, awake)
    yield (
        "desk-hour-confirm-night",
        scheduling.confirm_hour(_, campaign, draft, AT + timedelta(hours=17), readers, cost, awake),
    )
    yield (
        "desk-hour-night-few",
        scheduling.confirm_hour(_, campaign, few, AT + timedelta(hours=17), readers, cost, awake),
    )
    yield "desk-hour-confirm-asleep", scheduling.confirm_hour(_, campaign, draft, AT, readers, cost, night)
    yield "desk-waiting-asleep", scheduling.waiting(_, replace(draft, scheduled_for=AT), readers, forecast=night)
    running = replace(draft, started_at=AT, gathered_at=AT)
    asleep = replace(HALF, mornings={AT + timedelta(hours=hours): 50 for hours in (9, 14)})
    yield "desk-progress-asleep", progress.progress(_, running, asleep, 24.9, 12)
    everybody = Tally({"ko": 1204}, {}, {AT + timedelta(hours=14): 1204})
    yield "desk-wake", launching.ask_wake(_, running, asleep, AT)
    few_asleep = Tally({"ko": 12}, {("ko", "sent", ""): 7}, {AT + timedelta(hours=9): 5})
    yield "desk-wake-few", launching.ask_wake(_, running, few_asleep, AT)
    yield "desk-progress-asleep-few", progress.progress(_, running, few_asleep, None, None)
    paused, ended = replace(running, paused_at=AT), replace(running, ended_at=AT, ending="cancelled")
    yield "desk-progress-asleep-paused", progress.progress(_, paused, asleep, None, None)
    yield "desk-progress-woken", progress.progress(_, replace(running, urgent_at=AT), asleep, 24.9, 12)
    yield "desk-cancel-asleep", progress.ask_cancel(_, paused, asleep)
    yield "desk-report-asleep", ending.report(_, campaign, ended, asleep)
    yield "desk-rest-asleep", launching.confirm_again(_, ended, {"ko": 262, "en": 318}, "rest", night)
    yield "desk-recall-asleep", correcting.ask_recall(_, running, asleep, too_old=False)
    yield "desk-recall-nobody", correcting.ask_recall(_, running, Tally({"ko": 9}, {}, {AT: 9}), too_old=False)
    yield "desk-progress-asleep-all", progress.progress(_, replace(running, paused_at=AT), everybody, None, None)
    chosen = replace(running, audience=Audience(None, ("KR", "US")))
    yield "desk-progress-asleep-countries", progress.progress(_, chosen, asleep, 24.9, None)
