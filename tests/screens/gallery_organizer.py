"""Every screen of broadcasts, for golden files and limits."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Audience, Broadcast, Steering, SteeringAct, Tally
from chatbot.petition.broadcasts.estimate import Estimate
from chatbot.petition.broadcasts.parse_time import TimeChangeError, TimeProblem
from chatbot.petition.broadcasts.post import Media, Post, PostButton, PostProblem, PostRefusedError
from chatbot.petition.broadcasts.rest import Recall
from chatbot.petition.dates.zones import find_moments, find_neighbours
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.screens.organizer.broadcasts import (
    audience,
    composing,
    correcting,
    details,
    ending,
    launching,
    posts,
    progress,
    scheduling,
)
from chatbot.screens.organizer.broadcasts.message import mark_test, render_posts
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
    {"ko": 9_999_999, "en": 9_999_999}, {("ko", "sent", ""): 9_999_998, ("en", "unknown", "timeout"): 9_999_999}
)


def menu_screens(_: Translator, campaign: Campaign, language: Language) -> Iterator[tuple[str, Screen]]:
    """Yield each screen under its own name."""
    written = language if language in POSTS else "en"
    empty = Broadcast(12, "update", None, 3003, Audience(), "readers", False, 5, AT)
    draft = replace(empty, posts=POSTS)
    korean = replace(draft, posts={"ko": POSTS["ko"]})
    correction = replace(draft, id=13, kind="correction", of_id=12)
    readers: dict[Language, int] = {"ko": 1204, "en": 318}
    cost, paid = Estimate(60.9, 0), Estimate(1.5, 148)
    for each in ("ko", "en"):
        yield f"desk-post-{each}", composing.ask_post(_, campaign, empty, each, 1522, total=180_041)
    yield "desk-post-first", composing.ask_post(_, campaign, empty, "ko", 0)
    yield "desk-post-second", composing.ask_post(_, campaign, korean, "en", 1522)
    yield "desk-post-change", composing.ask_post(_, campaign, draft, "ko", 1522)
    yield "desk-post-correct", composing.ask_post(_, campaign, correction, "ko", 1522, composing.words_only(_))
    long_caption = PostRefusedError(PostProblem.TOO_LONG, 2012, 1024)
    for problem in PostProblem:
        refused = PostRefusedError(problem, 5012, 4096)
        yield (
            f"desk-post-{problem.value}",
            composing.ask_post(_, campaign, empty, "ko", 1, posts.post_refused(_, refused)),
        )
    yield "desk-post-caption", composing.ask_post(_, campaign, draft, "ko", 1, posts.post_refused(_, long_caption))
    yield "desk-edit", composing.review(_, campaign, draft, readers, cost, posts.edit_taken(_))
    hint = posts.old_text_stays(_, posts.post_refused(_, PostRefusedError(PostProblem.TOO_LONG, 5012, 4096)))
    yield "desk-edit-refused", composing.ask_post(_, campaign, draft, "ko", 1522, hint)
    yield "desk-post-typed", posts.ask_typed(_, draft, "en", POSTS["en"])
    yield "desk-edit-taken-over", posts.edit_is_late(_, draft)
    yield "desk-edit-scheduled", posts.edit_is_late(_, replace(draft, scheduled_for=AT))
    yield "desk-edit-sent", posts.edit_is_late(_, replace(draft, started_at=AT))
    yield "desk-edit-correction", posts.edit_is_late(_, replace(correction, started_at=AT))
    hint = Markup("\n\n").join((posts.has_custom_emoji(_), posts.kept_media(_)))
    yield "desk-post-kept", composing.review(_, campaign, draft, readers, cost, hint)
    yield "desk-nothing-yet", composing.ask_post(_, campaign, empty, "ko", 1, composing.nothing_yet(_))
    yield "desk-button", details.ask_button(_, replace(draft, posts={"ko": Post(Markup("x"))}), "ko", None)
    yield "desk-button-second", details.ask_button(_, draft, "en", BUTTON.url)
    yield "desk-letter", render_posts(dict.fromkeys(_.languages, _), campaign, draft)[written]
    yield "desk-review", composing.review(_, campaign, draft, readers, cost)
    copied = replace(draft, had_already=1522)
    yield "desk-review-copied", composing.review(_, campaign, copied, readers, cost)
    yield "desk-confirm-copied", launching.confirm(_, campaign, copied, readers, cost)
    yield "desk-review-paid", composing.review(_, campaign, draft, readers, paid)
    picky = replace(
        draft,
        silent=True,
        audience=Audience("en", ("KR", "CA", "US", "GB", "JP", "DE", "FR", "AU", "NZ", "NO")),
        posts={"ko": Post(POSTS["en"].text), "en": POSTS["en"]},
    )
    yield "desk-review-picky", composing.review(_, campaign, picky, {"ko": 0, "en": 318}, cost, composing.tap_please(_))
    yield "desk-review-nobody", composing.review(_, campaign, draft, {"ko": 0, "en": 0}, Estimate(0, 0))
    yield "desk-review-changed", composing.review(_, campaign, draft, readers, cost, composing.changed_meanwhile(_))
    for others in (0, 2):
        hint = details.sent_as_test(_, others)
        yield f"desk-review-tested-{others}", composing.review(_, campaign, draft, readers, cost, hint)
        yield f"desk-test-{others}", details.ask_test(_, draft, others)
    yield "desk-test-about", details.about_test(_, "하나")
    yield "desk-letter-test", mark_test(_, render_posts(dict.fromkeys(_.languages, _), campaign, draft)[written])
    full = replace(draft, ready_buttons=("sign", "share"), posts={each: Post(Markup("x")) for each in POSTS})
    yield "desk-letter-ready", render_posts(dict.fromkeys(_.languages, _), campaign, full)[written]
    reading = replace(draft, ready_buttons=("read",))
    yield "desk-letter-read", render_posts(dict.fromkeys(_.languages, _), campaign, reading)[written]
    yield "desk-button-ready", details.ask_button(_, full, "ko", None, details.no_room(_))
    yield "desk-settings", details.show_settings(_, campaign, draft, readers)
    yield (
        "desk-settings-plain",
        details.show_settings(_, campaign, replace(full, ready_buttons=(), silent=True), readers),
    )
    picked = replace(draft, audience=Audience("ko", ("KR", "CA")))
    yield "desk-settings-picked", details.show_settings(_, campaign, picked, {"ko": 1204})
    yield "desk-settings-one", details.show_settings(_, campaign, korean, {"ko": 1204})
    yield "desk-settings-correction", details.show_settings(_, campaign, correction, readers)
    lone = replace(draft, posts={"ko": POSTS["ko"], "en": Post(Markup("Free"))})
    yield "desk-review-picture", composing.review(_, campaign, lone, readers, cost)
    hint = details.text_too_long(_, ["en"])
    yield "desk-review-picture-long", composing.review(_, campaign, lone, readers, cost, hint)
    yield "desk-review-picture-used", composing.review(_, campaign, draft, readers, cost, details.picture_used(_))
    yield "desk-review-correction", composing.review(_, campaign, correction, readers, cost)
    yield "desk-review-correction-same", composing.review(_, campaign, correction, readers, cost, ready=False)
    yield "desk-review-korean", composing.review(_, campaign, korean, {"ko": 1204}, cost)
    yield "desk-review-everyone", composing.review(_, campaign, replace(korean, reach="everyone"), {"ko": 1522}, cost)
    addition = replace(empty, id=13, kind="addition", of_id=12, audience=Audience("en"))
    added = replace(addition, posts={"en": POSTS["en"]})
    yield "desk-add", correcting.choose_language(_, campaign, empty)
    yield "desk-add-post", composing.ask_post(_, campaign, addition, "en", 1522)
    yield "desk-add-review", composing.review(_, campaign, added, {"en": 318}, cost)
    hint = composing.cannot_add(_)
    yield "desk-add-review-late", composing.review(_, campaign, added, {"en": 318}, cost, hint, ready=False)
    missed = replace(added, scheduled_for=AT, late_at=AT)
    yield "desk-add-missed", scheduling.late(_, missed)
    yield "desk-add-confirm", launching.confirm(_, campaign, added, {"en": 318}, cost)
    yield "desk-reach", audience.ask_reach(_, campaign, korean, readers)
    yield "desk-who", audience.choose_audience(_, campaign, draft, readers)
    yield (
        "desk-who-picky",
        audience.choose_audience(_, campaign, replace(korean, audience=Audience("ko", ("KR",))), readers),
    )
    counts = {"KR": 800, "CA": 120, "US": 90}
    yield "desk-countries", audience.ask_countries(_, draft, counts)
    chosen = replace(draft, audience=Audience(None, ("KR", "GS")))
    yield "desk-countries-korea", audience.ask_countries(_, draft, counts, ("KP",), audience.which_korea(_))
    yield "desk-countries-chosen", audience.ask_countries(_, chosen, counts, ("AU", "AT"))
    yield "desk-aside", composing.put_aside(_, draft)
    yield "desk-discard", composing.ask_discard(_, draft)
    yield "desk-discarded", composing.discarded(_)
    yield "desk-gone", launching.is_gone(_)
    yield "desk-confirm", launching.confirm(_, campaign, draft, readers, cost)
    yield "desk-confirm-paid", launching.confirm(_, campaign, draft, readers, paid)
    yield "desk-confirm-correction", launching.confirm(_, campaign, correction, readers, cost)
    for kind in ("update", "correction", "recall"):
        yield f"desk-started-{kind}", launching.started(_, replace(draft, kind=kind), readers)
    offers = [AT + timedelta(hours=hours) for hours in (11, 24, 35, 144)]
    yield "desk-hour", scheduling.ask_hour(_, draft, offers, AT)
    for hour_problem in TimeProblem:
        told = scheduling.hour_refused(_, hour_problem)
        yield f"desk-hour-{hour_problem.value}", scheduling.ask_hour(_, draft, offers, AT, told)
    berlin = _.in_zone(ZoneInfo("Europe/Berlin"))
    for name, month, is_skipped in (("twice", 10, False), ("never", 3, True)):
        local = datetime(2026, month, 25 if month == 10 else 29, 2, 30, tzinfo=berlin.zone)
        change = TimeChangeError(local, find_moments(local) or find_neighbours(local), is_skipped=is_skipped)
        yield f"desk-hour-{name}", scheduling.ask_which(berlin, draft, change)
    yield (
        "desk-hour-repeated",
        scheduling.confirm_hour(berlin, draft, datetime(2026, 10, 25, 1, tzinfo=UTC), readers, cost),
    )
    for name, near in (("near", offers[:2]), ("unread", [])):
        refused_text = scheduling.text_refused(_, TimeProblem.UNCLEAR, "soon", is_near=bool(near))
        yield f"desk-hour-{name}", scheduling.ask_hour(_, draft, near or offers, AT, refused_text)
    yield "desk-hour-confirm", scheduling.confirm_hour(_, draft, AT, readers, paid)
    yield "desk-scheduled", scheduling.scheduled(_, AT)
    waiting = replace(draft, scheduled_for=AT)
    late = replace(waiting, id=14, late_at=AT + timedelta(hours=2))
    yield "desk-waiting", scheduling.waiting(_, waiting, readers)
    yield "desk-late", scheduling.late(_, late)
    yield "desk-unschedule", scheduling.ask_unschedule(_, waiting)
    yield "desk-schedule", scheduling.list_scheduled(_, [late, waiting])
    yield "desk-schedule-none", scheduling.list_scheduled(_, [])
    yield from _progress_screens(_, campaign, replace(draft, started_at=AT))


def _progress_screens(_: Translator, campaign: Campaign, started: Broadcast) -> Iterator[tuple[str, Screen]]:
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
