"""Turns Telegram's HTML into that of a web page: only known tags are left, and all text is escaped again."""

from html import escape
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlsplit

from markupsafe import Markup

_INLINE: Final = {tag: tag for tag in ("b", "i", "u", "s", "code", "a")} | {"pre": "code"}
"""Other tags, as those of spoilers and custom emoji, leave their text."""
_SCHEMES: Final = ("https", "http", "mailto", "tel")
"""Not `tg`, which may point to a person."""


def convert(text: Markup) -> Markup:
    """Return the text as paragraphs and quotations."""
    writer = _Writer()
    writer.feed(str(text))
    writer.close()
    return Markup("".join(writer.finish()))  # noqa: S704 - all words are escaped


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._written: list[str] = []
        self._marks: list[tuple[str, str, str]] = []
        """The open formats: Telegram's tag, ours, and our opening tag. An empty one is not written."""
        self._paragraph_is_open = False
        self._quotes = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Open a format or a quotation."""
        if tag == "blockquote":
            self._end_paragraph()
            if not self._quotes:
                self._written.append("<blockquote>")
            self._quotes += 1
        elif tag == "br":
            self.handle_data("\n")
        elif known := _INLINE.get(tag):
            opening = _open_link(dict(attributes).get("href")) if known == "a" else f"<{known}>"
            self._marks.append((tag, known, opening))
            if self._paragraph_is_open:
                self._written.append(opening)

    def handle_endtag(self, tag: str) -> None:
        """Close a format or a quotation, if it is open."""
        if tag == "blockquote" and self._quotes:
            self._end_paragraph()
            self._quotes -= 1
            if not self._quotes:
                self._written.append("</blockquote>")
            return
        place = next((nth for nth in reversed(range(len(self._marks))) if self._marks[nth][0] == tag), None)
        if place is None:
            return
        after = self._marks[place + 1 :]
        if self._paragraph_is_open:
            self._close(self._marks[place:])
            self._written.extend(opening for *_names, opening in after)
        del self._marks[place]

    def handle_data(self, data: str) -> None:
        """Write text. An empty line begins a paragraph."""
        for nth, part in enumerate(data.split("\n\n")):
            if nth:
                self._end_paragraph()
            if not self._paragraph_is_open:
                part = part.lstrip("\n")
                if not part.strip():
                    continue
                self._written.append("<p>")
                self._written.extend(opening for *_names, opening in self._marks)
                self._paragraph_is_open = True
            self._written.append(escape(part).replace("\n", "<br>"))

    def finish(self) -> list[str]:
        """Close everything and return the parts."""
        self._end_paragraph()
        if self._quotes:
            self._written.append("</blockquote>")
        return self._written

    def _end_paragraph(self) -> None:
        if self._paragraph_is_open:
            self._written[-1] = self._written[-1].removesuffix("<br>")  # the line break before a quotation
            self._close(self._marks)
            self._written.append("</p>\n")
            self._paragraph_is_open = False

    def _close(self, marks: list[tuple[str, str, str]]) -> None:
        self._written.extend(f"</{known}>" for _tag, known, opening in reversed(marks) if opening)


def _open_link(address: str | None) -> str:
    if not is_web_address(address):
        return ""
    return f'<a href="{escape(address or "")}" rel="noopener noreferrer">'


def is_web_address(address: str | None) -> bool:
    """Whether a link may stand on the page."""
    try:
        return bool(address) and urlsplit(address or "").scheme in _SCHEMES
    except ValueError:
        return False
