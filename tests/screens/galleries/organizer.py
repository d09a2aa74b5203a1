"""Every screen of broadcasts, for golden files and limits."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Audience, Broadcast
from chatbot.petition.broadcasts.estimate import Estimate
from chatbot.petition.broadcasts.parse_time import TimeChangeError, TimeProblem
from chatbot.petition.broadcasts.post import Post, PostProblem, PostRefusedError
from chatbot.petition.dates.zones import find_moments, find_neighbours
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.screens.organizer.broadcasts import (
    audience,
    composing,
    correcting,
    details,
    launching,
    posts,
    scheduling,
)
from chatbot.screens.organizer.broadcasts.message import mark_test, render_posts
from chatbot.screens.organizer.petition.milestone_thanks import Overtaken
from chatbot.screens.screen import Screen
from tests.screens.galleries.posts import post_screens
from tests.screens.galleries.progress import AT, BUTTON, POSTS, progress_screens
from tests.support.cast import HANA, YUNA


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
    kept = composing.review(_, campaign, replace(draft, keepers=3), readers, cost)
    yield "desk-review-kept", kept
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
    hint = composing.got_another(_, "en", "ko")
    yield "desk-add-post-reached", composing.ask_post(_, campaign, addition, "en", 1522, hint)
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
    yield "desk-discard-empty", composing.ask_discard(_, empty)
    yield "desk-discarded", composing.discarded(_, draft)
    yield "desk-discard-correction", composing.ask_discard(_, correction)
    yield "desk-discarded-correction", composing.discarded(_, correction)
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
        scheduling.confirm_hour(berlin, campaign, draft, datetime(2026, 10, 25, 1, tzinfo=UTC), readers, cost),
    )
    for name, near in (("near", offers[:2]), ("unread", [])):
        refused_text = scheduling.text_refused(_, TimeProblem.UNCLEAR, "soon", is_near=bool(near))
        yield f"desk-hour-{name}", scheduling.ask_hour(_, draft, near or offers, AT, refused_text)
    yield "desk-hour-confirm", scheduling.confirm_hour(_, campaign, draft, AT, readers, paid)
    yield "desk-scheduled", scheduling.scheduled(_, AT)
    waiting = replace(draft, scheduled_for=AT)
    late = replace(waiting, id=14, late_at=AT + timedelta(hours=2))
    yield "desk-waiting", scheduling.waiting(_, waiting, readers)
    yield "desk-waiting-erased", scheduling.waiting(_, waiting, readers, erased_at=AT)
    yield "desk-late", scheduling.late(_, late)
    yield "desk-late-thanks", scheduling.late(_, late, overtaken=Overtaken(180_000, 179_971))
    yield "desk-unschedule", scheduling.ask_unschedule(_, waiting)
    yield (
        "desk-schedule",
        scheduling.list_scheduled(_, [late, replace(waiting, organizer_id=HANA)], {YUNA: "유나", HANA: "하나"}, YUNA),
    )
    yield "desk-schedule-none", scheduling.list_scheduled(_, [], {}, YUNA)
    yield from progress_screens(_, campaign, replace(draft, started_at=AT))
    yield from post_screens(_, campaign, draft)
