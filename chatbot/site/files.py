"""All files of the public page, with what HTTP says about each, and the choice of a reader's language."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import orjson

from chatbot.i18n import Translator
from chatbot.petition.languages import Language, match_language
from chatbot.petition.model import Campaign
from chatbot.screens.organizer.petition.public_page import describe_badge
from chatbot.site.badge import draw_badge
from chatbot.site.content import SiteContent
from chatbot.site.page import POLICY, Modules, name_page, name_picture, tag_language, write_page

INDEX: Final = "index.html"
"""The page in the language for readers whose own is not offered."""
COUNT: Final = "count.json"
BADGE: Final = "badge.svg"
PICTURE: Final = "card.png"
FRESH: Final = 60
"""Seconds for which browsers and proxies may keep a file: as often it is made anew."""
_TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
}
_MOST_TAGS: Final = 12
"""Languages read of a browser's list."""


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A file as it is sent."""

    body: bytes
    headers: Mapping[str, str]

    @property
    def etag(self) -> str:
        """Its validator, which changes with its bytes."""
        return self.headers["ETag"]


class Site:
    """The files by name, and the page in each language at `/`."""

    def __init__(self, campaign: Campaign, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.names = list_names(campaign)
        """All names that its files may have: pictures come later than the page."""
        self._campaign = campaign
        self._sent = {f"/{name}": SiteFile(body, _describe(name, body)) for name, body in files.items()}
        self._home = {
            language: SiteFile(page.body, {**page.headers, "Vary": "Accept-Language"})
            for language in campaign.languages
            for page in (self._sent[f"/{name_page(language)}"],)
        }

    def find(self, path: str, language: str = "", accepted: str = "") -> SiteFile | None:
        """Return the file at a path; None if there is none.

        `/` is the page in `language`, or else in one that the header Accept-Language (`accepted`) names.
        """
        if path != "/":
            return self._sent.get(path)
        chosen = next((each for each in self._home if tag_language(each) == language), None)
        return self._home[chosen or _negotiate(accepted, self._campaign)]


def list_names(campaign: Campaign) -> frozenset[str]:
    """Return the names of all files in the languages of the campaign."""
    by_language = (
        name
        for language in campaign.languages
        for name in (name_page(language), name_badge(language), name_picture(language))
    )
    return frozenset((INDEX, COUNT, BADGE, PICTURE, *by_language))


def name_badge(language: Language) -> str:
    """Return the file of the badge in a language."""
    return f"badge.{tag_language(language)}.svg"


def make_site(
    campaign: Campaign, translators: Mapping[Language, Translator], content: SiteContent, qr_code: Modules
) -> Site:
    """Make all files. `qr_code` has the link of `content`."""
    return Site(campaign, dict(_make_files(campaign, translators, content, qr_code)))


def _make_files(
    campaign: Campaign, translators: Mapping[Language, Translator], content: SiteContent, qr_code: Modules
) -> Iterator[tuple[str, bytes]]:
    total = campaign.carried_over + content.signed_here
    for language in campaign.languages:
        _, is_default = translators[language], language == campaign.fallback
        page = write_page(_, campaign, content, qr_code)
        badge = draw_badge(*describe_badge(_, campaign, total), _.direction)
        yield name_page(language), page
        yield name_badge(language), badge
        if is_default:
            yield INDEX, page
            yield BADGE, badge
        if (picture := content.pictures.get(language)) is not None:
            yield name_picture(language), picture
            if is_default:
                yield PICTURE, picture
    ending = content.status.find_ending(campaign)
    goal = None if ending else content.status.find_milestone(campaign, total)
    state = {None: "open", "closed": "closed", "victory": "won"}[ending]
    yield COUNT, orjson.dumps({"count": total, "goal": goal, "state": state}, option=orjson.OPT_APPEND_NEWLINE)


def _describe(name: str, body: bytes) -> dict[str, str]:
    kind = name.rpartition(".")[2]
    headers = {
        "Content-Type": _TYPES[kind],
        "Cache-Control": f"public, max-age={FRESH}",
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:20]}"',
        "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    if kind != "html":  # other pages may show and read them
        headers |= {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    return headers


def _negotiate(accepted: str, campaign: Campaign) -> Language:
    """Return the offered language that a browser's list wants most: `ko,en-GB;q=0.8`."""
    wanted = []
    for each in accepted.split(",", _MOST_TAGS)[:_MOST_TAGS]:
        tag, *parameters = (part.strip() for part in each.split(";"))
        weight = next((_read_weight(part[2:]) for part in parameters if part.startswith("q=")), 1.0)
        if tag and weight > 0:
            wanted.append((weight, tag))
    by_weight = sorted(wanted, key=lambda pair: -pair[0])
    known = (match_language(tag, campaign.languages, "") for _weight, tag in by_weight)
    return next(filter(None, known), campaign.fallback)


def _read_weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
