"""Names that slow down the petition document: a hundred letters in eighteen scripts, marks, joining letters.

Ten thousand such names took 123 s and 304 MB, and nothing bounded either. The tests count calls, not time.
"""

import asyncio
import gc
import random
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import pytest

from chatbot.documents import petition_pdf
from chatbot.documents.petition_pdf import Facts, Named, PetitionDocument
from chatbot.documents.process import DocumentError, DocumentProcess
from chatbot.documents.typesetting.fonts import MOST_RUNS
from chatbot.documents.typesetting.pages import Pages
from chatbot.i18n import Translator
from chatbot.petition.exports.request import ExportRequest
from chatbot.petition.model import Campaign
from chatbot.settings import BUNDLED_LOCALES
from chatbot.storage import open_database
from tests.support.limits import GIVE_UP

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
SCRIPTS = [
    "abcdefgh",
    "αβγδεζηθ",
    "абвгдежз",
    "가나다라마바",
    "王小明李大",
    "はなこカタ",
    "ابتثجحخد",
    "אבגדהוזח",
    "अआइईकखग",
]
SCRIPTS += ["กขฃคฅฆง", "កខគឃង", "აბგდე", "աբգդե", "අආඇඈ", "ကခဂဃ", "ཀཁགང", "ሀለሐመ", "𓀀𓀁𓀂"]
CHANCE = random.Random(7)
CALLS_AT_MOST = 20_000
"""Most calls of functions to write one name; a usual name takes a few hundred."""


def choose(letters: str, count: int) -> str:
    return "".join(CHANCE.choice(letters) for _ in range(count))


KINDS = {
    "letters of all scripts": [choose("".join(SCRIPTS), 100) for _ in range(20)],
    "words of all scripts": [
        " ".join(choose(script, 4) for script in CHANCE.sample(SCRIPTS, 18))[:100] for _ in range(20)
    ],
    "marks": ["".join(f"{choose('aek', 1)}\u0301\u0327\u0323" for _ in range(25)) for _ in range(20)],
    "marks of all scripts": ["".join(f"{choose('ekกक', 1)}\u0301\u0327" for _ in range(33)) for _ in range(20)],
    "joining letters": [choose(SCRIPTS[6], 100) for _ in range(20)],
    "words of joining letters": [" ".join(choose(SCRIPTS[6], 3) for _ in range(25)) for _ in range(20)],
    "letters and numbers of both directions": [
        "".join(f"{choose(SCRIPTS[6], 1)}1a" for _ in range(33)) for _ in range(20)
    ],
    "characters that reverse the line": ["\u202e\u2067\u202aab\u05d0" * 16 for _ in range(20)],
    "vowel points": ["".join(f"{choose(SCRIPTS[7], 1)}\u05b8\u05c1" for _ in range(33)) for _ in range(20)],
}


@pytest.fixture(scope="module")
def document(
    tmp_path_factory: pytest.TempPathFactory, campaign: Campaign, translators: Mapping[str, Translator]
) -> Iterator[PetitionDocument]:
    """A document that has opened all its typefaces, so that no name pays for that."""
    document = PetitionDocument(
        tmp_path_factory.mktemp("document"), campaign, translators["en"], Facts(AT, {"KR": 20}, 20)
    )
    document.write([Named(178_900 + nth, script, "KR") for nth, script in enumerate(SCRIPTS)])
    yield document
    document.close()


@pytest.mark.parametrize("kind", KINDS)
def test_writing_a_name_calls_a_bounded_number_of_functions(document: PetitionDocument, kind: str) -> None:
    names = KINDS[kind]
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    gc.disable()  # the garbage of earlier tests calls functions when it is collected
    sys.setprofile(count)
    try:
        document.write([Named(178_922 + nth, name, "KR") for nth, name in enumerate(names)])
    finally:
        sys.setprofile(None)
        gc.enable()
    assert calls / len(names) < CALLS_AT_MOST


def test_name_in_too_many_scripts_uses_one_typeface(tmp_path: Path) -> None:
    pages = Pages("en", "x")
    for name in (*KINDS["letters of all scripts"], *KINDS["words of all scripts"]):
        written = pages.typefaces.write(name)
        assert written.is_changed
        assert {run.face for run in written.runs} == {"latin"}
    for name in ("김하나 (金하나) Hana", "Мария 마리아 ماريا", "王小明 Wang Xiaoming"):
        assert len(pages.typefaces.write(name).runs) <= MOST_RUNS
        assert not pages.typefaces.write(name).is_changed
    pages.close(tmp_path / "empty.pdf")


def test_long_names_begin_a_new_file_sooner(
    tmp_path: Path, campaign: Campaign, translators: Mapping[str, Translator], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(petition_pdf, "LETTERS_AT_MOST", 950)
    document = PetitionDocument(tmp_path, campaign, translators["en"], Facts(AT, {"KR": 20}, 20))
    document.write([Named(178_922 + nth, "x" * 100, "KR") for nth in range(20)])
    assert len(document.close().files) == 2


async def test_process_gives_up_a_slow_document(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/chatbot.db"
    database = await open_database(url)
    await database.close()
    documents = DocumentProcess(url, [BUNDLED_LOCALES], ["en"], "INFO", [], longest=0.01)
    with pytest.raises(DocumentError, match="it took longer than"):
        await asyncio.wait_for(documents.make(ExportRequest("delivery", "pdf", "en"), tmp_path), GIVE_UP)
