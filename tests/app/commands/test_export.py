"""The `export` command: private files, the format from the file name, and opening sealed names."""

import asyncio
import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook

from chatbot.__main__ import main
from chatbot.petition.sealing.keys import Seal, make_pair
from chatbot.storage import Transaction, open_database
from tests.support.cast import NOW
from tests.support.signers import add_signer

PUBLIC, PRIVATE = make_pair()


@pytest.fixture(autouse=True)
def _database(environment: pytest.MonkeyPatch) -> None:
    """A database with the signatures of 하나 and of Sam, whose name is sealed. Nothing else is set."""
    asyncio.run(_sign())


async def _sign() -> None:
    database = await open_database("sqlite:///chatbot.db")

    async def work(tx: Transaction) -> None:
        for number, name, country in ((1, "하나", "KR"), (2, Seal.read(PUBLIC).close("Sam"), "CA")):
            await add_signer(tx, number, name=name, country=country, now=NOW, first_number=1)

    await database.transact(work)
    await database.close()


def read(file: str) -> list[list[str]]:
    with Path(file).open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.reader(opened))


def test_export_writes_a_file_only_its_owner_can_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "signatures.csv"]) == 0
    assert [row[1] for row in read("signatures.csv")][:2] == ["name", "하나"]
    assert Path("signatures.csv").stat().st_mode & 0o777 == 0o600
    assert capsys.readouterr().out.startswith("signatures.csv\n2 rows.")
    assert not [each for each in Path().iterdir() if each.is_dir()]
    assert main(["export", "signatures.csv"]) == 1
    assert capsys.readouterr().err == "signatures.csv: already exists; name a new file\n"


def test_export_is_in_the_campaigns_zone_whatever_its_language() -> None:
    for language in ("en", "ko"):
        assert main(["export", f"{language}.csv", "--language", language, "--from", "2026-11-24"]) == 0
        header, *rows = read(f"{language}.csv")
        local = header.index("signed_local")
        assert [row[local] for row in rows] == ["2026-11-24 12:00", "2026-11-24 12:00"], "noon in Seoul"


def test_file_name_or_option_selects_the_format() -> None:
    assert main(["export", "signatures.xlsx", "--country", "kr"]) == 0
    assert main(["export", "signatures", "--format", "xlsx", "--from", "2026-11-25"]) == 0
    assert [load_workbook(file).active.max_row for file in ("signatures.xlsx",)] == [2]  # type: ignore[union-attr]
    Path("signatures").rename("none.xlsx")
    assert load_workbook("none.xlsx").active.max_row == 1  # type: ignore[union-attr]


def test_only_the_right_key_opens_sealed_names(capsys: pytest.CaptureFixture[str]) -> None:
    Path("petition.key").write_text(f"# private\n{PRIVATE}\n")
    Path("another.key").write_text(make_pair()[1])
    assert main(["export", "closed.csv", "--private-key", "another.key"]) == 1
    told = "--private-key: 0 of 1 sealed names and reasons open with it: it is another petition's, or an older one\n"
    assert capsys.readouterr().err == told
    assert main(["export", "sealed.csv"]) == 0
    assert "1 name or reason in it is sealed: only the private key opens it" in capsys.readouterr().out
    assert main(["export", "opened.csv", "--private-key", "another.key", "--private-key", "petition.key"]) == 0
    assert "sealed" not in capsys.readouterr().out
    assert read("closed.csv")[2][1].startswith("sealed:")
    assert read("opened.csv")[2][1] == "Sam"


def test_error_counts_the_names_that_a_key_opens(capsys: pytest.CaptureFixture[str]) -> None:
    public, _ = make_pair()

    async def sign() -> None:
        database = await open_database("sqlite:///chatbot.db")
        await database.transact(add_signer, 3, name=Seal.read(public).close("유나"), now=NOW, first_number=1)
        await database.close()

    asyncio.run(sign())
    Path("petition.key").write_text(PRIVATE)
    assert main(["export", "mixed.csv", "--private-key", "petition.key"]) == 1
    assert "1 of 2 sealed names and reasons open with it: the others need another key" in capsys.readouterr().err
    assert read("mixed.csv")[2][1] == "Sam", "the file has the names that the key opens"


def test_export_of_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "none.csv", "--from", "2020-01-01", "--to", "2020-01-02"]) == 0
    assert "Nothing is in it but the names of the columns" in capsys.readouterr().out
    assert main(["export", "log.csv", "--what", "log"]) == 0
    assert "Nothing is in it" in capsys.readouterr().out


def test_petition_document_counts_its_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "petition.pdf", "--what", "delivery", "--language", "en"]) == 0
    assert "It lists 0 names, and stands for 178,923 signatures." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["x.csv", "--from", "2026-11-27", "--to", "2026-11-01"],
            "--from: 2026-11-27 is after --to 2026-11-01; no day lies between them\n",
        ),
        (
            ["x.pdf"],
            (
                "x.pdf: must end in .csv or .xlsx, or name one with --format; "
                "the document to hand over is made with --what delivery\n"
            ),
        ),
        (
            ["x.pdf", "--what", "delivery", "--to", "2026-11-27"],
            "--from, --to: the document to hand over has the signatures of all days; take them out\n",
        ),
        (
            ["x.csv", "--what", "log", "--country", "KR"],
            "--country, --with-set-aside: choose signatures only, not what --what names; take them out\n",
        ),
        (["signatures.txt"], "signatures.txt: must end in .csv or .xlsx, or name one with --format\n"),
        (["nowhere/signatures.csv"], "nowhere/signatures.csv: cannot be written (No such file or directory)\n"),
        (["x.csv", "--private-key", "no.key"], "--private-key: cannot be read; name the file written by `keys`\n"),
    ],
)
def test_impossible_export_prints_one_line(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", *arguments]) == 1
    assert capsys.readouterr().err == told


@pytest.mark.parametrize("arguments", [["--country", "XX"], ["--from", "yesterday"], ["--what", "everything"]])
def test_parser_refuses_wrong_options(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        main(["export", "signatures.csv", *arguments])
