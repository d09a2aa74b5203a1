"""Every screen of exports, statistics and the timeline, for golden files and limits."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.post import Media, Post
from chatbot.petition.exports.request import ExportRequest
from chatbot.petition.languages import Language
from chatbot.petition.model import CampaignWords
from chatbot.screens.context import ReaderContext
from chatbot.screens.organizer import notices
from chatbot.screens.organizer.records import charts, exporting, petition_pdf, statistics
from chatbot.screens.screen import Screen
from chatbot.screens.supporter import timeline
from tests.screens.galleries.progress import AT, POSTS


def export_screens(_: Translator, language: Language) -> Iterator[tuple[str, Screen]]:
    """Yield the screens of an export."""
    found = {"problems": "the file is damaged: <page 7>", "problems_ko": "파일이 손상되었습니다: <page 7>"}
    yield "notice-problems", notices.write(_, "problems", found)
    many = {name: "\n".join([text] * 18) for name, text in found.items()}
    yield "notice-problems-many", notices.write(_, "problems", many)
    request = ExportRequest("signatures", "xlsx", language)
    month = replace(request, format="csv", first_day=date(2026, 11, 1), last_day=date(2026, 11, 30), country="KR")
    periods = (
        (None, None),
        (date(2026, 11, 23), AT.date()),
        (date(2026, 11, 1), date(2026, 11, 30)),
        (AT.date(), None),
    )
    top = ["KR", "US", "CA", "BQ", "NO"]
    yield "desk-export", exporting.choose(_, request, periods, top, (1204, False))
    yield (
        "desk-export-chosen",
        exporting.choose(_, month, periods, top, (150_000, True), exporting.not_understood(_, month)),
    )
    yield "desk-export-type", exporting.ask_choice(_, request)
    yield "desk-export-type-again", exporting.ask_choice(_, month, exporting.not_understood(_, month))
    yield "desk-export-type-log", exporting.ask_choice(_, replace(request, what="log"))
    yield "desk-export-none", exporting.choose(_, month, periods, [], (0, False))
    yield "desk-export-confirm", exporting.confirm(_, month, (1, False), "export:make:x")
    yield "desk-export-log", exporting.choose(_, replace(month, what="log", country=None), periods, top, (12, False))
    contents = petition_pdf.Contents(178_925, 4, 2)
    whole = replace(request, format="csv")
    told = exporting.list_rows(_, whole, (4, False), 2)
    yield "desk-export-confirm-all", exporting.confirm(_, whole, (4, False), "export:make:x", told)
    document, made = ExportRequest("delivery", "pdf", language), exporting.FileCounts(1204, 310)
    yield "desk-deliver", petition_pdf.offer(_, "UN", dict.fromkeys(_.languages, document), contents, is_open=True)
    for name, has in (
        ("", contents),
        ("-here", petition_pdf.Contents(1040, 1040, 9)),
        ("-many", replace(contents, named=10_000, is_counted=False)),
        ("-sealed", replace(contents, sealed=True)),
    ):
        told = petition_pdf.list_contents(_, has)
        yield f"desk-deliver-confirm{name}", exporting.confirm(_, document, (178_925, False), "export:make:x", told)
    yield "desk-deliver-file", Screen(exporting.caption(_, document, exporting.FileCounts(178_925, 9), AT, 1, 1))
    yield "desk-export-made", exporting.being_made(_)
    yield "desk-export-failed", exporting.not_made(_)
    yield "desk-export-nothing", exporting.nothing_there(_)
    yield "desk-export-sealed", Screen(exporting.caption(_, month, made, AT, 1, 1, sealed=True))
    yield "desk-export-file", Screen(exporting.caption(_, month, made, AT, 2, 3))


def statistics_screens(_: Translator) -> Iterator[tuple[str, Screen]]:
    """Yield the screens of the statistics."""
    numbers = statistics.Overview(
        total=178_925,
        here=4,
        today=1,
        yesterday=0,
        week=4,
        subscribers=2,
        milestone=200_000,
        days_to_go=None,
    )
    yield "desk-stats", statistics.overview(_, numbers, AT)
    lively = replace(numbers, total=190_021, here=11_100, today=1_204, yesterday=-3, week=4_321, days_to_go=17)
    yield "desk-stats-lively", statistics.overview(_, lively, AT)
    yield "desk-stats-closed", statistics.overview(_, replace(lively, milestone=None, days_to_go=None), AT)
    codes = ("KR", "US", "CA", "BQ", "NO", "JP", "DE", "FR", "GB", "AU", "TH", "BR")
    countries = {code: 4_321 // nth for nth, code in enumerate(codes, 1)}
    yield "desk-stats-countries", statistics.by_country(_, countries, "month", sum(countries.values()))
    yield "desk-stats-countries-none", statistics.by_country(_, {}, "day", 0)
    yield "desk-stats-languages", statistics.by_language(_, {"ko": 1_204, "en": 301}, "all", 1_505)
    generations = {"0": 801, "1": 302, "2": 95, "3": 21, "4": 3}
    yield "desk-stats-friends", statistics.by_generation(_, generations, "all", sum(generations.values()))
    sources = {
        "+friends": 801,
        "+direct": 302,
        "c-mn3kq7xw": 120,
        "card": 60,
        "group": 40,
        "radio": 90,
        "a" * 64: 5,
        "+other": 1,
    }
    titles = {"c-mn3kq7xw": "내 친구를 살려 주세요"}
    yield "desk-stats-sources", statistics.by_source(_, sources, "week", sum(sources.values()), titles)
    steps = {"opened": 2_001, "read": 902, "began": 1_800, "country": 1_500, "reason": 1_400, "check": 1_390}
    yield "desk-stats-steps", statistics.by_step(_, {**steps, "signed": 1_204, "subscribed": 700}, "all")
    yield "desk-stats-steps-none", statistics.by_step(_, {}, "day")
    yield "desk-stats-pictures", statistics.pictures(_)
    yield "desk-stats-picture", Screen(charts.caption(_, "growth", "month"))


def timeline_screens(_: Translator, language: Language, words: CampaignWords) -> Iterator[tuple[str, Screen]]:
    """Yield the pages of the timeline."""
    new, subscriber = ReaderContext(is_open=True), ReaderContext(is_open=True, subscription_language=language)
    written = language if language in POSTS else "en"
    yield "timeline-picture", timeline.broadcast_page(_, language, POSTS[written], AT, 12, 1, 3, new)
    yield "timeline-alone", timeline.broadcast_page(_, language, Post(Markup("…")), AT, 12, 1, 1, subscriber)
    yield (
        "timeline-longest",
        timeline.broadcast_page(_, language, Post(Markup("&amp;" * 4096)), AT, 12, 2, 3, subscriber),
    )
    for kind in ("video", "animation", "document"):
        post = Post(Markup(""), Media(kind, "x"))
        yield f"timeline-{kind}", timeline.broadcast_page(_, language, post, AT, 12, 1, 3, new)
    yield "timeline-bundled", timeline.bundled_page(_, language, words, 3, 2, new)
