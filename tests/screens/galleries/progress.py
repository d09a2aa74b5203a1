"""Every screen of a running broadcast and of its report, for golden files and limits."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Audience, Broadcast, Steering, SteeringAct
from chatbot.petition.broadcasts.post import Media, Post, PostButton
from chatbot.petition.broadcasts.rest import Recall
from chatbot.petition.broadcasts.tally import Tally
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.screens.organizer.broadcasts import (
    correcting,
    ending,
    launching,
    progress,
)
from chatbot.screens.organizer.team import sent_broadcasts
from chatbot.screens.organizer.team.sent_broadcasts import SentBroadcast
from chatbot.screens.screen import Screen

AT = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
PHOTO = Media("photo", "AgACAgIAAxkBAAIB")
BUTTON = PostButton("Read more", "https://example.org/news")
POSTS: dict[Language, Post] = {
    "ko": Post(
        Markup("<b>친구가 풀려났습니다!</b>\n\n여러분의 서명이 힘이 되었습니다."),
        PHOTO,
        PostButton("자세히 보기", BUTTON.url),
    ),
    "en": Post(Markup("<b>Our friend is free!</b>\n\nYour signatures made the difference."), PHOTO, BUTTON),
}
TALLY = Tally(
    {"ko": 1204, "en": 318},
    {
        ("ko", "sent", ""): 1150,
        ("ko", "gone", "blocked"): 36,
        ("ko", "gone", "deactivated"): 12,
        ("ko", "unknown", "timeout"): 2,
        ("ko", "unknown", "crash"): 1,
        ("ko", "skipped", ""): 3,
        ("en", "sent", ""): 300,
        ("en", "gone", "blocked"): 4,
        ("en", "gone", "not_found"): 3,
        ("en", "failed", "other"): 11,
    },
)
HALF = Tally({"ko": 1204, "en": 318}, {("ko", "sent", ""): 930, ("ko", "gone", "blocked"): 12})
_PAUSED = Steering("paused", "하나", AT)
NOBODY = Tally({"ko": 1204, "en": 318}, {("ko", "failed", "content"): 1})
LONGEST = Tally(
    {"ko": 9_999_999, "en": 9_999_999}, {("ko", "sent", ""): 9_999_999, ("en", "unknown", "timeout"): 9_999_999}
)


def progress_screens(_: Translator, campaign: Campaign, started: Broadcast) -> Iterator[tuple[str, Screen]]:
    """Yield the screens of a broadcast that is under way, and of its end."""
    running = replace(started, gathered_at=AT)
    paused = replace(running, paused_at=AT)
    done = replace(running, ended_at=AT + timedelta(minutes=2), ending="done")
    correction, recall = replace(running, id=13, kind="correction"), replace(running, id=14, kind="recall")
    yield "desk-progress-start", progress.progress(_, started, Tally({}, {}), None, None)
    yield "desk-progress", progress.progress(_, running, HALF, 24.9, 24)
    yield "desk-progress-paused", progress.progress(_, paused, HALF, None, None)
    yield "desk-progress-correction", progress.progress(_, correction, HALF, 25.0, 24)
    yield "desk-progress-recall", progress.progress(_, recall, HALF, 25.0, 24)
    yield "desk-progress-done", progress.progress(_, done, TALLY, None, None)
    cancelled = replace(done, ending="cancelled")
    yield "desk-progress-cancelled", progress.progress(_, cancelled, HALF, None, None)
    yield "desk-cancel", progress.ask_cancel(_, paused, HALF)
    yield "desk-cancel-correction", progress.ask_cancel(_, replace(correction, paused_at=AT), HALF)
    yield "desk-goes-on", progress.goes_on(_)
    yield "desk-cancelled", progress.cancelled(_, running)
    yield "desk-report", ending.report(_, campaign, done, TALLY)
    yield "desk-report-korean", ending.report(_, campaign, replace(done, posts={"ko": POSTS["ko"]}), TALLY)
    yield "desk-report-longest", ending.report(_, campaign, done, LONGEST)
    part = replace(cancelled, posts={"ko": POSTS["ko"]})
    yield "desk-report-stopped", ending.report(_, campaign, part, HALF)
    yield "desk-report-cancelled", ending.report(_, campaign, cancelled, HALF)
    at_once = replace(cancelled, gathered_at=None)
    yield "desk-report-cancelled-at-once", ending.report(_, campaign, at_once, Tally({}, {}))
    yield "desk-progress-cancelled-at-once", progress.progress(_, at_once, Tally({}, {}), None, None)
    content = replace(done, ending="content", refusal='can\'t parse entities: unsupported start tag "x"')
    yield "desk-report-content", ending.report(_, campaign, content, NOBODY)
    yield "desk-report-strangers", ending.report(_, campaign, replace(done, ending="strangers"), NOBODY)
    recalled, all_gone = replace(cancelled, recalled_at=AT), Tally({"ko": 1450}, {("ko", "sent", ""): 1450})
    part = Tally({"ko": 1450}, {("ko", "sent", ""): 900, ("ko", "gone", "blocked"): 8, ("ko", "failed", "too_old"): 3})
    stopped = replace(recall, ended_at=AT, ending="cancelled")
    over = replace(stopped, ending="done")
    kept = Tally({"ko": 903}, {("ko", "sent", ""): 895, ("ko", "gone", "blocked"): 8})
    broken = Tally({"ko": 903}, {("ko", "sent", ""): 895, ("ko", "unknown", "timeout"): 8})
    for name, state, tally in (
        ("", over, all_gone),
        ("-running", recall, part),
        ("-paused", replace(recall, paused_at=AT), part),
        ("-stopped", stopped, part),
        ("-kept", over, kept),
        ("-part", over, replace(kept, is_partial=True)),
        ("-broken", over, broken),
    ):
        left = Recall(state, tally, 1450)
        yield f"desk-report-recalled{name}", ending.report(_, campaign, recalled, TALLY, left)
        if state.ended_at:
            yield f"desk-report-recall{name or '-all'}", ending.report(_, campaign, state, tally)
    halted = replace(correction, ended_at=AT, ending="cancelled")
    yield "desk-report-correction-stopped", ending.report(_, campaign, halted, HALF)
    yield "desk-report-correction-replaced", ending.report(_, campaign, replace(halted, ending="replaced"), HALF)
    yield "desk-report-correction-broken", ending.report(_, campaign, replace(halted, ending="done"), TALLY)
    yield "desk-progress-recall-paused", progress.progress(_, replace(recall, paused_at=AT), HALF, None, None)
    yield "desk-progress-correction-paused", progress.progress(_, replace(correction, paused_at=AT), HALF, None, None)
    yield "desk-cancelled-correction", progress.cancelled(_, correction)
    yield "desk-goes-on-correction", progress.tried_again(_, correction, "rest")
    yield "desk-goes-on-recall", progress.tried_again(_, recall, "rest")
    yield "desk-goes-on-rest", progress.tried_again(_, cancelled, "rest")
    yield "desk-rest-confirm", launching.confirm_again(_, cancelled, {"ko": 262, "en": 318}, "rest")
    yield "desk-report-correction", ending.report(_, campaign, replace(done, kind="correction"), TALLY)
    old = Tally({"ko": 10}, {("ko", "failed", "too_old"): 8, ("ko", "gone", "message_gone"): 2})
    yield "desk-report-recall", ending.report(_, campaign, replace(done, kind="recall"), old)
    yield "desk-unknown", launching.confirm_again(_, done, {"ko": 20, "en": 3}, "unknown")
    yield "desk-failed", launching.confirm_again(_, done, {"ko": 0, "en": 11}, "failed")
    yield "desk-tried-again", progress.tried_again(_, done, "failed")
    yield "desk-recall", correcting.ask_recall(_, done, TALLY, too_old=False)
    yield "desk-recall-lost", correcting.ask_recall(_, done, TALLY, too_old=False, lost=2)
    yield "desk-recall-old", correcting.ask_recall(_, done, TALLY, too_old=True)
    yield from _list_screens(_, done, running, correction, recall)
    steered = [replace(running, steered=Steering("resumed", "하나", AT)), replace(paused, steered=_PAUSED)]
    for each in steered:
        yield f"desk-progress-steered-{each.state}", progress.progress(_, each, HALF, None, None)
    yield "desk-cancel-steered", progress.ask_cancel(_, steered[1], HALF)
    stopped = replace(cancelled, steered=Steering("cancelled", "하나", AT))
    yield "desk-report-steered", ending.report(_, campaign, stopped, HALF)
    acts: tuple[SteeringAct, ...] = ("started", "again", "recalled", "woke")
    for act in acts:
        yield (
            f"desk-report-by-{act}",
            ending.report(_, campaign, replace(done, steered=Steering(act, "하나", AT)), TALLY),
        )


def _list_screens(
    _: Translator, done: Broadcast, running: Broadcast, correction: Broadcast, recall: Broadcast
) -> Iterator[tuple[str, Screen]]:
    """Yield the lists of sent broadcasts."""
    states = [
        running,
        replace(running, paused_at=AT),
        replace(done, ending="cancelled"),
        replace(done, ending="content", audience=Audience("en", ("KR", "US"))),
    ]
    corrected, deleted = (replace(each, ended_at=AT, ending="done") for each in (correction, recall))
    recalled = SentBroadcast(replace(done, recalled_at=AT), TALLY, [*[corrected] * 4, deleted])
    unfinished = SentBroadcast(
        replace(done, recalled_at=AT),
        TALLY,
        [
            corrected,
            replace(correction, ended_at=AT, ending="cancelled"),
            replace(correction, ended_at=None, ending=None),
            replace(recall, ended_at=None, ending=None, paused_at=AT),
        ],
    )
    sent = [
        SentBroadcast(done, TALLY, [correction]),
        recalled,
        unfinished,
        *(SentBroadcast(each, HALF) for each in states),
    ]
    sent.append(SentBroadcast(replace(done, renews="0123456789ab"), TALLY))
    yield "desk-list", sent_broadcasts.list_broadcasts(_, sent, {3003: "유나"}, 2, 3)
    yield "desk-list-none", sent_broadcasts.list_broadcasts(_, [], {}, 1, 1)
