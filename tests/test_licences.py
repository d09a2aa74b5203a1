"""THIRD-PARTY.txt and the README list the licences of all packages, and typefaces have the known hashes."""

import hashlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from chatbot.documents.typesetting.fonts import FACES, find_file, find_in_package
from tests.support import third_party

ROOT = Path(__file__).parents[1]
FREE = {"MIT", "MIT-0", "MIT-CMU", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0"}
"""Licences whose only condition is that their text is passed on."""
WARNED = {"LGPL-3.0-only", "MPL-2.0", "OFL-1.1"}
"""Licences with more conditions; the README names their packages."""
FILES = {
    "NotoNaskhArabic-Variable.ttf": "67b5a525a661b607971fbd3f96a81b89d3a768e74534fca84f18ac97e6fab72f",
    "NotoSansKR-Regular.otf": "69975a0ac8472717870aefeab0a4d52739308d90856b9955313b2ad5e0148d68",
    "NotoSerif[wdth,wght].ttf": "4d8e6761424656867019081a1a01336f3cb086982682698714054fc33f782713",
    "NotoSerifDevanagari-Variable.ttf": "1191e07bfeb062d80e252eb85b0eafdfbda1e350707a2a60628668e8f677dbbb",
    "NotoSerifHebrew-Variable.ttf": "93caef921360788dc3b0e32136bb26f16bc57717ec482d48fc7fd43820617165",
    "NotoSerifKR-Regular.otf": "5ea012e15cb7eacc1f680aee1703f3b164791b1443ea3e52b65080cca5d179cf",
    "NotoSerifSC-Regular.otf": "e8f396decc1f0963a016a989c3d8852e863d1350996f573860a80767c83a1cd3",
    "NotoSerifThai-Variable.ttf": "34a7ad11647c845303aabdde639059806c56b84719e5d2ceb28eb038711bdf53",
}
"""The SHA-256 of each typeface."""


def test_list_has_packages_with_version_and_licence() -> None:
    written = third_party.FILE.read_text("utf-8")
    listed = dict(re.findall(r"^([a-z0-9-]+ \S+): (.+)$", written.partition("=====")[0], re.MULTILINE))
    expected = {
        f"{name} {version}": third_party.find_licence(name) for name, version in third_party.read_lock().items()
    }
    assert listed == expected, "python -m tests.support.third_party writes it"


def test_list_is_not_written_of_packages_of_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    lock = {**third_party.read_lock(), "babel": "0.1", "no-such-package": "1.0"}
    monkeypatch.setattr(third_party, "read_lock", lambda: lock)
    before = third_party.FILE.read_bytes()
    with pytest.raises(SystemExit, match=r"^pip install -r requirements-dev\.txt comes first: babel, no-such-package$"):
        third_party.main()
    assert third_party.FILE.read_bytes() == before


def test_readme_names_licences_with_conditions() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for name in third_party.read_lock():
        for licence in re.split(r" AND | OR |[()]", third_party.find_licence(name)):
            assert licence in FREE | WARNED | {""}, name
            if licence in WARNED:
                assert licence.removesuffix("-only") in readme, name
                assert re.search(rf"{name}|typefaces", readme), name


def test_list_has_the_texts_of_the_licences() -> None:
    written = third_party.FILE.read_text("utf-8")
    for text in (
        "GNU LESSER GENERAL PUBLIC LICENSE",
        "GNU GENERAL PUBLIC LICENSE",
        "Mozilla Public License Version 2.0",
        "SIL OPEN FONT LICENSE Version 1.1",
    ):
        assert text in written
    assert "site-packages" not in written


def test_wheel_has_the_files_of_licences() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["license-files"] == ["LICENSE", "THIRD-PARTY.txt"]


def test_typefaces_are_pinned_and_have_the_known_hashes() -> None:
    found = [Path(find_file(face)) for face in FACES] + [
        Path(find_in_package("pylopdf_fonts_ko", "NotoSansKR-Regular.otf"))
    ]
    assert {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in found} == FILES
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    assert all("==" in line for line in wanted if re.search("font(s|pkg)-", line))


def test_code_in_packages_of_typefaces_is_not_imported() -> None:
    packages = {face.package for face in FACES.values()} | {"fontpkg"}
    asked = (
        "import sys; from chatbot.documents.typesetting.pages import Pages; Pages('en', 'x'); "
        f"print(sorted({packages!r} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "[]\n"
