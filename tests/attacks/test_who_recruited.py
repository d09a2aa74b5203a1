"""No file reveals who recruited whom, neither by share codes, which are public, nor by the exact moment of signing.

하나 shares her link, and Sam signs through it. Everybody who gets a file knows her code from her post.
"""

import csv
import io
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdfium2 import PdfDocument

from chatbot.app.commands.command import Terminal
from chatbot.app.commands.export import export
from chatbot.documents.make import DocumentContext, make
from chatbot.i18n import Translator
from chatbot.petition.exports.request import ExportRequest, Format
from chatbot.petition.model import Campaign
from chatbot.petition.sealing.keys import Seal, make_pair
from chatbot.screens.context import ReaderContext
from chatbot.screens.supporter.rights.privacy import Privacy, explain
from chatbot.settings import Settings
from chatbot.storage import Database, Transaction, open_database
from chatbot.storage.organizer import audit_log, team
from tests.support.cast import HANA, SAM, YUNA
from tests.support.signers import add_signer

CODE = "s-KqX4zP9a"
AT = datetime(2026, 11, 24, 3, 4, 5, 678_901, tzinfo=UTC)
SECONDS = re.compile(r"03:04:|:05\b|678")
"""Parts of `AT` that are finer than the minute."""


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_database(f"sqlite:///{tmp_path}/chatbot.db")
    await opened.transact(sign)
    yield opened
    await opened.close()


async def sign(tx: Transaction) -> None:
    seal = Seal.read(make_pair()[0])
    for number, name, source in ((HANA, "하나", "radio"), (SAM, seal.close("Sam"), CODE)):
        await add_signer(tx, number, name=name, country="CA", language="en", source=source, now=AT, named=True)
    await team.introduce(tx, YUNA, "유나", AT)
    await audit_log.add(tx, YUNA, "export.signatures", AT.replace(microsecond=0, second=0), format="csv", rows=0)


def read(file: Path) -> str:
    match file.suffix:
        case ".xlsx":
            book = load_workbook(file)
            assert book.active is not None
            return str(list(book.active.iter_rows(values_only=True)))
        case ".pdf":
            return "\n".join(page.get_textpage().get_text_bounded() for page in PdfDocument(file))
    return file.read_text("utf-8-sig")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("what", "form"),
    [("signatures", "csv"), ("signatures", "xlsx"), ("log", "csv"), ("log", "xlsx"), ("delivery", "pdf")],
)
async def test_files_do_not_link_one_signer_to_another(
    what: str,
    form: Format,
    database: Database,
    tmp_path: Path,
    campaign: Campaign,
    translators: Mapping[str, Translator],
) -> None:
    for language in ("ko", "en"):
        folder = tmp_path / language
        folder.mkdir()
        request = ExportRequest(what, form, language)  # type: ignore[arg-type]
        context = DocumentContext(database, campaign, translators, clock=lambda: AT)
        text = read((await make(context, request, folder, bounded=True)).files[0])
        assert CODE not in text
        assert CODE[2:] not in text
        if what == "signatures":
            assert "friend" in text
            assert "radio" in text, "a link of the team identifies no supporter"
            assert not SECONDS.findall(text), text


async def test_command_line_exports_no_share_codes_and_no_seconds(database: Database, tmp_path: Path) -> None:
    file, out = tmp_path / "out.csv", io.StringIO()
    settings = Settings(database_url=f"sqlite:///{tmp_path}/chatbot.db")
    request = replace(ExportRequest("signatures", "csv", "en"), set_aside=True)
    await export(settings, request, file, [], Terminal(out=out))
    heading, hana, sam = csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline=""))
    place = heading.index("source")
    assert (hana[place], sam[place]) == ("radio", "friend")
    assert sam[heading.index("signed_at")] == "2026-11-24T03:04Z"
    assert sam[heading.index("signed_local")] == "2026-11-24 12:04"


@pytest.mark.parametrize("sealed", [False, True])
def test_privacy_screen_tells_what_can_be_linked(translators: Mapping[str, Translator], *, sealed: bool) -> None:
    facts = Privacy("whom it may concern", None, 180, sealed)
    for language, told in (("en", "can be linked"), ("ko", "서로 이어질 수 있는 것")):
        text = str(explain(translators[language], facts, ReaderContext(is_open=True)).text)
        assert told in text
        assert "friend" in text
