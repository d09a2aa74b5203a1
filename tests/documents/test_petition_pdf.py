"""The petition document, read back by PDFium: its texts, and names in every script."""

import logging
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument, PdfPage

from chatbot.documents import petition_pdf
from chatbot.documents.petition_pdf import Facts, Named, PetitionDocument, read_paragraphs
from chatbot.documents.typesetting.fonts import Typefaces
from chatbot.documents.typesetting.pages import Pages
from chatbot.i18n import Translator
from chatbot.petition.countries.names import CODES
from chatbot.petition.model import Campaign

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
FACTS = Facts(AT, {"KR": 1204, "CA": 3, "NO": 0}, 12)
WRITTEN = ["김하나", "Søren Ångström", "Nguyễn Thị Hằng", "Ольга", "Ελένη", "王小明", "はなこ", "សាម", "O’Brien-Łuka"]


@pytest.fixture(scope="module")
def typefaces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Typefaces]:
    pages = Pages("en", "x")
    yield pages.typefaces
    pages.close(tmp_path_factory.mktemp("pages") / "empty.pdf")


def make(folder: Path, campaign: Campaign, _: Translator, names: list[str], facts: Facts = FACTS) -> list[PdfDocument]:
    document = PetitionDocument(folder, campaign, _, facts)
    document.write([Named(178_922 + nth, name, "KR") for nth, name in enumerate(names)])
    return [PdfDocument(file) for file in document.close().files]


def read(document: PdfDocument) -> str:
    """Return the text as PDFium, the reader in Chrome, extracts it."""
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))


def squeeze(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize(
    ("language", "pieces"),
    [
        (
            "en",
            [
                *("Petition", "Save North Korean Refugees", "To The Secretary-General", "180,128"),
                *("people have signed", "178,921 of them signed on Change.org", "As of November 24, 2026"),
                *("The appeal", "Innocent North Korean refugees", "please help #SaveMyFriend!"),
                *("South Korea", "1,204", "other countries", "Total", "12 of the 1,207 who signed in Telegram"),
            ],
        ),
        (
            "ko",
            [
                *("청원서", "탈북 난민을 구해 주세요", "받는 사람: 유엔 사무총장", "180,128명"),
                *("이 이름으로 함께 청원합니다", "178,921명은", "2026년 11월 24일 현재"),
                *(
                    "호소문",
                    "죄 없는 탈북 난민들이",
                    "나라별 서명",
                    "대한민국",
                    "1,204",
                    "그 밖의 나라",
                    "합계",
                    "1,207명 가운데 12명",
                ),
            ],
        ),
    ],
)
def test_document_contains_everything_in_either_language(
    folder: Path, campaign: Campaign, translators: Mapping[str, Translator], language: str, pieces: list[str]
) -> None:
    [document] = make(folder, campaign, translators[language], ["하나", "Sam"])
    text = squeeze(read(document))
    place = 0
    for piece in pieces:
        found = text.find(squeeze(piece), place)
        assert found >= 0, piece
        place = found
    assert squeeze("178,922") in text
    assert "Norway" not in text
    assert "Canada" not in text, "three signers are few, and a line of their own might identify them"
    assert document.get_metadata_value("Title") == campaign.words[language].title
    # Every page but the title has a page number.
    for nth, page in enumerate(document, 1):
        foot = page.get_textpage().get_text_bounded(left=450, bottom=20, top=60)
        assert foot.strip() == ("" if nth == 1 else str(nth))


def test_names_are_written_in_their_script(
    folder: Path, campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    [document] = make(folder, campaign, translators["en"], WRITTEN)
    text = squeeze(read(document))
    for name in WRITTEN:
        if name != "សាម":  # Khmer: no typeface has it
            assert squeeze(name) in text, name
    assert "In 1 name there are letters" in read(document)


def test_joining_scripts_are_drawn_and_not_substituted(
    folder: Path, campaign: Campaign, translators: Mapping[str, Translator], typefaces: Typefaces
) -> None:
    names = ["محمد عبد الله", "יעל כהן", "สมชาย ใจดี", "प्रिया शर्मा"]
    for name in names:
        written = typefaces.write(name)
        assert not written.is_changed
        [run] = written.runs
        assert (run.text, run.is_shaped) == (name, True)
    text = unicodedata.normalize("NFKC", read(make(folder, campaign, translators["ko"], names)[0]))
    for name in names:
        letters = {each for each in name if unicodedata.category(each) == "Lo"}
        assert len(letters & {*text}) > len(letters) / 2, name
    assert "□" not in text


def test_reader_can_search_and_copy_joining_scripts(
    folder: Path, campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    names = ["محمد عبد الله", "สมชาย ใจดี", "प्रिया शर्मा", "Ngũ̧gĩ wa Thiong’o", "김하나 محمد", "فاطمة الزهراء بنت علي"]
    text = read(make(folder, campaign, translators["en"], [*names, "יעל כהן", "محمد12", "שָׁלוֹם"])[0])
    for name in names:
        assert unicodedata.normalize("NFC", name) in text, name
    # PDFium orders letters, but keeps the order of words beside left-to-right letters of the line.
    for word in ["יעל", "כהן", "محمد", "12", "שלום"]:
        assert word in text, word


def test_right_to_left_name_keeps_its_order(typefaces: Typefaces) -> None:
    assert [run.text for run in typefaces.write("כהן محمد").runs] == ["محمد", "כהן "]
    assert [run.text for run in typefaces.write("하나 כהן").runs] == ["하나 ", "כהן"]


def test_unknown_letters_are_transliterated_or_marked(typefaces: Typefaces) -> None:
    khmer, private = typefaces.write("សាម Sam"), typefaces.write("Sam \U0010fffd \U000e0100")
    assert khmer.is_changed
    assert "".join(run.text for run in khmer.runs).isascii()
    assert "Sam" in "".join(run.text for run in khmer.runs)
    assert private.is_changed


def test_log_contains_nothing_from_the_document(
    folder: Path, campaign: Campaign, translators: Mapping[str, Translator], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    make(folder, campaign, translators["ko"], ["김하나"])
    assert caplog.records == []


def test_document_counts_sealed_names_without_showing_them(
    folder: Path, campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    sealed = f"sealed:1:{'a' * 8}.{'A' * 120}"
    text = read(make(folder, campaign, translators["en"], ["하나", sealed, sealed])[0])
    assert "sealed:" not in text
    assert "2 people who agreed to be named have encrypted names" in text


def test_document_of_one_signer_says_that_nobody_agreed_to_be_named(
    folder: Path, campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    alone = replace(campaign, carried_over=0, carried_over_from="")
    text = read(make(folder, alone, translators["en"], [], Facts(AT, {"KR": 1}, 0))[0])
    assert "1personhassigned" in squeeze(text)
    assert "Nobody who signed in Telegram has agreed" in text
    assert "Notes" not in text


@pytest.mark.slow
def test_many_names_fill_several_files_without_loss(
    folder: Path, campaign: Campaign, translators: Mapping[str, Translator], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(petition_pdf, "NAMES_AT_MOST", 150)
    longest = "Maximiliana-Alexandrina von und zu " * 3
    names = [longest if nth % 50 == 0 else "하나" for nth in range(400)]
    documents = make(folder, campaign, translators["ko"], names)
    assert len(documents) == 3
    listed = re.findall(r"(?<!\d)17[89],\d{3}(?!\d)", " ".join(map(read, documents)))
    assert {f"{178_922 + nth:,}" for nth in range(400)} <= {*listed}


def test_bold_words_of_the_appeal_stay_bold(campaign: Campaign) -> None:
    paragraphs = list(read_paragraphs(campaign.words["en"].appeal))
    bold = " ".join(word.text for paragraph in paragraphs for word in paragraph if word.is_bold)
    assert "please help #SaveMyFriend!" in bold
    assert "SIGN & SHARE" in bold
    assert "Innocent" not in bold
    assert not [word for paragraph in paragraphs for word in paragraph if "<" in word.text or "&amp;" in word.text]


def test_people_who_do_not_say_their_country_have_a_line_after_all_countries(
    folder: Path, campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    facts = replace(FACTS, by_country={"ZZ": 41, "KR": 30, "NO": 3})
    [document] = make(folder, campaign, translators["en"], ["Sam"], facts)
    assert "SouthKorea30othercountries3Notsaid41" in squeeze(read(document))


def find_height(document: PdfDocument, text: str) -> float:
    """Return the height of the first letter of a text, in points."""
    for page in document:
        found = page.get_textpage()
        if place := found.search(text).get_next():
            _left, bottom, _right, top = found.get_charbox(place[0])
            return top - bottom
    raise AssertionError(text)


def test_long_names_and_countries_are_divided_and_not_shrunk(
    folder: Path, campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    names = ["가나다라마바사아자차카타파하" * 4, "김하나"]
    document = PetitionDocument(folder, campaign, translators["ko"], FACTS)
    document.write([Named(nth, name, "GS") for nth, name in enumerate(names, 1)])
    [file] = document.close().files
    read_back = PdfDocument(file)
    assert find_height(read_back, "가나다라") == pytest.approx(find_height(read_back, "김하나"), rel=0.35)
    assert find_height(read_back, "사우스조지아") > 5, "it takes a second line instead"
    assert squeeze(read(read_back)).count("사우스샌드위치제도") == 2


def test_short_document_has_three_pages(
    folder: Path, campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    first = replace(campaign, carried_over=0)
    [document] = make(folder, first, translators["ko"], [], Facts(AT, {"KR": 1}, 0))
    assert len(document) == 3, "the cover, the appeal, and the totals with the people who agreed to be named"


@pytest.mark.parametrize(("language", "next_section"), [("ko", "나라별 서명"), ("en", "Signatures by country")])
def test_end_of_the_appeal_has_no_line_alone_on_a_page(
    folder: Path, campaign: Campaign, translators: Mapping[str, Translator], language: str, next_section: str
) -> None:
    """Its last paragraph is one line: on a page of its own it would stand alone above the totals."""
    [document] = make(folder, campaign, translators[language], [])
    third = document[2].get_textpage().get_text_bounded()
    foot = f"{campaign.words[language].title} 3"
    left_over = third.partition(next_section)[0].replace(foot, "").strip().splitlines()
    assert not left_over or len(left_over) >= 3


@pytest.mark.slow
@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_page_begins_with_the_end_of_a_table_or_paragraph(
    folder: Path, campaign: Campaign, translators: Mapping[str, Translator], language: str
) -> None:
    """However many countries there are, and wherever a paragraph breaks, no page has one or two lines alone."""
    for rows, named in ((1, 0), (1, 2), *((rows, rows % 2 * 2) for rows in range(18, 34))):
        facts = Facts(AT, dict.fromkeys(sorted(CODES)[:rows], 20), named)
        [document] = make(folder, campaign, translators[language], ["하나", "Sam"][:named], facts)
        lines = [count_lines(page) for page in document]
        assert min(lines[1:]) >= 5, (rows, named, lines)


def count_lines(page: PdfPage) -> int:
    """Count the lines of a page above its foot."""
    text = page.get_textpage()
    bottoms = {round(text.get_rect(nth)[1] / 8) for nth in range(text.count_rects())}
    return sum(bottom > 8 for bottom in bottoms)


@pytest.mark.parametrize("title", ["숲을 지켜 주세요 " * 12, "W" * 128])
def test_longest_title_and_addressee_leave_room_for_the_number(
    folder: Path, campaign: Campaign, translators: Mapping[str, Translator], title: str
) -> None:
    words = replace(campaign.words["en"], title=title[:128], addressee="W" * 128)
    long = replace(campaign, words={**campaign.words, "en": words})
    [document] = make(folder, long, translators["en"], [], Facts(AT, {"KR": 9_999_821_079}, 0))
    text = document[0].get_textpage()
    places = [text.search(each).get_next() for each in ("WWWW", "10,000,000,000", "people have", "Started by")]
    assert None not in places
    tops = [text.get_charbox(place[0])[3] for place in places if place]
    assert tops == sorted(tops, reverse=True), "each is below the one before"


def test_pictures_and_invisible_characters_are_left_out(typefaces: Typefaces) -> None:
    assert typefaces.write("🌊 Save our river 👩\u200d👧").text == "Save our river"
    assert typefaces.write("😀").text == "□"
    evil = typefaces.write("e\u200bv\u200di\u2060l\ufe0f")
    assert (evil.text, evil.is_changed) == ("evil", False)
    assert typefaces.write("Save\u2028our\u2029river\x0b").text == "Save our river "
    assert typefaces.write("क्\u200dष").text == "क्\u200dष", "a joiner has a meaning there"
