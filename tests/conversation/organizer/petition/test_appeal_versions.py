"""/appeal: the versions, how many signed each, and what changed, in the reader's language."""

from dataclasses import replace

from chatbot.app.startup import register_appeal_version
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats


async def edit(chats: TeamChats) -> None:
    """Start the bot, let Sam sign, and start it again with a changed appeal."""
    await register_appeal_version(chats.database, chats.campaign, chats.mailroom.now)
    await chats.chat(1002, "Sam").signs()
    words = {
        language: replace(said, paragraphs=(*said.paragraphs[:-1], f"{said.paragraphs[-1]} <{language}>"))
        for language, said in chats.campaign.words.items()
    }
    chats.campaign = replace(chats.campaign, appeal_version="0123456789ab", words=words)
    for _process in range(2):
        await register_appeal_version(chats.database, chats.campaign, chats.mailroom.now)


async def test_team_is_told_of_a_new_version_once_and_sees_the_changes(chats: TeamChats) -> None:
    yuna, hana = chats.chat(3003, "유나"), await chats.add_member(chats.chat(1001, "하나", "ko"), "organizer")
    await yuna.says("/start")
    await edit(chats)
    told = await chats.run_jobs()
    assert len(told[3003]) == len(told[1001]) == 1
    assert "새로워졌습니다" in told[1001][0]
    for chat, new, few in ((yuna, "&lt;en&gt;", "fewer than 20"), (hana, "&lt;ko&gt;", "20 미만")):
        await chat.says("/appeal")
        assert f"<b>{few}</b>" in chat.text
        await chat.presses(next(action for action in chat.actions if action.startswith("appeal:changes")))
        assert f"<b>{new}</b>" in chat.text or f"<b> {new}</b>" in chat.text
    for broken in ("", "changes", "changes:x:y:z", "changes:::9"):
        await yuna.presses(f"appeal:{broken}")
        assert "The appeal" in yuna.text


async def test_supporter_and_viewer_do_not_see_the_versions(chats: TeamChats) -> None:
    sam: Chat = chats.chat(1002, "Sam")
    await sam.says("/nonsense")
    lost = sam.text
    await sam.says("/appeal")
    assert sam.text == lost
    await chats.add_member(sam, "viewer")
    await sam.says("/appeal")
    assert "for organizers" in sam.text
