"""The page in HTML: one file that loads nothing else, for every size of screen, without scripts."""

import base64
import hashlib
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from markupsafe import Markup, escape

from chatbot.i18n import Translator
from chatbot.petition.languages import Language, find_nearest
from chatbot.petition.model import Campaign
from chatbot.screens.organizer.petition.public_page import PageWords, describe_page
from chatbot.site.content import SiteContent, TimelineEntry
from chatbot.site.telegram_html import convert, is_web_address

Modules = Iterable[Iterable[int]]
"""Rows of a QR code: 1 is dark."""

PREVIEW_SIZE: Final = (1200, 630)
"""Width and height of the pictures for previews of a link."""
_CSS: Final = (Path(__file__).parent / "page.css").read_text("utf-8")
_CSS_HASH: Final = base64.b64encode(hashlib.sha256(_CSS.encode()).digest()).decode()
POLICY: Final = f"default-src 'none'; style-src 'sha256-{_CSS_HASH}'; base-uri 'none'; form-action 'none'"
"""Content security policy: nothing is loaded, and only our style applies."""
_QUIET: Final = 4
"""Light modules around a QR code."""
_LETTERS_IN_A_WORD: Final = 15
_HEAD: Final = Markup(
    '<!DOCTYPE html>\n<html lang="{code}" dir="{direction}">\n<head>\n<meta charset="utf-8">\n'
    '<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="referrer" content="no-referrer">\n<title>{title}</title>\n'
    '<meta name="description" content="{summary}">\n{tags}<style>{css}</style>\n</head>\n<body{spaced}>\n'
)
_FOOT: Final = Markup("</body>\n</html>\n")


def tag_language(language: Language) -> str:
    """Return the tag of a language for HTML, HTTP and file names: zh-Hant."""
    return language.replace("_", "-")


def name_page(language: Language) -> str:
    """Return the file of the page in a language."""
    return f"{tag_language(language)}.html"


def name_picture(language: Language) -> str:
    """Return the file of the picture for previews in a language."""
    return f"card.{tag_language(language)}.png"


def write_page(_: Translator, campaign: Campaign, content: SiteContent, qr_code: Modules) -> bytes:
    """Write the page in the language of `_`."""
    words = describe_page(_, campaign, content.status, content.signed_here)
    head = _HEAD.format(
        code=tag_language(_.language),
        direction=_.direction,
        policy=POLICY,
        title=words.title,
        summary=words.summary,
        tags=Markup("").join(_list_tags(_, words, content)),
        css=Markup(_CSS),  # noqa: S704 - our own file
        spaced=Markup(' class="spaced"') if _has_spaces(campaign.words[_.language].signed.words) else "",
    )
    parts = (head, *_write_body(_, words, campaign, content, qr_code), _FOOT)
    return Markup("").join(parts).encode()


def _has_spaces(text: str) -> bool:
    """Whether there are spaces between words, so that lines need not end inside one."""
    return text.count(" ") * _LETTERS_IN_A_WORD > len(text)


def _list_tags(_: Translator, words: PageWords, content: SiteContent) -> Iterator[Markup]:
    """Yield the tags for previews of a link and for search engines. Their addresses must be whole."""
    base = content.address or ""
    for language in _.languages:
        yield Markup('<link rel="alternate" hreflang="{}" href="{}">\n').format(
            tag_language(language), f"{base}{name_page(language)}"
        )
    tags = {"og:type": "website", "og:title": words.title, "og:description": words.summary}
    if content.address is not None:
        yield Markup('<link rel="canonical" href="{}">\n').format(f"{base}{name_page(_.language)}")
        tags["og:url"] = f"{base}{name_page(_.language)}"
        if _.language in content.pictures:
            width, height = PREVIEW_SIZE
            tags |= {"og:image": f"{base}{name_picture(_.language)}", "og:image:type": "image/png"}
            tags |= {"og:image:width": str(width), "og:image:height": str(height), "og:image:alt": words.title}
            yield Markup('<meta name="twitter:card" content="summary_large_image">\n')
    for name, value in tags.items():
        yield Markup('<meta property="{}" content="{}">\n').format(name, value)


def _write_body(
    _: Translator, words: PageWords, campaign: Campaign, content: SiteContent, qr_code: Modules
) -> Iterator[Markup]:
    if not _.is_alone:
        yield Markup('<nav aria-label="{}">\n').format(words.languages)
        for language in _.languages:
            yield Markup('<a href="{file}" lang="{code}" hreflang="{code}"{current}>{name}</a>\n').format(
                file=name_page(language),
                code=tag_language(language),
                current=Markup(' aria-current="page"') if language == _.language else "",
                name=_.own_name(language),
            )
        yield Markup("</nav>\n")
    yield Markup("<main>\n<h1>{}</h1>\n").format(words.heading)
    if words.lead:
        yield Markup('<p class="lead">{}</p>\n').format(words.lead)
    if words.ending:
        statement = Markup("")
        if words.statement:
            statement, speaks = convert(words.statement), _tag_other(_, content.status.statement, campaign)
            statement = Markup("<div{}>{}</div>").format(speaks, statement) if speaks else statement
        yield Markup('<div class="state">{}{}</div>\n').format(convert(words.ending), statement)
    yield Markup("").join(_write_count(words, campaign, content))
    yield _write_action(_, words, content, qr_code)
    if words.answer:
        heading, answer = map(convert, words.answer)
        speaks = _tag_other(_, content.status.answer, campaign)
        yield Markup('<section class="answer">{}<blockquote{}>{}</blockquote></section>\n').format(
            heading, speaks, answer
        )
    yield from _write_texts(_, words, campaign, content)
    yield Markup("</main>\n<footer>\n")
    links = [each for each in campaign.words[_.language].links if is_web_address(each.url)]
    if links:
        yield Markup("<ul>{}</ul>\n").format(
            Markup("").join(Markup("<li>{}</li>").format(_link(each.url, each.label)) for each in links)
        )
    yield Markup('<p class="note">{}</p>\n</footer>\n').format(words.privacy)


def _write_count(words: PageWords, campaign: Campaign, content: SiteContent) -> Iterator[Markup]:
    if words.count:
        yield Markup('<p class="count">{}</p>\n').format(words.count)
    if words.goal:
        total = campaign.carried_over + content.signed_here
        yield Markup('<progress value="{}" max="{}" aria-label="{}"></progress>\n').format(
            total, content.status.find_milestone(campaign, total), words.goal
        )
        yield Markup('<p class="note">{}</p>\n').format(words.goal)
    facts = (*([words.before] if words.before else []), *words.facts)
    lines = Markup("").join(Markup("<li>{}</li>\n").format(each) for each in facts)
    yield Markup('<ul class="facts">\n{}</ul>\n').format(lines)


def _write_action(_: Translator, words: PageWords, content: SiteContent, qr_code: Modules) -> Markup:
    effort = Markup('<p class="note">{}</p>').format(words.effort) if words.effort else ""
    return Markup(
        '<div class="act">\n<div><a class="button" href="{link}">{action}</a>{effort}</div>\n'
        '<figure>{code}<figcaption>{scan} <a href="{link}"><bdi dir="ltr">{shown}</bdi></a></figcaption></figure>\n'
        "</div>\n"
    ).format(
        link=content.link,
        action=words.action,
        effort=effort,
        code=_draw_code(qr_code),
        scan=words.scan,
        shown=content.link.removeprefix("https://"),
    )


def _draw_code(modules: Modules) -> Markup:
    rows = [list(row) for row in modules]
    size = len(rows) + 2 * _QUIET
    squares = "".join(_draw_row(row, y + _QUIET) for y, row in enumerate(rows))
    # The link beside it says the same to a screen reader.
    return Markup(
        '<svg viewBox="0 0 {0} {0}" aria-hidden="true"><rect width="{0}" height="{0}" fill="#fff"/>'
        '<path d="{1}" shape-rendering="crispEdges"/></svg>'
    ).format(size, squares)


def _draw_row(row: Iterable[int], y: int) -> str:
    """Draw the dark modules of a row as rectangles, each as long as it can be."""
    written, x = "", _QUIET
    for dark, run in groupby(row):
        length = len(list(run))
        written += f"M{x} {y}h{length}v1h-{length}z" if dark else ""
        x += length
    return written


def _write_texts(_: Translator, words: PageWords, campaign: Campaign, content: SiteContent) -> Iterator[Markup]:
    texts = campaign.words[_.language]
    yield Markup('<section aria-labelledby="appeal">\n<h2 id="appeal">{}</h2>\n').format(words.appeal)
    yield from (convert(_.page(page.text)) for page in texts.appeal)
    yield Markup("</section>\n")
    if not content.timeline and not texts.updates:
        return
    yield Markup('<section aria-labelledby="updates">\n<h2 id="updates">{}</h2>\n').format(words.updates)
    yield from (_write_entry(_, each, campaign) for each in content.timeline)
    yield from (Markup("<article>\n{}</article>\n").format(convert(_.page(each.text))) for each in texts.updates)
    yield Markup("</section>\n")


def _write_entry(_: Translator, entry: TimelineEntry, campaign: Campaign) -> Markup:
    language = find_nearest(_.language, entry.posts, campaign.listed)
    if language is None:
        return Markup("")
    post, speaks = entry.posts[language], _tag_other(_, entry.posts, campaign)
    button = Markup("")
    if post.button is not None and is_web_address(post.button.url):
        button = Markup("<p>{}</p>\n").format(_link(post.button.url, post.button.label))
    return Markup('<article>\n<p><time datetime="{}">{}</time></p>\n<div{}>{}{}</div>\n</article>\n').format(
        entry.sent_at.astimezone(_.zone).date().isoformat(), _.moment(entry.sent_at), speaks, convert(post.text), button
    )


def _tag_other(_: Translator, written: Collection[Language], campaign: Campaign) -> Markup:
    """Return the attributes of a text that is not in the language of the page, for browsers and screen readers."""
    language = find_nearest(_.language, written, campaign.listed)
    if language is None or language == _.language or language not in campaign.listed:
        return Markup("")
    return Markup(' lang="{}" dir="{}"').format(tag_language(language), campaign.listed[language].direction)


def _link(address: str, label: str) -> Markup:
    return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(address, escape(label))
