"""Reads the tables, code blocks and headings of the project's documents."""

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
DOCUMENTS: Final = {
    file.relative_to(ROOT).as_posix(): file.read_text("utf-8")
    for file in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "tests" / "attacks" / "README.md"])
}
"""The text of each document, by its path."""


def read_table(document: str, heading: str) -> list[list[str]]:
    """Return the rows of the table whose first column has this heading."""
    lines = iter(DOCUMENTS[document].splitlines())
    rows = []
    for line in lines:
        if line.startswith(f"| {heading} |"):
            next(lines)
            for row in lines:
                if not row.startswith("|"):
                    break
                rows.append([cell.strip() for cell in row.strip("|").split(" | ")])
    return rows


def read_blocks(document: str, language: str) -> list[str]:
    """Return the code blocks in this language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENTS[document], re.DOTALL | re.MULTILINE)


def read_prose(document: str) -> str:
    """Return the document without its code blocks."""
    return re.sub(r"^ *```.*?^ *```$", "", DOCUMENTS[document], flags=re.DOTALL | re.MULTILINE)


def list_anchors(document: str) -> set[str]:
    """Return the anchors that GitHub makes of the headings."""
    headings = re.findall(r"^#+ (.+)$", read_prose(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
