"""/appeal: the versions, how many signed each, and what changed, in the reader's language."""

from dataclasses import replace
from datetime import timedelta

from chatbot.app.startup import register_appeal_version
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.petition.text.appeal_version import SignedText, write_words
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats


def write(campaign: Campaign, language: Language, like: Language, more: str = "") -> Campaign:
    """Write the appeal in `language`: that of `like`, with more words at its end."""
    words = campaign.words[like]
    said = words.signed.paragraphs
    text = SignedText((*said[:-1], said[-1] + more), write_words(language, "", "", " ".join(said) + more))
    return replace(campaign, words={**campaign.words, language: replace(words, signed=text)})


async def start(chats: TeamChats, campaign: Campaign) -> None:
    """Start the bot with this campaign a day later, in two processes."""
    chats.driver.now += timedelta(days=1)
    for _process in range(2):
        chats.campaign = await register_appeal_version(chats.database, campaign, chats.driver.now)


async def edit(chats: TeamChats) -> None:
    """Start the bot, let Sam sign, and start it again with a changed appeal."""
    await start(chats, chats.campaign)
    await chats.chat(1002, "Sam").signs()
    campaign = chats.campaign
    for language in campaign.words:
        campaign = write(campaign, language, language, f" <{language}>")
    await start(chats, campaign)


async def test_team_is_told_of_a_new_version_once_and_sees_the_changes(chats: TeamChats) -> None:
    yuna, hana = chats.chat(3003, "유나"), await chats.add_member(chats.chat(1001, "하나", "ko"), "organizer")
    await yuna.says("/start")
    await edit(chats)
    told = await chats.run_jobs()
    assert len(told[3003]) == len(told[1001]) == 1
    assert "새로워졌습니다" in told[1001][0]
    for chat, new, few in ((yuna, "&lt;en&gt;", "at most 19"), (hana, "&lt;ko&gt;", "최대 19명")):
        await chat.says("/appeal")
        assert f"<b>{few}</b>" in chat.text
        await chat.presses(next(action for action in chat.actions if action.startswith("appeal:changes")))
        assert f"<b>{new}</b>" in chat.text or f"<b> {new}</b>" in chat.text
    for broken in ("", "changes", "changes:x:y:z", "changes:::9"):
        await yuna.presses(f"appeal:{broken}")
        assert "The appeal" in yuna.text


async def test_added_and_removed_language_leaves_signers_under_the_appeal_they_signed(chats: TeamChats) -> None:
    yuna, sam = chats.chat(3003, "유나"), chats.chat(1002, "Sam")
    await yuna.says("/start")
    await start(chats, chats.campaign)
    first = chats.campaign
    await sam.signs()
    await start(chats, write(first, "ja", "en"))
    await start(chats, replace(first, words={"en": first.words["en"]}))
    await start(chats, write(first, "ja", "en"))
    assert chats.campaign.appeal_version == first.appeal_version
    assert 3003 not in await chats.run_jobs()
    await yuna.says("/appeal")
    assert "It has never changed." in yuna.text
    await start(chats, write(first, "ja", "en", " more"))
    assert chats.campaign.appeal_version != first.appeal_version
    assert len((await chats.run_jobs())[3003]) == 1


async def test_changes_are_shown_in_a_language_that_both_versions_have(chats: TeamChats) -> None:
    yuna = chats.chat(3003, "유나")
    await yuna.says("/start")
    korean = replace(chats.campaign, words={"ko": chats.campaign.words["ko"]})
    await start(chats, korean)
    await start(chats, write(write(korean, "ko", "ko", " <더>"), "en", "ko"))
    await yuna.says("/appeal")
    await yuna.presses(next(action for action in yuna.actions if action.startswith("appeal:changes")))
    assert "&lt;더&gt;" in yuna.text


async def test_supporter_and_viewer_do_not_see_the_versions(chats: TeamChats) -> None:
    sam: Chat = chats.chat(1002, "Sam")
    await sam.says("/nonsense")
    lost = sam.text
    await sam.says("/appeal")
    assert sam.text == lost
    await chats.add_member(sam, "viewer")
    await sam.says("/appeal")
    assert "Only organizers" in sam.text
