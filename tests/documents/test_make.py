"""Exports: the audit log with its chain, and the names of people who agreed to be named."""

import csv
import io
import json
from pathlib import Path

from pypdfium2 import PdfDocument

from chatbot.documents import audit_log
from chatbot.documents.make import DocumentContext, make
from chatbot.petition.exports.request import ExportRequest
from chatbot.storage import Transaction
from chatbot.storage.organizer import audit_log as stored_log
from chatbot.storage.organizer import team
from tests.support.cast import NOW, YUNA
from tests.support.signers import add_signer


async def test_exported_log_contains_the_hash_chain(context: DocumentContext, folder: Path) -> None:
    async def work(tx: Transaction) -> None:
        await team.introduce(tx, YUNA, "유나", NOW)
        await stored_log.add(tx, YUNA, "export.signatures", NOW, format="csv", rows=7, country="KR")
        await stored_log.add(tx, YUNA, "broadcast.paused", NOW.replace(day=26), title="=1+1")

    await context.database.transact(work)
    made = await make(context, ExportRequest("log", "csv", "ko", None, NOW.date()), folder, bounded=True)
    heading, row = csv.reader(io.StringIO(made.files[0].read_text("utf-8-sig"), newline=""))
    assert tuple(heading) == audit_log.COLUMNS
    [first, _] = await context.database.transact(stored_log.read, 0, 10)
    assert row[:6] == ["1", "2026-11-24T03:00:00.000000Z", "2026-11-24 12:00:00", "3003", "유나", "export.signatures"]
    assert row[6] == "서명을 파일로 내보냈습니다(CSV, KR): 최대 19건"
    assert json.loads(row[7]) == {"country": "KR", "format": "csv", "rows": 7}
    assert row[8] == first.hash


async def test_document_names_only_people_who_agreed(context: DocumentContext, folder: Path) -> None:
    async def work(tx: Transaction) -> None:
        for number, name in ((1, "Sam"), (2, "Mallory"), (3, "하나")):
            await add_signer(tx, number, name=name, country="CA", now=NOW)
        await tx.run("UPDATE signatures SET named_at = signed_at WHERE name <> 'Mallory'")

    await context.database.transact(work)
    made = await make(context, ExportRequest("delivery", "pdf", "en"), folder, bounded=True)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in PdfDocument(made.files[0]))
    assert "Sam" in text
    assert "하나" in text
    assert "Mallory" not in text
    assert "2 of the 3 who signed in Telegram" in " ".join(text.split())
    assert made.rows == 178_924
