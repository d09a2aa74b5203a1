"""A petition in one language, made with data files alone: nobody is asked for a language, and nothing names another."""

import csv
import io
from pathlib import Path
from typing import Final

import pytest

from tests.support.actor import draw
from tests.support.stage import Stage

FACTS: Final = """
started_on = 2026-03-22
is_open = true
milestones = [10, 100]
likely_countries = ["KR"]
contact = "010-1234-5678"
"""
TABLES: Final = {
    "ko": """
[ko]
title = "우리 숲을 지켜 주세요"
addressee = "산림청장"
starter = "숲 친구들"
share_text = "우리 숲을 지켜 주세요"
bot_name = "우리 숲"
bot_description = "숲을 지키는 청원입니다."
bot_short_description = "숲을 지키는 청원"
""",
    "en": """
[en]
title = "Save our forest"
addressee = "The Forest Service"
starter = "Friends of the forest"
share_text = "Save our forest"
bot_name = "Our forest"
bot_description = "A petition for the forest."
bot_short_description = "A petition for the forest"
""",
}
APPEALS: Final = {"ko": "<p>숲이 사라집니다.</p>", "en": "<p>The forest is vanishing.</p>"}
KOREAN: Final = """
Sam: /start
봇: 우리 숲을 지켜 주세요 … 0명이 함께합니다 … 10명까지 10명 남았습니다 … [✍️ 서명하기]
Sam: [✍️ 서명하기]
봇: 👤 Sam Taylor … 🇨🇦 캐나다
Sam: [✍️ 서명하기]
봇: (above) 고맙습니다
Sam: /language
봇: 이 청원의 언어는 하나입니다: 한국어
하나: /subscribe
봇: 이제 새 소식을 보내 드립니다.
하나: /me
봇: 소식을 받고 계십니다.
유나: /broadcast
봇: 지금 1명이 소식을 받고 있습니다. … 글을 보내 주세요. … [나중에 쓰기]
유나: 숲에 첫눈이 왔습니다
봇: 👥 1명 … [📣 보내기 …] … [✏️ 글]
유나: [⚙️ 설정 …]
유나: [👥 받는 사람: 모두]
봇: [✓ 모두: 1명] … [🌍 나라별로 …]
유나: [‹ 뒤로]
유나: [⚙️ 설정 …]
유나: [🔗 추가한 버튼: 없음]
봇: 🔗 소식 아래의 버튼, 두 개까지 … 버튼에 쓸 글과 링크
유나: [‹ 뒤로]
유나: [📣 보내기 …]
봇: 지금 보낼까요? … 👥 1명
유나: [✅ 네, 1명에게 보내기]
봇: (later) 발송을 마쳤습니다. … 1명 가운데 1명에게 도착 … [👀 보기]
하나: (waits)
봇: (later) 숲에 첫눈이 왔습니다
유나: /stats
봇: 전체 1명 … 소식 구독: 1명
봇: (not) 여기서 받은 서명
유나: [📈 그래프]
봇: [🖼 세로] [🖼 정사각형]
유나: /close
봇: 글을 보내 주세요. 최대 1,000자 … [글은 쓰지 않기]
유나: [‹ 그대로 두기]
유나: /deliver
봇: 문서가 대표하는 서명: 1건 … [📤 파일 만들기 …]
유나: [📤 파일 만들기 …]
봇: 전달 문서, PDF … 문서가 대표하는 서명: 1건
유나: [✅ 네, 만들기]
봇: (later) 문서가 대표하는 서명: 1건
"""
ENGLISH: Final = """
하나: /start
Bot: Save our forest … 0 supporters … 10 more to reach 10 … [✍️ Sign the petition]
하나: [✍️ Sign the petition]
Bot: Which country do you live in?
하나: [🇰🇷 South Korea]
Bot: 👤 하나 … 🇰🇷 South Korea
하나: [✍️ Sign]
Bot: (above) Thank you, 하나.
하나: /language
Bot: This petition is in one language: English
Sam: /subscribe
Bot: You'll get updates in this chat.
Sam: /me
Bot: You get updates.
유나: /broadcast
Bot: 1 person is subscribed. … Send the text, or a photo … [Write later]
유나: The first snow has fallen
Bot: 👥 1 person … [📣 Send …] … [✏️ Text]
유나: [📣 Send …]
Bot: Send it now? … 👥 1 person
유나: [✅ Yes, send it: 1]
Bot: (later) Sent. … 1 of 1 have it … [👀 Show it]
Sam: (waits)
Bot: (later) The first snow has fallen
유나: /close
Bot: Send the text, up to 1,000 characters … [Without a text]
유나: [‹ Leave it as it is]
유나: /deliver
Bot: Signatures it stands for: 1 … [📤 Make the file …]
유나: [📤 Make the file …]
유나: [✅ Yes, make it]
Bot: (later) signatures it stands for: 1
"""
STORIES: Final = {"ko": KOREAN, "en": ENGLISH}
OTHERS: Final = {"ko": ("영어", "English"), "en": ("Korean", "한국어")}


@pytest.fixture(params=["ko", "en"])
async def forest(request: pytest.FixtureRequest, empty_stage: Stage, tmp_path: Path) -> Stage:
    """The petition of the forest in one language, running, with 유나 as its owner."""
    language = request.param
    folder = tmp_path / "our-petition"
    (folder / language).mkdir(parents=True)
    (folder / "campaign.toml").write_text(FACTS + TABLES[language], "utf-8")
    (folder / language / "appeal.html").write_text(APPEALS[language], "utf-8")
    empty_stage.settings |= {"locales_dir": folder, "organizers": [empty_stage.actor("유나").id]}
    await empty_stage.opens()
    return empty_stage


def find_language(stage: Stage) -> str:
    return next(each for each in TABLES if (Path(stage.settings["locales_dir"]) / each).is_dir())


def read_chats(stage: Stage) -> str:
    """Return everything that the bot has said, with its buttons."""
    return "\n".join(
        draw(message) for name in ("하나", "Sam", "유나") for message in stage.world.said_in(stage.actor(name).person)
    )


@pytest.mark.slow
async def test_people_and_organizers_are_asked_for_no_language(forest: Stage) -> None:
    language = find_language(forest)
    yuna = await forest.tell(STORIES[language])
    document = forest.world.files.find(yuna.message["document"]["file_id"])
    assert document is not None
    assert document.content.startswith(b"%PDF-")
    assert [name for name in OTHERS[language] if name in read_chats(forest)] == []
    listed = {each["command"] for shown in forest.world.menu.commands.values() for each in shown}
    assert "sign" in listed
    assert "language" not in listed, "there is nothing to choose"


@pytest.mark.slow
async def test_exported_file_has_every_column_in_one_language(forest: Stage) -> None:
    language = find_language(forest)
    sign = "Sign" if language == "en" else "서명하기"
    sam = forest.actor("Sam")
    await sam.says("/sign")
    await sam.taps(f"✍️ {sign}")
    yuna = forest.actor("유나")
    await yuna.says("/export")
    await yuna.taps("CSV")
    await yuna.taps("📤 Make the file …" if language == "en" else "📤 파일 만들기 …")
    await yuna.taps("✅ Yes, make it" if language == "en" else "✅ 네, 만들기")
    await yuna.awaits(lambda screen: "CSV" in screen and "may_be_named" in screen)
    stored = forest.world.files.find(yuna.message["document"]["file_id"])
    assert stored is not None
    [columns, row] = csv.reader(io.StringIO(stored.content.decode("utf-8-sig"), newline=""))
    read = dict(zip(columns, row, strict=True))
    assert read["country_name"] == ("Canada" if language == "en" else "캐나다")
    assert (read["number"], read["language"], read["may_be_named"]) == ("1", language, "")
