"""Finds retired words and unclear phrases in names, docstrings, comments, messages and documents."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT = Path(__file__).parent.parent.parent

RETIRED: Final[dict[str, str]] = {
    "errand": "job",
    "office": "job context",
    "courier": "sender",
    "messenger": "reply sender",
    "deed": "audit entry, action",
    "journal": "audit log",
    "logbook": "audit log",
    "noting": "audit log",
    "keepsake": "app state",
    "doubt": "review, signal",
    "doubting": "review",
    "suspicion": "review filter",
    "namesake": "name hash",
    "guarding": "human check",
    "proving": "human check",
    "puzzle": "human check",
    "span": "period",
    "fate": "error class",
    "insist": "retry",
    "insisting": "retry",
    "judge": "classify",
    "taker": "dispatcher",
    "allowance": "rate limit",
    "door": "http server",
    "course": "petition status",
    "deciding": "lifecycle",
    "living": "run",
    "scrub": "purge",
    "chore": "periodic job",
    "whereabouts": "step",
    "standing": "status, state",
    "steer": "control",
}
"""Retired words in the singular, each with its replacement."""

NEAR_REVIEW: Final[dict[str, str]] = {
    "burst": "signal",
    "watch": "detection, periodic job",
    "suspicious": "unusual",
}
"""Retired for the review of signatures: in files whose path matches `_REVIEW`."""

IN_NAMES: Final[dict[str, str]] = {
    "wording": "appeal version",
    "tie": "erase",
    "knot": "erase",
}
"""Retired in names only: in a sentence the word has its everyday meaning."""

WHOLE_NAMES: Final[dict[str, str]] = {
    "who": "member_id, supporter_id",
    "by": "member_id",
    "for_id": "supporter_id, chat_id",
    "_tell": "log, notify, describe, write",
    "_say": "write, send, respond",
    "_speak": "send",
    "_look": "check, read, search",
}
"""Too vague as a whole name; fine as a part of a longer one."""

NEAR_BROADCASTS: Final[dict[str, str]] = {
    "update": "broadcast (an update is Telegram's)",
    "letter": "delivery, post",
}
"""Retired for campaign messages: in files with `broadcast` in their path."""

UNCLEAR: Final[tuple[str, ...]] = (
    r"[Ww]ho(?:ever)? (?:has|have|had|is|are|was|does|did|may|can) \w+ (?:is|are|has|gets|may|can)\b",
    r"\bof theirs\b",
    r"\b[Nn]obody [^.]*\bnobody\b",
    r"\blets? (?:\w+ ){1,2}be\b",
    r"\bby (?:it|them)sel(?:f|ves)\b",
    r"\bits time is over\b",
    r"\b(?:mistakes?|bugs?|names?|texts?|columns?|tables?|code) of ours\b",
    r"\b[Ww]hoever\b",
    r"\b[Cc]ut(?:s|ting)? (?:\w+ )?ties\b",
    r"\blook(?:s|ed|ing)? at\b",
)
"""Phrases of the old style; write what a maintainer would say to a colleague."""

_EXPRESSIONS: Final = (
    r"(?i)\b(?:of course|in the course of|no doubt|without (?:a )?doubt|post office|Office|journalctl|journald)\b"
)
"""Everyday expressions and proper names that contain a retired word."""
_WORD: Final = re.compile(r"\b(" + "|".join(RETIRED) + r")(?:s|es|ing|ed)?\b", re.IGNORECASE)
_NEAR: Final = re.compile(r"\b(" + "|".join(NEAR_BROADCASTS | NEAR_REVIEW) + r")s?\b", re.IGNORECASE)
_TELEGRAMS: Final = r"(?i)\bTelegram(?:'s)? updates?\b|\bupdates? (?:of Telegram's|from Telegram)\b|\bupdate ids?\b"
_QUOTED_NAMES: Final = re.compile(r"`(\w+(?:\.\w+)+|\w*_\w*)(?:\(\))?`")
"""Names of code in backticks: with a dot or an underscore, unlike commands and button data."""
_PARTS: Final = re.compile(r"[a-z]+|[A-Z]+(?![a-z])|[A-Z][a-z]*")
_REVIEW: Final = re.compile(r"review|detector|set_aside|signals")
_UNCLEAR: Final = re.compile("|".join(UNCLEAR))


@dataclass(frozen=True, slots=True)
class Finding:
    """A retired word at a place."""

    file: Path
    line: int
    kind: str
    word: str
    instead: str = ""

    def __str__(self) -> str:
        instead = f" (say: {self.instead})" if self.instead else ""
        return f"{self.file.relative_to(ROOT)}:{self.line}: {self.kind}: {self.word}{instead}"


def find_in_python(file: Path, root: Path = ROOT) -> Iterator[Finding]:
    """Check a module: its names and its prose, but not the texts that people read in the chat."""
    source = file.read_text("utf-8")
    tree = ast.parse(source)
    for part in file.relative_to(root).with_suffix("").parts:
        yield from _check_name(file, 1, part)
    for line, name in list_names(tree):
        yield from _check_name(file, line, name)
    for line, text in list_prose(tree, source):
        yield from check_prose(file, line, text)


def list_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """List every name that the module defines: classes, functions, parameters, fields, variables and import aliases."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield node.lineno, name
            case ast.arg(arg=name) | ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                yield node.lineno, name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name
            case ast.alias(asname=str(name)) | ast.MatchStar(name=str(name)):
                yield node.lineno, name


def list_prose(tree: ast.AST, source: str) -> Iterator[tuple[int, str]]:
    """List docstrings (of constants and fields too), comments, and the texts of logs, errors and the command line."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield node.lineno, text
            case ast.keyword(arg="help" | "description" | "epilog", value=ast.Constant(value=str(text))):
                yield node.value.lineno, text
            case ast.Call(func=ast.Attribute(value=ast.Name(id="logger" | "_logger"))) | ast.Raise():
                for each in ast.walk(node):
                    if isinstance(each, ast.Constant) and isinstance(each.value, str):
                        yield each.lineno, each.value
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def check_prose(file: Path, line: int, text: str) -> Iterator[Finding]:
    """Find retired words and unclear phrases in a text that begins at `line`."""
    for number, each in enumerate(text.splitlines(), line):
        for quoted in _QUOTED_NAMES.finditer(each):
            yield from _check_name(file, number, quoted[1])
        plain = re.sub(r"`[^`]*`", "", re.sub(_EXPRESSIONS, "", each))
        for found in _WORD.finditer(plain):
            yield Finding(file, number, "prose", found[0], RETIRED[found[1].lower()])
        if near := _list_words_near(file):
            for found in _NEAR.finditer(re.sub(_TELEGRAMS, "", plain)):
                if instead := near.get(found[1].lower()):
                    yield Finding(file, number, "prose", found[0], instead)
        for found in _UNCLEAR.finditer(plain):
            yield Finding(file, number, "unclear", found[0])


def _check_name(file: Path, line: int, name: str) -> Iterator[Finding]:
    if instead := WHOLE_NAMES.get(name):
        yield Finding(file, line, "name", name, instead)
    near = _list_words_near(file)
    for word in _PARTS.findall(name.replace("update_id", "")):
        for one in (word.lower(), word.lower().removesuffix("s"), re.sub("ies$", "y", word.lower())):
            if instead := (RETIRED | IN_NAMES | near).get(one):
                yield Finding(file, line, "name", name, instead)
                break


def _list_words_near(file: Path) -> dict[str, str]:
    path = file.as_posix().removeprefix(ROOT.as_posix())
    near = NEAR_BROADCASTS if "broadcast" in path else {}
    return near | NEAR_REVIEW if _REVIEW.search(path) else near
