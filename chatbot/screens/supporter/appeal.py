"""The appeal and the latest news, page by page."""

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.model import CampaignWords, Page
from chatbot.screens import callbacks
from chatbot.screens.context import ReaderContext, way_back, way_on
from chatbot.screens.screen import ButtonRow, Link, Press, Screen, Style, pack


def appeal(_: Translator, words: CampaignWords, number: int, reader: ReaderContext) -> Screen:
    """Show page `number` (from 1; clamped) of the appeal, with the sign button on each."""
    pages = words.appeal + words.updates
    number = _within(number, pages)
    turning = _turning(_, callbacks.READ, number, pages, stands_out=reader.number is not None or not reader.is_open)
    onward = way_on(_, reader)
    rows: list[ButtonRow] = [turning, onward if reader.number is None else (), (way_back(_),)]
    if number == len(pages):
        links = pack(Link(each.label, each.url) for each in words.links)
        rows = [onward, *links, (*turning, way_back(_))]
    return Screen(_numbered(_, pages, number), tuple(row for row in rows if row))


def _within(number: int, pages: tuple[Page, ...]) -> int:
    # An old button may name a page that a shorter text lacks.
    return min(max(number, 1), len(pages))


def _numbered(_: Translator, pages: tuple[Page, ...], number: int) -> Markup:
    if len(pages) == 1:
        return _.page(pages[0].text)
    place = _("<i>{page} / {pages}</i>", page=_.number(number), pages=_.number(len(pages)))
    return Markup("\n\n").join((_.page(pages[number - 1].text), place))


def _turning(
    _: Translator, verb: callbacks.Verb, number: int, pages: tuple[Page, ...], *, stands_out: bool
) -> ButtonRow:
    row: list[Press] = []
    if number > 1:
        row.append(Press(_.label("‹ Previous"), verb(number - 1)))
    if number < len(pages):
        style: Style = "primary" if stands_out else "plain"
        row.append(Press(_.label("Next ›"), verb(number + 1), style))
    return tuple(row)
