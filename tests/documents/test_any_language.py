"""The petition document in languages that the program does not know by name: words, direction, line breaks."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from babel.numbers import format_decimal
from markupsafe import Markup
from pypdfium2 import PdfDocument

from chatbot.documents.petition_pdf import Facts, Named, PetitionDocument
from chatbot.documents.signatures import COLUMNS, write_row
from chatbot.i18n import load_translators
from chatbot.petition.campaign import load_campaign
from chatbot.petition.languages import describe_languages
from chatbot.petition.model import Campaign, Page
from chatbot.petition.text.appeal_version import SignedText
from chatbot.screens.countries import flagged
from chatbot.screens.organizer.records import charts
from chatbot.storage.engine import timestamps
from tests.support.made_up_languages import MADE_UP
from tests.support.more_languages import speak_untranslated

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
FACTS = Facts(AT, {"KR": 1204, "CA": 30}, 7)
"""Seven people agreed to be named: too many for the page of the counts by country."""
NAMES = ["김하나", "Sam", "محمد عبد الله"]
APPEALS = {
    "ar": (
        "أنقذوا اللاجئين #SaveMyFriend",
        "اللاجئون الأبرياء يعادون قسرا (ومنهم أطفال) في 14 فبراير 2012 إلى كوريا الشمالية.",
    ),
    "he": ("הצילו את הפליטים", "פליטים חפים מפשע מוחזרים בכוח (ראו כאן) ובהם 31 בני אדם."),
    "th": (
        "ช่วยผู้ลี้ภัยชาวเกาหลีเหนือ",
        "ผู้ลี้ภัยชาวเกาหลีเหนือผู้บริสุทธิ์กำลังถูกส่งตัวกลับจากประเทศจีนไปยังเกาหลีเหนือโดยไม่สมัครใจซึ่งพวกเขาต้องเผชิญกับการทรมานและการประหารชีวิต",
    ),
    "ja": (
        "北朝鮮難民を救ってください",
        "罪のない北朝鮮難民が、中国から北朝鮮へ強制的に送還されています。私たちは「難民の地位に関する条約」を読み、変えるよう求めます。"
        * 3,
    ),
    "zh_Hant": ("拯救北韓難民", "無辜的北韓難民正被強制從中國遣返北韓，他們將面臨酷刑和處決。" * 4),
    "hi": ("उत्तर कोरियाई शरणार्थियों को बचाइए", "निर्दोष शरणार्थियों को चीन से वापस भेजा जा रहा है।"),
    "ru": ("Спасите беженцев", "Невинных беженцев насильно возвращают."),
}
Make = Callable[[str], PdfDocument]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory, campaign: Campaign) -> Make:
    @cache
    def make_in(language: str) -> PdfDocument:
        title, appeal = APPEALS[language]
        words = replace(
            campaign.words["en"],
            title=title,
            appeal=(Page(Markup(appeal)),),
            signed=SignedText((title, "UN", appeal), appeal),
        )
        told = replace(campaign, words={**campaign.words, language: words})
        document = PetitionDocument(tmp_path_factory.mktemp(language), told, speak_untranslated(language), FACTS)
        document.write([Named(178_922 + nth, name, "KR") for nth, name in enumerate(NAMES)])
        [file] = document.close().files
        return PdfDocument(file)

    return make_in


def read(document: PdfDocument) -> str:
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    return unicodedata.normalize("NFC", text)


def squeeze(text: str) -> str:
    return re.sub(r"[\s\u200b]", "", text)


def find(document: PdfDocument, text: str) -> tuple[float, float]:
    """Return the left and right edge of a text on the first page after the cover that has it."""
    for page in list(document)[1:]:
        found = page.get_textpage()
        if place := found.search(text).get_next():
            boxes = [found.get_charbox(nth) for nth in range(place[0], place[0] + place[1])]
            return min(box[0] for box in boxes), max(box[2] for box in boxes)
    raise AssertionError(text)


@pytest.mark.slow
@pytest.mark.parametrize("language", APPEALS)
def test_document_has_the_words_of_any_language(make: Make, language: str) -> None:
    text = read(make(language))
    title, appeal = APPEALS[language]
    numbers = (format_decimal(number, locale=language) for number in (180_155, 178_922))
    wanted = [*title.split(), *appeal.split(), *numbers]
    assert [word for word in wanted if squeeze(word).strip("().,#") not in squeeze(text)] == []
    assert "□" not in text
    assert "Notes" not in text, "each letter has a typeface"


@pytest.mark.parametrize("language", ["ar", "he"])
def test_right_to_left_document_is_mirrored(make: Make, language: str) -> None:
    document = make(language)
    middle = document[0].get_width() / 2
    first_word = APPEALS[language][1].split()[0]
    assert find(document, first_word)[0] > middle
    assert find(document, "1,204")[1] < middle, "totals are at the left"
    assert find(document, "178,922")[0] > find(document, "Sam")[1] > middle, "names follow their number"
    foot = document[1].get_textpage().get_text_bounded(right=middle, bottom=20, top=60)
    assert squeeze(foot) == "2"


def test_left_to_right_document_is_not_mirrored(make: Make) -> None:
    document = make("th")
    middle = document[0].get_width() / 2
    assert find(document, "1,204")[0] > middle
    assert find(document, "178,922")[1] < find(document, "Sam")[0] < middle


def test_numbers_and_brackets_keep_their_order_in_arabic(make: Make) -> None:
    document = make("ar")
    appeal = squeeze(document[1].get_textpage().get_text_bounded())
    assert "(ومنهمأطفال)" in appeal
    assert find(document, "2012")[1] < find(document, "14")[0], "the day is before the year: at its right"


@pytest.mark.parametrize("language", ["th", "ja", "zh_Hant"])
def test_lines_end_inside_texts_without_spaces(make: Make, language: str) -> None:
    page = make(language)[1]
    lines = [line for line in page.get_textpage().get_text_bounded().splitlines() if len(line) > 30]
    assert lines
    for line in lines:
        assert line[0] not in "、。，」》ะาำิ่้"
        assert line[-1] not in "「《เแโใไ"
    text = page.get_textpage()
    assert max(text.get_charbox(nth)[2] for nth in range(text.count_chars())) < 184 / 25.4 * 72 + 2


@pytest.mark.parametrize("code", MADE_UP)
def test_document_in_a_made_up_language_has_its_words(made_up_locales: Path, tmp_path: Path, code: str) -> None:
    campaign = load_campaign(made_up_locales)
    _ = load_translators(campaign.listed, [made_up_locales])[code]
    document = PetitionDocument(tmp_path, campaign, _, FACTS)
    document.write([Named(178_922, "Sam", "KR")])
    pages = PdfDocument(document.close().files[0])
    headings = [MADE_UP[code].write(words) for words in ("The appeal", "Signatures by country")]
    text = unicodedata.normalize("NFKC", squeeze(read(pages)))
    for letters in headings:
        wanted = [each for each in squeeze(letters) if unicodedata.category(each)[0] == "L" and each != "\u0640"]
        assert {*unicodedata.normalize("NFKC", "".join(wanted))} <= {*text}, letters
    middle = pages[0].get_width() / 2
    assert (find(pages, "Sam")[0] > middle) == (_.direction == "rtl")
    assert "\u2068" not in text


def test_countries_are_named_in_the_fallback_of_a_language_that_cldr_lacks(campaign: Campaign, tmp_path: Path) -> None:
    _ = load_translators(describe_languages(["ko", "qps"], {"qps": {"fallback": "ko"}}), [])["qps"]
    words = {**campaign.words, "qps": campaign.words["en"]}
    document = PetitionDocument(tmp_path, replace(campaign, words=words), _, FACTS)
    document.write([Named(178_922, "Sam", "KR")])
    *_rest, by_country, by_name = (
        page.get_textpage().get_text_bounded() for page in PdfDocument(document.close().files[0])
    )
    assert {"대한민국", "캐나다"} <= {*by_country.split()}
    assert "대한민국" in by_name
    drawn = charts.ranks(_, campaign, "week", AT, FACTS.by_country, FACTS.here)
    assert [name for name, *_rest in drawn["ranks"]][:2] == ["대한민국", "캐나다"]
    row = {"number": 1, "name": "Sam", "country": "CA", "reason": None, "language": "qps", "source": None}
    row |= {"appeal_version": "1", "signed_at": timestamps.to_text(AT), "set_aside_id": None, "named_at": None}
    assert write_row(row, _, str)[COLUMNS.index("country_name")] == "캐나다"
    assert flagged(_, "CA") == "🇨🇦 캐나다"
