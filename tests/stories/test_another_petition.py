"""Another group's petition, made with data files alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot.emulator.bot_api.menu import CommandMenu
from tests.support.stage import Stage

FACTS = """
hashtag = "#SaveOurRiver"
started_on = 2026-03-22
is_open = true
carried_over = 0
milestones = [10, 100]
likely_countries = ["KR"]
contact = "@river_friends"

[ko]
title = "우리 강을 지켜 주세요"
addressee = "시장님"
starter = "강 친구들"
share_text = "우리 강을 지켜 주세요 #SaveOurRiver"
bot_name = "우리 강"
bot_description = "강을 지키는 청원입니다."
bot_short_description = "강을 지키는 청원"

[en]
title = "Save our river"
addressee = "The Mayor & the council"
starter = "Friends of <the river>"
share_text = "Save our river #SaveOurRiver"
bot_name = "Our river"
bot_description = "A petition for the river."
bot_short_description = "A petition for the river"
"""
WORDS = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "✍️ Sign the petition"
msgstr "🌊 Sign for the river"
"""
STORY = """
Sam: /start
Bot: Save our river … To: The Mayor & the council … Started by Friends of <the river> … March 22, 2026
Bot: 0 supporters … 10 more to reach 10 … [🌊 Sign for the river]
Bot: (not) Change
Sam: [🌊 Sign for the river]
Bot: 👤 Sam Taylor … 🇨🇦 Canada
Sam: [✍️ Sign]
Bot: (above) Thank you, Sam Taylor. … supporter no. 1.
Sam: [No, thanks]
Bot: Save our river #SaveOurRiver
Sam: /start
Bot: 1 supporter … 🎯 9 more to reach 10
Sam: /updates
Bot: There is no news yet
Sam: /read
Bot: It floods & it dries
Sam: /privacy
Bot: @river_friends … The Mayor & the council
하나: /start
봇: 우리 강을 지켜 주세요 … 시장님 … 2026년 3월 22일 … [✍️ 서명하기]
하나: /read
봇: 강이 마르고 있습니다
"""


@pytest.fixture
def river(tmp_path: Path) -> Iterator[Path]:
    """Write the petition of the river: facts, an appeal in each language, and one text of its own."""
    directory = tmp_path / "river"
    for language, appeal in (("ko", "강이 마르고 있습니다."), ("en", "It floods &amp; it dries.")):
        (directory / language / "LC_MESSAGES").mkdir(parents=True)
        (directory / language / "appeal.html").write_text(f"<p>{appeal}</p>", "utf-8")
    (directory / "campaign.toml").write_text(FACTS, "utf-8")
    (directory / "en" / "LC_MESSAGES" / "chatbot.po").write_text(WORDS, "utf-8")
    return directory


async def test_another_group_runs_its_petition_with_data_files_alone(empty_stage: Stage, river: Path) -> None:
    empty_stage.settings["locales_dir"] = river
    await empty_stage.opens()
    sam = await empty_stage.tell(STORY)
    assert "Save North Korean" not in sam.screen
    await empty_stage.wire.until(lambda: empty_stage.world.menu.words_shown("name", "ko") == "우리 강")
    assert empty_stage.world.menu.words_shown("name", None) == "Our river"


async def test_dropped_language_leaves_its_readers_with_another(empty_stage: Stage, river: Path) -> None:
    stage, menu = empty_stage, empty_stage.world.menu
    stage.settings |= {"locales_dir": river, "organizers": [stage.actor("유나").id]}
    await stage.opens()
    await stage.tell("하나: /start\n봇: 우리 강을 지켜 주세요\n유나: /start\n봇: 우리 강을 지켜 주세요")
    await stage.wire.until(lambda: menu.words_shown("name", "ko") == "우리 강")
    facts = (river / "campaign.toml").read_text("utf-8")
    (river / "campaign.toml").write_text(facts[: facts.index("[ko]")] + facts[facts.index("[en]") :], "utf-8")
    await stage.reopens()
    hana = await stage.tell("하나: /start\nBot: Save our river … [🌊 Sign for the river]")
    assert "한국어" not in hana.screen
    await stage.wire.until(lambda: menu.words_shown("name", "ko") == "Our river" and not _list_korean(menu))
    await stage.tell("유나: /appeal\nBot: It has never changed.")


def _list_korean(menu: CommandMenu) -> list[object]:
    """List what of the profile and the menus of all chats is in Korean."""
    return [key for key in (*menu.words, *menu.commands) if key[1] == "ko"]
