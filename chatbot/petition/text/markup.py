"""Parser for the small HTML dialect of the campaign's long texts.

Known are `<h1> <h2> <p> <ul> <ol> <li> <blockquote> <blockquote expandable> <b> <strong> <i> <em> <u> <s>
<a href="https://…"> <br> <hr>` and comments; anything else is refused with a friendly one-line message. The
standard library's HTMLParser is not used because it is lenient: it silently drops words after an unclosed tag or
comment, different ones in every version of Python.
"""

import re
from dataclasses import dataclass
from typing import Final, NoReturn

from chatbot.petition.model import CampaignError
from chatbot.petition.text.rich_text import Block, Mark, Quote, TextRun
from chatbot.problem import Problem
from chatbot.telegram_text import ENTITY, decode_name, decode_number, is_address, is_shown

Section = tuple[Block, ...]
"""The blocks between two `<hr>`."""

_TOKEN: Final = re.compile(
    r"<!--.*?-->"
    r"|<(?P<close>/?)(?P<tag>[A-Za-z][A-Za-z0-9]*)(?P<attributes>[^<>]*)>"
    r"|(?P<text>[^<]+|<(?![A-Za-z/!?]))"
    r"|(?P<broken><)",
    re.DOTALL,
)
_ATTRIBUTE: Final = re.compile(r"""\s+([A-Za-z-]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=]+))?""")
_SPACE: Final = re.compile(r"[\t\n ]+")
"""White space, shown as one space. A no-break space (&nbsp;) is kept."""

_INLINE: Final = {"b": "b", "strong": "b", "i": "i", "em": "i", "u": "u", "s": "s", "a": "a"}
_INSIDE_WORDS: Final = frozenset({"h1", "h2", "p", "li", "blockquote", *_INLINE})
_MAY_STAND_IN: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(("h1", "h2", "blockquote", "hr"), frozenset({""})),
    **dict.fromkeys(("p", "ul", "ol"), frozenset({"", "blockquote"})),
    "li": frozenset({"ul", "ol"}),
    **dict.fromkeys((*_INLINE, "br"), _INSIDE_WORDS),
}
_ATTRIBUTES: Final = {"a": "href", "blockquote": "expandable"}

LONGEST_HEADING: Final = 120
LONGEST_LINK: Final = 1000


def read_sections(text: str, name: str) -> tuple[Section, ...]:
    """Parse a text into its sections, without empty ones.

    `name` is the file's name in messages. Raises `CampaignError` at the first mistake.
    """
    return _Reader(name).read(text)


@dataclass(slots=True)
class _Open:
    """An open tag, and the number of its items so far."""

    tag: str
    line: int
    mark: Mark | None = None
    items: int = 0


class _Reader:
    def __init__(self, name: str) -> None:
        self._name = name
        self._line = 1
        self._open: list[_Open] = []
        self._runs: list[TextRun] = []
        self._quote: Quote | None = None
        self._quotes = 0
        self._section: list[Block] = []
        self._sections: list[Section] = []
        self._headings: list[int] = []
        """Lines of the headings without text under them so far."""

    def read(self, text: str) -> tuple[Section, ...]:
        for token in _TOKEN.finditer(text):
            if token["text"]:
                self._add_words(token["text"])
            elif token["broken"]:
                self._refuse_broken(text[token.start() :])
            elif token["close"]:
                self._end(token["tag"].lower())
            elif token["tag"]:
                self._begin(token["tag"].lower(), token["attributes"])
            self._line += token[0].count("\n")
        if self._open:
            last = self._open[-1]
            self._refuse(Problem("this <{tag}> is never closed; write </{tag}> where it ends", tag=last.tag), last.line)
        self._end_section()
        return tuple(self._sections)

    def _refuse(self, problem: Problem, line: int = 0) -> NoReturn:
        line = line or self._line
        raise CampaignError(Problem("{file}, line {line}: {problem}.", file=self._name, line=line, problem=problem))

    def _refuse_broken(self, rest: str) -> NoReturn:
        if rest.startswith("<!--"):
            self._refuse(Problem("this comment never ends; write --> after it"))
        self._refuse(Problem("this < begins no tag that is known here; for the sign itself write &lt;"))

    @property
    def _inside(self) -> str:
        return self._open[-1].tag if self._open else ""

    def _begin(self, tag: str, attributes: str) -> None:
        if tag not in _MAY_STAND_IN:
            known = f"<{'> <'.join(_MAY_STAND_IN)}>"
            self._refuse(Problem("<{tag}> is not known here; take it out, or use one of {known}", tag=tag, known=known))
        if self._inside not in _MAY_STAND_IN[tag]:
            self._refuse_place(tag)
        value = self._attribute(tag, attributes)
        if tag == "br":
            self._break_line()
        elif tag == "hr":
            self._end_section()
        elif tag in _INLINE:
            mark = Mark(_INLINE[tag], self._address(value) if tag == "a" else "")
            self._open.append(_Open(tag, self._line, mark))
        else:
            self._end_block()
            if tag == "blockquote":
                self._quotes += 1
                self._quote = Quote(self._quotes, expandable=value is not None)
            self._open.append(_Open(tag, self._line))

    def _refuse_place(self, tag: str) -> NoReturn:
        if not self._inside:
            around = "ul" if tag == "li" else "p"
            self._refuse(
                Problem("<{tag}> stands alone; put it between <{around}> and </{around}>", tag=tag, around=around)
            )
        inside = self._inside
        self._refuse(
            Problem("<{tag}> cannot stand inside <{inside}>; write </{inside}> before it", tag=tag, inside=inside)
        )

    def _attribute(self, tag: str, attributes: str) -> str | None:
        """The value of the one attribute this tag may have; None without it."""
        attributes = attributes.rstrip().removesuffix("/") if tag in {"br", "hr"} else attributes.rstrip()
        value = None
        position = 0
        while position < len(attributes):
            found = _ATTRIBUTE.match(attributes, position)
            if not found:
                self._refuse(
                    Problem("the tag <{tag} …> is not written well; look for a missing quotation mark", tag=tag)
                )
            if found[1].lower() != _ATTRIBUTES.get(tag):
                self._refuse(Problem("“{name}” is not known in <{tag}>; take it out", name=found[1], tag=tag))
            value = self._decode((found[2] or "").strip("\"'"), in_words=False)
            position = found.end()
        return value

    def _address(self, href: str | None) -> str:
        if any(tag.tag == "a" for tag in self._open):
            self._refuse(Problem("a link cannot stand inside a link; write </a> before it"))
        if not href or not is_address(href) or len(href) > LONGEST_LINK:
            self._refuse(Problem('a link needs a whole address; write <a href="https://…">'))
        return href

    def _end(self, tag: str) -> None:
        if all(tag != opened.tag for opened in self._open):
            self._refuse(Problem("</{tag}> closes nothing; take it out", tag=tag))
        if self._inside != tag:
            last = self._open[-1]
            self._refuse(
                Problem("this <{tag}> is never closed; write </{tag}> before </{outer}>", tag=last.tag, outer=tag),
                last.line,
            )
        if tag not in _INLINE:
            self._end_block()
        self._open.pop()
        if tag == "blockquote":
            self._quote = None

    def _add_words(self, text: str) -> None:
        words = _SPACE.sub(" ", self._decode(text, in_words=True))
        if self._inside in _INSIDE_WORDS:
            if not self._runs or self._runs[-1].text.endswith((" ", "\n")):
                words = words.removeprefix(" ")
            if words:
                self._runs.append(TextRun(words, self._marks()))
        elif words != " ":
            line = self._line + text[: len(text) - len(text.lstrip())].count("\n")
            if self._inside:
                self._refuse(
                    Problem("these words stand outside an item of the list; put them between <li> and </li>"), line
                )
            self._refuse(Problem("these words stand outside a paragraph; put them between <p> and </p>"), line)

    def _decode(self, text: str, *, in_words: bool) -> str:
        """Decode the entities of a text; `&copy=` is one in words, but not in an address."""
        for place, sign in enumerate(text):
            if not is_shown(sign):
                problem = Problem("this sign cannot be shown ({sign}); take it out", sign=f"U+{ord(sign):04X}")
                self._refuse(problem, self._count(text[:place]))

        def decode(entity: re.Match[str]) -> str:
            number, name, end = entity["number"], entity["name"], entity["end"]
            sign = decode_number(number) if name is None else decode_name(name, end) if in_words or end else None
            if sign is None and (name is None or end):  # "R&D" is no entity
                unknown = Problem("{entity} is not known; write the sign itself", entity=entity[0])
                unshown = Problem("this sign cannot be shown ({sign}); write the sign itself", sign=entity[0])
                self._refuse(unknown if name else unshown, self._count(text[: entity.start()]))
            return entity[0] if sign is None else sign

        return ENTITY.sub(decode, text)

    def _count(self, before: str) -> int:
        return self._line + before.count("\n")

    def _marks(self) -> tuple[Mark, ...]:
        heading = [Mark("b")] if self._open[0].tag in {"h1", "h2"} else []
        return tuple(dict.fromkeys([*heading, *(tag.mark for tag in self._open if tag.mark)]))

    def _break_line(self) -> None:
        self._trim(" ")
        if self._runs:
            self._runs.append(TextRun("\n", self._runs[-1].marks))

    def _trim(self, blanks: str) -> None:
        while self._runs and self._runs[-1].text[-1] in blanks:
            last = self._runs.pop()
            if rest := last.text.rstrip(blanks):
                self._runs.append(TextRun(rest, last.marks))

    def _end_block(self) -> None:
        """Make a block of the words since the last one, unless they are blank."""
        self._trim(" \n")
        runs, self._runs = tuple(self._runs), []
        block = Block(runs, quote=self._quote)
        if not block.text.strip():
            return
        if self._inside in {"h1", "h2"}:
            self._add_heading(block)
            return
        self._headings = []
        if self._inside == "li":
            items = self._open[-2]
            items.items += 1
            marker = "• " if items.tag == "ul" else f"{items.items}. "
            block = Block(runs, "\n" if items.items > 1 else "\n\n", marker, quote=self._quote)
        self._section.append(block)

    def _add_heading(self, block: Block) -> None:
        line = self._open[-1].line
        if len(block.text) > LONGEST_HEADING:
            problem = Problem("this heading is longer than {most} characters; shorten it", most=LONGEST_HEADING)
            self._refuse(problem, line)
        if len(self._headings) > 1:
            self._refuse(Problem("this is the third heading in a row; write a paragraph before it"), line)
        self._headings.append(line)
        self._section.append(Block(block.runs, is_heading=True))

    def _end_section(self) -> None:
        if self._headings:
            problem = Problem("nothing stands under this heading; write a paragraph or take it out")
            self._refuse(problem, self._headings[-1])
        if self._section:
            self._sections.append(tuple(self._section))
            self._section = []
