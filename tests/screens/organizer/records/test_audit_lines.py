"""Every logged action has a line, with the details that are logged with it."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import chatbot
from chatbot.petition.audit_entry import AuditEntry
from chatbot.screens.organizer.records import audit_lines

WRITERS = {"note", "note_broadcast", "audit_log.add"}
"""Functions that write an entry."""


def list_logged() -> Iterator[str]:
    """List every action that the code logs: texts like kind.action in such a call, or in a module that has one."""
    kinds = "|".join({entry.partition(".")[0] for entry in audit_lines.LINES})
    for file in Path(chatbot.__file__).parent.rglob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        writing = [call for call in calls if ast.unparse(call.func) in WRITERS]
        yield from (text for call in writing for text in texts(call) if re.fullmatch(r"[a-z]+\.[a-z_]+", text))
        if writing:
            yield from (text for text in texts(tree) if re.fullmatch(rf"({kinds})\.[a-z_]+", text))


def texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_logged_action_has_a_line() -> None:
    entries = {entry for entry in list_logged() if not entry.endswith("_")}
    assert len(entries) > 5
    assert entries <= audit_lines.LINES.keys()


def test_every_line_has_both_languages(translators) -> None:
    for what in audit_lines.LINES:
        english, korean = (
            str(
                audit_lines.write_line(
                    translators[language], AuditEntry(1, 3003, what, defaultdict(int), datetime.now(UTC), "")
                )
            )
            for language in ("en", "ko")
        )
        assert english != korean, what
        assert "{" not in english + korean


def test_action_of_a_newer_version_is_shown(translators) -> None:
    entry = AuditEntry(1, 3003, "moon.landed", {}, datetime.now(UTC), "")
    assert "moon.landed" in audit_lines.write_line(translators["en"], entry)
