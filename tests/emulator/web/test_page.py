"""Checks of the page's files that need no browser."""

import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

PAGE = Path(str(files("chatbot.emulator.web").joinpath("page")))
OTHERS = {"slice", "split", "replace", "classList", "js"}
"""Names after `words.` that are no texts: there `words` is another variable, or the file words.js."""
FILES = [file for file in PAGE.rglob("*") if file.is_file()]


def test_page_requests_nothing_from_other_servers():
    for file in FILES:
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        foreign = [
            line for line in text.splitlines() if "://" in line and "t.me" not in line and "https://${" not in line
        ]
        assert not foreign, (file.name, foreign)
        assert "innerHTML" not in text, file.name
    assert "style=" not in (PAGE / "index.html").read_text(encoding="utf-8")


def test_page_has_the_same_words_in_both_languages():
    text = (PAGE / "words.js").read_text(encoding="utf-8")
    english, korean = (
        re.findall(r"^  (\w+):", block, re.MULTILINE)
        for block in re.findall(r"= \{\n(.*?)^\};", text, re.DOTALL | re.MULTILINE)
    )
    assert english == korean
    used = {
        name
        for file in FILES
        if file.suffix == ".js"
        for name in re.findall(r"\bwords\.(\w+)", file.read_text(encoding="utf-8"))
    }
    assert used - OTHERS <= set(english)


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_scripts_can_be_parsed():
    for file in FILES:
        if file.suffix == ".js":
            checked = subprocess.run(
                [str(shutil.which("node")), "--check", "--input-type=module", "-"],
                input=file.read_bytes(),
                capture_output=True,
                check=False,
            )
            assert checked.returncode == 0, (file.name, checked.stderr.decode())
