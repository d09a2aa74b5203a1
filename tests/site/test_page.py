"""The files of the public page: their text in every language and state, and hostile texts that stay texts.

`UPDATE_GOLDEN=1 python -m pytest tests/site` writes the golden pages.
"""

import os
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import orjson
import pytest
from markupsafe import Markup

from chatbot.documents.qr_code import encode
from chatbot.petition.broadcasts.post import Post, PostButton
from chatbot.petition.lifecycle import PetitionStatus
from chatbot.petition.model import Campaign, PlatformLink
from chatbot.screens.load import load_petition
from chatbot.settings import BUNDLED_LOCALES
from chatbot.site.content import SiteContent, TimelineEntry
from chatbot.site.files import Site, make_site
from chatbot.site.telegram_html import convert

GOLDEN: Final = Path(__file__).parent.parent / "golden" / "site"
ADDRESS: Final = "https://petition.example.org/"
POST: Final = Post(
    Markup('<b>We met</b>\n<i>on Tuesday</i>.\n\n<a href="https://example.org/?a&amp;b">More</a>'),
    button=PostButton("Read on", "https://example.org/"),
)
CONTENT: Final = SiteContent(
    "https://t.me/SaveMyFriendBot",
    PetitionStatus(),
    612,
    (TimelineEntry({"en": POST}, datetime(2026, 11, 20, 16, tzinfo=UTC)),),
    ADDRESS,
    {"ko": b"PNG", "en": b"PNG"},
)
WON: Final = PetitionStatus(
    "victory", statement={"en": Markup("Thank <b>you</b>.")}, answer={"en": Markup("We have heard you.")}
)
HOSTILE: Final = "\"><script>alert(1)</script><img src=x onerror='a()'>{x}%s</title></style>"


@pytest.fixture(scope="module")
def petition(made_up_locales: Path):
    return load_petition([made_up_locales, BUNDLED_LOCALES])


def make(petition, content: SiteContent = CONTENT, campaign: Campaign | None = None) -> Site:
    return make_site(campaign or petition[0], petition[1], content, encode(content.link))


def read(site: Site, name: str) -> str:
    """Return a page without its style, whose hash is in the policy, and without the squares of its QR code."""
    text = site.files[name].decode()
    text = re.sub(r"(?s)(<style>).*?(</style>)", r"\1\2", text)
    return re.sub(r"sha256-[^&]*", "sha256-…", re.sub(r'(<path d=")[^"]*', r"\1", text))


class Elements(HTMLParser):
    """The elements of a page; fails if one is not closed."""

    VOID: Final = ("meta", "link", "br", "rect", "path", "img")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


@pytest.mark.parametrize("name", ["open.ko", "open.en", "open.qar", "won.en", "closed.ko"])
def test_page_reads_as_reviewed(petition, name: str) -> None:
    state, _dot, language = name.partition(".")
    status = {"open": PetitionStatus(), "won": WON, "closed": PetitionStatus("closed")}[state]
    drawn, file = read(make(petition, replace(CONTENT, status=status)), f"{language}.html"), GOLDEN / f"{name}.html"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(drawn, encoding="utf-8")
    assert drawn == file.read_text("utf-8")


def test_every_file_is_there_in_every_language(petition) -> None:
    languages = ["ko", "en", "qps", "qar", "ar"]
    names = {f"{each}.html" for each in languages} | {f"badge.{each}.svg" for each in languages}
    names |= {"index.html", "badge.svg", "count.json", "card.png", "card.ko.png", "card.en.png"}
    assert make(petition).files.keys() == names


@pytest.mark.parametrize("language", ["ko", "en", "qps", "qar", "ar"])
def test_every_element_is_closed_and_nothing_is_loaded(petition, language: str) -> None:
    for status in (PetitionStatus(), WON, PetitionStatus("closed")):
        site = make(petition, replace(CONTENT, status=status))
        elements = Elements(site.files[f"{language}.html"].decode()).found
        tags = {tag for tag, _ in elements}
        assert not tags & {"script", "img", "iframe", "object", "embed", "form", "audio", "video", "base", "source"}
        for tag, attributes in elements:
            assert not [name for name in attributes if name.startswith("on") or name in ("style", "src", "srcset")], tag
            assert tag != "link" or attributes["rel"] in ("alternate", "canonical")
        html = dict(elements)["html"]
        assert html == {"lang": language, "dir": "rtl" if language in ("qar", "ar") else "ltr"}


def test_hostile_texts_of_a_campaign_stay_texts(petition) -> None:
    campaign, _translators = petition
    words = replace(
        campaign.words["en"],
        title=HOSTILE,
        lead=HOSTILE,
        addressee=HOSTILE,
        starter=HOSTILE,
        hashtag=f"#{HOSTILE}",
        links=(PlatformLink(HOSTILE, "javascript:alert(1)"), PlatformLink(HOSTILE, f"https://x.example/{HOSTILE}")),
    )
    hostile = replace(campaign, words={**campaign.words, "en": words}, carried_over_from=HOSTILE)
    post = Post(Markup.escape(HOSTILE), button=PostButton(HOSTILE, "javascript:alert(1)"))
    entry = TimelineEntry({"en": post}, CONTENT.timeline[0].sent_at)
    site = make(petition, replace(CONTENT, timeline=(entry,)), hostile)
    elements = Elements(site.files["en.html"].decode()).found
    assert not {tag for tag, _ in elements} & {"script", "img"}
    assert not [each for _, each in elements if (each.get("href") or "").startswith("javascript")]
    assert "alert(1)" in "".join(ET.fromstring(site.files["badge.en.svg"].decode()).itertext())


def test_telegrams_html_becomes_html_of_a_page() -> None:
    for given, expected in (
        ("One\nline\n\nTwo", "<p>One<br>line</p>\n<p>Two</p>\n"),
        ("<b>Bold\n\nagain</b>", "<p><b>Bold</b></p>\n<p><b>again</b></p>\n"),
        ("Said:\n<blockquote expandable>A\n\nB</blockquote>\nSo", "<p>Said:</p>\n<blockquote><p>A</p>\n<p>B</p>\n"),
        ("<tg-spoiler>dark</tg-spoiler> <tg-emoji emoji-id='1'>🙂</tg-emoji>", "<p>dark 🙂</p>\n"),
        ('<a href="tg://user?id=1001">하나</a>', "<p>하나</p>\n"),
        ('<a href="javascript:a()">x</a><a href="//x">y</a><a>z</a>', "<p>xyz</p>\n"),
        ('<pre><code class="language-py">a &lt; b</code></pre>', "<p><code><code>a &lt; b</code></code></p>\n"),
        ("<script>a()</script><b onclick='a()'>b</b>", "<p>a()<b>b</b></p>\n"),
        ("<b>one<i>two</b>three</i>", "<p><b>one<i>two</i></b><i>three</i></p>\n"),
        ("</b></i></blockquote>a", "<p>a</p>\n"),
        ("<b>open", "<p><b>open</b></p>\n"),
        ("", ""),
    ):
        assert convert(Markup(given)).startswith(expected)


def test_page_without_an_address_has_no_tag_that_needs_one(petition) -> None:
    page = make(petition, replace(CONTENT, address=None)).files["en.html"].decode()
    assert "og:title" in page
    assert not re.search("og:image|og:url|canonical|twitter", page)
    assert 'href="ko.html"' in page, "links to other languages are relative"
    tags = [each for tag, each in Elements(make(petition).files["ko.html"].decode()).found if tag == "meta"]
    told = {each.get("property") or each.get("name"): each.get("content") for each in tags}
    assert (told["og:image"], told["og:url"]) == (f"{ADDRESS}card.ko.png", f"{ADDRESS}ko.html")
    assert told["twitter:card"] == "summary_large_image"


def test_language_without_a_picture_has_no_tag_for_it(petition) -> None:
    page = make(petition, replace(CONTENT, pictures={"ko": b"PNG"})).files["en.html"].decode()
    assert "og:image" not in page


def test_count_tells_total_goal_and_state(petition) -> None:
    told = [
        orjson.loads(make(petition, replace(CONTENT, status=status)).files["count.json"])
        for status in (PetitionStatus(), PetitionStatus("closed"), WON)
    ]
    assert told == [
        {"count": 179_533, "goal": 180_000, "state": "open"},
        {"count": 179_533, "goal": None, "state": "closed"},
        {"count": 179_533, "goal": None, "state": "won"},
    ]


def test_text_in_another_language_names_its_language(petition) -> None:
    site = make(petition, replace(CONTENT, status=WON))
    page = read(site, "ko.html")
    assert '<div lang="en" dir="ltr"><p>Thank <b>you</b>.</p>' in page
    assert '<blockquote lang="en" dir="ltr"><p>We have heard you.</p>' in page
    assert read(site, "en.html").count('lang="en" dir') == 1, "the page itself"


def test_page_asks_nobody_to_sign_after_the_end(petition) -> None:
    for status in (PetitionStatus("closed"), WON):
        page = read(make(petition, replace(CONTENT, status=status)), "en.html")
        assert "Sign in Telegram" not in page
        assert "progress" not in page
        assert page.count("179,533") >= 1
    closed = replace(petition[0], is_open=False)
    assert "Sign in Telegram" not in read(make(petition, campaign=closed), "en.html")


def test_petition_in_one_language_offers_no_other(petition) -> None:
    campaign, translators = petition
    alone = {"en": campaign.languages["en"]}
    campaign = replace(campaign, languages=alone, words={"en": campaign.words["en"]})
    site = make_site(campaign, translators.limit(alone), CONTENT, encode(CONTENT.link))
    assert "<nav" not in site.files["en.html"].decode()
    assert site.find("/", "ko", "ko") == site.find("/")


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("ko", "ko"),
        ("ko-KR,ko;q=0.9,en-US;q=0.8", "ko"),
        ("fr, ko;q=0.5", "ko"),
        ("en;q=0.4, ko;q=0.5", "ko"),
        ("en-GB, ko;q=0.9", "en"),
        ("ko;q=0, qps;q=0.1", "qps"),
        ("KO ; q=1.0", "ko"),
        ("ar-EG", "ar"),
        ("*", "en"),
        ("ko;q=nan", "en"),
        ("ko;q=99", "en"),
        (",,;;=;q=", "en"),
        ("x" * 8_000, "en"),
        (",".join(["fr"] * 3_000) + ",ko", "en"),
    ],
)
def test_page_is_in_the_readers_language(petition, accepted: str, language: str) -> None:
    site = make(petition)
    found = site.find("/", "", accepted)
    assert found is not None
    assert found.body == site.files[f"{language}.html"]
    assert found.headers["Vary"] == "Accept-Language"


def test_named_language_comes_first(petition) -> None:
    site = make(petition)
    for named, language in (("ko", "ko"), ("xx", "en"), ("../ko", "en"), ("KO", "en")):
        found = site.find("/", named, "en")
        assert found is not None
        assert found.body == site.files[f"{language}.html"]


def test_etag_changes_with_the_content(petition) -> None:
    one, again = make(petition), make(petition)
    other = make(petition, replace(CONTENT, signed_here=613))
    for path in ("/", "/ko.html", "/count.json", "/badge.svg"):
        first, second, changed = (site.find(path) for site in (one, again, other))
        assert first is not None
        assert second is not None
        assert changed is not None
        assert first.etag == second.etag != changed.etag
    for path in ("/nothing", "", "ko.html", "/../ko.html", "//", "/ko.HTML"):
        assert one.find(path) is None


@pytest.mark.parametrize("language", ["ko", "en", "qar"])
def test_badge_has_room_for_its_texts(petition, language: str) -> None:
    badge = ET.fromstring(make(petition).files[f"badge.{language}.svg"].decode())
    texts = [each.text or "" for each in badge.iter("{http://www.w3.org/2000/svg}text")]
    assert len(texts) == 2
    assert badge.get("role") == "img"
    for text in badge.iter("{http://www.w3.org/2000/svg}text"):
        middle, half = float(text.get("x", "")), float(text.get("textLength", "")) / 2
        assert 0 < middle - half < middle + half < float(badge.get("width", ""))
