"""The documents name links, headings, paths and modules that exist, and the first of them are short."""

import re

import pytest

from chatbot.petition.campaign_file import FactsTable, WordsTable
from tests.architecture import PROJECT
from tests.support.documents import DOCUMENTS, ROOT, list_anchors, read_blocks, read_prose
from tests.support.trouble_page import HEAD, write_page

LONGEST = {"README.md": 130, "CONTRIBUTING.md": 60}
"""The most lines of each document."""
ON_SERVER = {".venv/bin/activate", "owner-link.txt"}
CODE = "\n".join(file.read_text("utf-8") for file in (ROOT / "chatbot").rglob("*.py"))


def find_path(name: str, document: str) -> bool:
    """Whether the file or folder exists: beside the document, in the project, or in the usual folder of its kind."""
    beside = (ROOT / document).parent
    return any((folder / name).exists() for folder in (beside, *(ROOT / each for each in (".", "chatbot", "locales"))))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_to_documents_and_headings(document: str) -> None:
    for link in re.findall(r"\]\(([^)]+)\)", read_prose(document)):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / document).parent / path if path else ROOT / document
        assert target.is_file(), link
        if anchor:
            assert anchor in list_anchors(target.resolve().relative_to(ROOT).as_posix()), link


@pytest.mark.parametrize("document", DOCUMENTS)
def test_paths_exist(document: str) -> None:
    quoted = re.findall(r"`([^`\n]+)`", read_prose(document))
    paths = [
        each for each in quoted if re.fullmatch(r"\.?\w[\w.-]*(?:/[\w.-]+)+|[\w.-]+\.(?:py|md|toml|html|po|sql)", each)
    ]
    paths += re.findall(r"(?<![\w./:-])[\w./-]*\w\.(?:md|txt|toml|html|po|png)\b", read_prose(document))
    assert [path for path in {*paths} - ON_SERVER if not find_path(path, document)] == []


@pytest.mark.parametrize("document", [*DOCUMENTS])
def test_documents_have_no_conflict_of_a_merge(document: str) -> None:
    assert not re.search(r"^(<<<<<<<|>>>>>>>)", DOCUMENTS[document], re.MULTILINE)


@pytest.mark.parametrize("document", HEAD)
def test_pages_about_trouble_quote_the_messages_of_the_bot(document: str) -> None:
    assert DOCUMENTS[document] == write_page(document), "python -m tests.support.trouble_page writes it"


def test_guide_explains_every_line_of_a_campaign() -> None:
    rows = dict.fromkeys(FactsTable.model_fields, False) | dict.fromkeys(WordsTable.model_fields, False)
    for first, told in re.findall(r"^\| (`.+?`) \| (.+) \|$", DOCUMENTS["docs/your-petition.md"], re.MULTILINE):
        rows |= dict.fromkeys(re.findall(r"`\[*(\w+)\]*`", first), told.startswith("**needed**"))
    tables = WordsTable.model_fields | FactsTable.model_fields
    assert rows == {name: field.is_required() for name, field in tables.items()}


def test_readme_or_contributing_links_every_document() -> None:
    linked = set(re.findall(r"\]\((docs/[^)#]+)\)", DOCUMENTS["README.md"] + DOCUMENTS["CONTRIBUTING.md"]))
    assert {name for name in DOCUMENTS if name.startswith("docs/")} == linked


@pytest.mark.parametrize("document", LONGEST)
def test_first_documents_are_short(document: str) -> None:
    assert len(DOCUMENTS[document].splitlines()) <= LONGEST[document]


def test_architecture_draws_the_layers_of_the_import_contract() -> None:
    layers = read_blocks("docs/architecture.md", "")[0]
    names = "\n".join(re.split(" {2,}", line.strip())[0] for line in layers.splitlines())
    drawn = names.replace("\n|", " |").splitlines()
    assert drawn == PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]


def test_architecture_names_code_that_exists() -> None:
    quoted = re.findall(r"`(\w+(?:\.\w+)?)`", read_prose("docs/architecture.md"))
    assert len(quoted) > 20
    assert [
        name for name in {*quoted} if not re.search(rf"\b{re.escape(name)}\b", CODE) and not find_path(name, ".")
    ] == []


def test_documents_name_benchmarks_that_exist() -> None:
    named = set(re.findall(r"tests\.benchmarks\.(\w+)", "\n".join(DOCUMENTS.values())))
    assert named
    assert [name for name in named if not (ROOT / "tests" / "benchmarks" / f"{name}.py").is_file()] == []


@pytest.mark.parametrize("language", ["sh", "powershell", "text"])
def test_korean_install_guide_has_the_same_commands(language: str) -> None:
    assert read_blocks("docs/install.ko.md", language) == read_blocks("docs/install.md", language)
