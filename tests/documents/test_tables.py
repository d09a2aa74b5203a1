"""Exported tables, read back by the csv module and openpyxl."""

import csv
import io
import random
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from chatbot.documents import csv_file, xlsx_file
from chatbot.documents.make import DocumentContext, make
from chatbot.documents.signatures import COLUMNS
from chatbot.documents.table import Made, Table, name_parts
from chatbot.petition.exports.request import ExportRequest
from chatbot.storage import Database, Transaction
from tests.support.cast import NOW
from tests.support.more_languages import speak_untranslated
from tests.support.signers import add_signer

FORMULAS = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠x", " =1", "\u2212 1"),
    '=HYPERLINK("https://example.org")',
]
HARD = ['says "hi", twice', "two\nlines", "김하나, 서울", "🕊", "محمد", "https://example.org", "12", "'", "1e5"]


async def sign(database: Database, number: int, **fields: str | datetime | None) -> None:
    async def work(tx: Transaction) -> None:
        now = fields.get("now", NOW)
        assert isinstance(now, datetime)
        await add_signer(
            tx,
            number,
            name=str(fields.get("name", "하나")),
            country=str(fields.get("country", "KR")),
            reason=fields.get("reason"),
            source=fields.get("source"),
            now=now,
        )

    await database.transact(work)


def read_csv(file: Path) -> list[list[str]]:
    content = file.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    assert "\r\n" in text
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def read_xlsx(file: Path) -> list[list[object]]:
    book = load_workbook(file)
    assert book.active is not None
    return [list(row) for row in book.active.iter_rows(values_only=True)]


async def test_csv_opens_correctly_with_hangul(context: DocumentContext, folder: Path) -> None:
    await sign(context.database, 7, reason='친구를 위해 "지금", 여기서\n꼭', source="share-x")
    made = await make(context, ExportRequest("signatures", "csv", "ko"), folder, bounded=True)
    heading, row = read_csv(made.files[0])
    assert tuple(heading) == COLUMNS
    assert row == [
        *("178922", "하나", "KR", "대한민국", '친구를 위해 "지금", 여기서\n꼭', "ko", "share-x", "v1"),
        *("2026-11-24T03:00Z", "2026-11-24 12:00", "", ""),
    ]
    assert made.rows == 1


async def test_export_says_who_may_be_named(context: DocumentContext, folder: Path) -> None:
    for number in (1, 2, 3):
        await sign(context.database, number)

    async def agree(tx: Transaction) -> None:
        await tx.run("UPDATE signatures SET named_at = '2026-11-24T03:00:00Z' WHERE supporter_id = 2")

    await context.database.transact(agree)
    made = await make(context, ExportRequest("signatures", "csv", "en"), folder, bounded=True)
    assert [row[-1] for row in read_csv(made.files[0])] == ["may_be_named", "", "yes", ""]
    assert (made.rows, made.named) == (3, 1)


async def test_export_omits_set_aside_signatures_by_default(context: DocumentContext, folder: Path) -> None:
    for each in (7, 8):
        await sign(context.database, each, reason=None)
    await context.database.transact(lambda tx: tx.run("UPDATE signatures SET set_aside_id = 1 WHERE supporter_id = 8"))
    request = ExportRequest("signatures", "csv", "en")
    assert (await make(context, request, folder, bounded=True)).rows == 1
    (folder / "all").mkdir()
    made = await make(context, replace(request, set_aside=True), folder / "all", bounded=True)
    assert [row[-2] for row in read_csv(made.files[0])] == ["set_aside", "", "yes"]


async def test_excel_file_has_the_same_rows(context: DocumentContext, folder: Path) -> None:
    await sign(context.database, 7, name="Sam", country="CA", reason="두 줄\n입니다")
    made = await make(context, ExportRequest("signatures", "xlsx", "en"), folder, bounded=True)
    heading, row = read_xlsx(made.files[0])
    assert tuple(heading) == COLUMNS  # type: ignore[arg-type]
    assert row[:5] == [178_922, "Sam", "CA", "Canada", "두 줄\n입니다"]
    assert row[8:10] == ["2026-11-24T03:00Z", "2026-11-24 03:00"]


@pytest.mark.parametrize(("language", "country", "turned"), [("ar", "كوريا الجنوبية", True), ("th", "เกาหลีใต้", False)])
async def test_excel_file_is_written_for_readers_of_its_language(
    context: DocumentContext, folder: Path, language: str, country: str, turned: bool
) -> None:
    await sign(context.database, 7)
    context = replace(context, translators={language: speak_untranslated(language)})
    made = await make(context, ExportRequest("signatures", "xlsx", language), folder, bounded=True)
    book = load_workbook(made.files[0])
    assert book.active is not None
    assert book.active["D2"].value == country  # type: ignore[index]
    assert bool(book.active.sheet_view.rightToLeft) == turned
    assert tuple(read_xlsx(made.files[0])[0]) == COLUMNS, "programs rely on the columns"


@pytest.mark.parametrize("text", [*FORMULAS, *HARD])
def test_formulas_are_escaped_and_texts_survive(folder: Path, text: str) -> None:
    for suffix, part in (("csv", csv_file.CsvPart), ("xlsx", xlsx_file.XlsxPart)):
        table = Table(folder, suffix, part, ["a", "b"], bounded=True)
        table.write([[1, text]])
        table.close()
    [_, [_, in_csv]] = read_csv(folder / "part-1.csv")
    assert in_csv == (f"'{text}" if text in FORMULAS else text)
    book = load_workbook(folder / "part-1.xlsx")
    cell = book.active["B2"]  # type: ignore[index]
    # A text that XML cannot contain comes back in Excel's notation.
    assert cell.value.replace("_x000D_", "\r") == text
    assert (cell.data_type, cell.hyperlink) == ("s", None)


@pytest.mark.parametrize(
    "reason",
    [
        "hi;=1+1;x",
        "hi;  @SUM(A1)",
        "hi\n=cmd|' /C calc'!A0\nx",
        'a";"-2+3',
        ";＝1",
        "a; b\n- c",
    ],
)
def test_no_formula_begins_in_a_spreadsheet_whose_cells_end_at_semicolons(folder: Path, reason: str) -> None:
    """In many countries Excel separates cells by semicolons, and then the quotation marks around a text do nothing."""
    table = Table(folder, "csv", csv_file.CsvPart, ["number", "reason", "source"], bounded=True)
    table.write([[1, reason, "radio"]])
    table.close()
    written = (folder / "part-1.csv").read_text("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(written), delimiter=";") for cell in row]
    assert not [cell for cell in cells if re.match(r'[ "]*[=+@＝＋－＠\u2212-]', cell)], cells


async def test_days_and_country_select_signatures(context: DocumentContext, folder: Path) -> None:
    midnight = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # in Seoul
    for number, (now, country) in enumerate(
        [
            (midnight - timedelta(seconds=1), "KR"),
            (midnight, "KR"),
            (midnight, "CA"),
            (midnight + timedelta(hours=24) - timedelta(microseconds=1), "KR"),
            (midnight + timedelta(hours=24), "KR"),
        ],
        1,
    ):
        await sign(context.database, number, now=now, country=country)
    request = ExportRequest("signatures", "csv", "ko", date(2026, 11, 25), date(2026, 11, 25), "KR")
    made = await make(context, request, folder, bounded=True)
    assert [row[0] for row in read_csv(made.files[0])[1:]] == ["178923", "178925"]


@pytest.mark.parametrize(("suffix", "part"), [("csv", csv_file), ("xlsx", xlsx_file)])
def test_large_table_is_split_into_parts(folder: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, part) -> None:
    monkeypatch.setattr(part, "LONGEST", 70)
    made = _write(
        folder, suffix, part, [[[nth, "하나"] for nth in range(start, start + 20)] for start in (0, 20, 40, 60)]
    )
    assert [file.name for file in made.files] == [f"part-1.{suffix}", f"part-2.{suffix}"]
    read = read_csv if suffix == "csv" else read_xlsx
    parts = [read(file) for file in made.files]
    assert [len(each) for each in parts] == [61, 21]
    assert all(each[0] == ["a", "b"] for each in parts)
    assert [int(row[0]) for each in parts for row in each[1:]] == list(range(80))  # type: ignore[call-overload]
    assert made.rows == 80


@pytest.mark.parametrize(("suffix", "part"), [("csv", csv_file), ("xlsx", xlsx_file)])
def test_no_part_exceeds_the_limit_of_telegram(
    folder: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, part
) -> None:
    monkeypatch.setattr(part, "LARGEST", 300_000)
    if suffix == "xlsx":
        monkeypatch.setattr(part, "_BATCH", 60_000)
    chance = random.Random(1)  # random Hangul hardly compresses

    def reason() -> str:
        return "".join(chr(chance.randrange(0xAC00, 0xD7A4)) for _ in range(100))

    batches = [[[nth, reason()] for nth in range(start, start + 100)] for start in range(0, 3000, 100)]
    made = _write(folder, suffix, part, batches)
    sizes = [file.stat().st_size for file in made.files]
    assert len(sizes) > 1
    assert max(sizes) <= 300_000
    assert min(sizes[:-1]) > 120_000  # and no more parts than necessary


def _write(folder: Path, suffix: str, part, batches) -> Made:
    table = Table(folder, suffix, part.CsvPart if suffix == "csv" else part.XlsxPart, ["a", "b"], bounded=True)
    for batch in batches:
        table.write(batch)
    return table.close()


def test_parts_are_numbered() -> None:
    assert name_parts("signatures", "csv", 1) == ["signatures.csv"]
    assert name_parts("signatures", "csv", 3)[1] == "signatures-2-of-3.csv"
