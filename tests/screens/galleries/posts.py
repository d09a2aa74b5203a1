"""Every screen about posts of a broadcast in channels and groups, for golden files and limits."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.estimate import Estimate
from chatbot.petition.broadcasts.place import Place
from chatbot.petition.broadcasts.place_delivery import PlaceDelivery, PlaceDeliveryState
from chatbot.petition.broadcasts.rest import Recall
from chatbot.petition.broadcasts.tally import Tally
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.screens.organizer.broadcasts import composing, correcting, ending, launching, progress
from chatbot.screens.organizer.broadcasts.message import render_place_post
from chatbot.screens.organizer.places import choosing, posting
from chatbot.screens.screen import Screen
from tests.screens.galleries.progress import AT, POSTS, TALLY

TITLES: Final = ("길동네 소식", "Neighbours", "Choir of the old town", "동네 책방")
REASONS: Final[tuple[tuple[PlaceDeliveryState, str], ...]] = (
    ("sent", ""),
    ("waiting", ""),
    ("unknown", "crash"),
    ("skipped", "paused"),
    ("skipped", "unlinked"),
    ("skipped", "no_words"),
    ("gone", "removed"),
    ("gone", "rights"),
    ("gone", "moved"),
    ("gone", "message_gone"),
    ("failed", "too_old"),
    ("failed", "content"),
    ("failed", "flood"),
    ("failed", "other"),
)
COST: Final = Estimate(61.0, 0)
READERS: Final = {"ko": 1204, "en": 318}


def post_screens(_: Translator, campaign: Campaign, draft: Broadcast) -> Iterator[tuple[str, Screen]]:
    """Yield the screens from the choice of places to the report."""
    language: Language = _.language if _.language in campaign.languages else campaign.languages[0]
    linked = [
        Place(f"c-abcdefg{nth}", -100 - nth, "channel" if nth % 2 else "group", title, language, AT, is_paused=nth == 2)
        for nth, title in enumerate(TITLES)
    ]
    planned = tuple(
        PlaceDelivery(each.code, each.title, language, *(("skipped", "paused") if each.is_paused else ("waiting", "")))
        for each in linked[:3]
    )
    chosen = replace(draft, places=planned, place_codes=tuple(each.code for each in planned))
    yield "posts-choose", choosing.choose(_, chosen, linked)
    yield "posts-review-none", composing.review(_, campaign, draft, READERS, COST, has_places=True)
    yield (
        "posts-review",
        composing.review(_, campaign, chosen, READERS, COST, choosing.may_go_there(_), has_places=True),
    )
    unwritten = replace(chosen, posts={}, places=(planned[0],))
    yield "posts-unwritten", launching.confirm(_, campaign, unwritten, READERS, COST)
    yield "posts-confirm", launching.confirm(_, campaign, chosen, READERS, COST)
    nobody = dict.fromkeys(READERS, 0)
    yield "posts-confirm-nobody", launching.confirm(_, campaign, chosen, nobody, Estimate(0, 0))
    yield "posts-started", launching.started(_, chosen, READERS)
    yield "posts-started-nobody", launching.started(_, chosen, nobody)
    yield "posts-letter", render_place_post(_, POSTS["en"], "https://t.me/Bot?start=c-abc", is_open=True, silent=False)
    yield (
        "posts-letter-closed",
        render_place_post(_, POSTS["en"], "https://t.me/Bot?start=c-abc", is_open=False, silent=False),
    )
    became = tuple(
        PlaceDelivery(f"c-abcdef{nth:02}", f"{TITLES[nth % 4]} {nth}", language, state, reason, -100 - nth, 7)
        for nth, (state, reason) in enumerate(REASONS)
    )
    running = replace(chosen, started_at=AT, gathered_at=AT, places=became, places_gathered_at=AT)
    done = replace(running, ended_at=AT, ending="done")
    yield "posts-progress", progress.progress(_, running, TALLY, 24.9, 24)
    yield "posts-progress-done", progress.progress(_, done, TALLY, None, None)
    yield "posts-cancel", progress.ask_cancel(_, replace(running, paused_at=AT), TALLY)
    yield "posts-report", ending.report(_, campaign, done, TALLY)
    yield "posts-report-cancelled", ending.report(_, campaign, replace(done, ending="cancelled"), TALLY)
    many = tuple(replace(became[7], code=f"c-{nth:08}", title="X" * 128) for nth in range(50))
    yield "posts-report-many", ending.report(_, campaign, replace(done, places=many), TALLY)
    failed, unknown = [became[7], became[12]], [became[2]]
    yield "posts-again", posting.ask_again(_, done, failed, unknown)
    for kind in ("correction", "recall"):
        change = replace(done, id=13, kind=kind, of_id=12)
        yield f"posts-again-{kind}", posting.ask_again(_, change, failed, [])
        complete = Tally(READERS, {(each, "sent", ""): count for each, count in READERS.items()})
        yield f"posts-report-{kind}", ending.report(_, campaign, change, complete)
    deletion = replace(done, id=14, kind="recall")
    yield "posts-again-unknown-recall", posting.ask_again(_, deletion, [], unknown)
    yield "posts-again-done", posting.goes_again(_)
    yield "posts-recall", correcting.ask_recall(_, done, TALLY, too_old=False)
    yield "posts-recall-alone", correcting.ask_recall(_, done, Tally({}, {}), too_old=False)
    recall = Recall(replace(done, id=14, kind="recall", places=(became[0],)), Tally(READERS, {}), 1522)
    yield "posts-report-recalled", ending.report(_, campaign, replace(done, recalled_at=AT), TALLY, recall)
