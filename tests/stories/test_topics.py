"""Messages from a topic of the private chat, a forum, the comments on a post, an anonymous admin, and a channel."""

from chatbot.emulator.world.places.discussions import open_discussion
from chatbot.emulator.world.places.gatherings import gather, post
from chatbot.emulator.world.places.speaking import says_as
from chatbot.emulator.world.topics import delete_topic, note, open_topic, says_in
from tests.support.actor import Actor
from tests.support.stage import Stage


async def test_hana_signs_in_a_topic(stage: Stage, hana: Actor) -> None:
    stage.world.bot.has_topics = True
    thread_id = open_topic(stage.world, hana.person, "청원")
    await hana.waits()
    assert hana.came == [], "that a topic was opened is no word of hers"
    for text, shown in (("/start", "탈북 난민"), ("/sign", "이대로 서명"), ("네", "이대로 서명")):
        says_in(stage.world, hana.person, text, thread_id)
        assert shown in await hana.waits()
        assert hana.message["message_thread_id"] == thread_id
        for kind in ("forum_topic_edited", "forum_topic_closed", "forum_topic_reopened"):
            note(stage.world, hana.person, kind, thread_id)
            await hana.waits()
            assert hana.came == [], kind
    await hana.taps("✏️ 이유")
    assert hana.edited
    await hana.taps("뒤로")
    await hana.taps("✍️ 서명하기")
    assert "178,922" in hana.above
    assert hana.message["message_thread_id"] == thread_id, "also of the question below the thanks"


async def test_answer_for_a_deleted_topic_still_arrives(stage: Stage, sam: Actor) -> None:
    thread_id = open_topic(stage.world, sam.person, "Petition")
    delete_topic(sam.person, thread_id)
    says_in(stage.world, sam.person, "/start", thread_id)
    assert "Save North Korean Refugees" in await sam.waits()
    assert "message_thread_id" not in sam.message
    assert stage.ledger.supporter(sam.id)["blocked_at"] is None


async def test_hint_in_a_forum_comes_in_its_topic(stage: Stage, sam: Actor) -> None:
    forum = gather(stage.world, "Friends", [sam.person])
    thread_id = open_topic(stage.world, sam.person, "Petitions", forum)
    await sam.waits()
    before = len(stage.world.said_in(forum))
    says_in(stage.world, sam.person, "/sign", thread_id, forum)
    says_as(stage.world, forum, "/start", forum, thread_id)
    await sam.waits()
    hints = [message for message in stage.world.said_in(forum)[before:] if message["from"]["id"] == stage.world.bot.id]
    assert hints
    assert {hint["message_thread_id"] for hint in hints} == {thread_id}


async def test_card_that_was_asked_for_in_comments_stands_below_the_same_post(stage: Stage, sam: Actor) -> None:
    """Readers of the channel see only what replies to its post, or to a comment on it."""
    group = gather(stage.world, "Readers", [sam.person])
    channel = gather(stage.world, "News", [sam.person], kind="channel")
    open_discussion(stage.world, channel, group)
    await sam.waits()
    post(stage.world, channel, "Our friend is in danger.")
    [copy] = [each for each in stage.world.said_in(group) if each.get("is_automatic_forward")]
    comment = stage.world.says(sam.person, "/sign", group, reply_to=copy["message_id"])
    await sam.waits()
    *_, card = stage.world.said_in(group)
    assert card["from"]["id"] == stage.world.bot.id
    assert card["reply_to_message"]["message_id"] == comment["message_id"]
    assert card["message_thread_id"] == copy["message_id"]


async def test_bot_answers_an_anonymous_admin_but_no_channel(stage: Stage, sam: Actor) -> None:
    group = gather(stage.world, "Friends", [sam.person])
    channel = gather(stage.world, "News", [sam.person], kind="channel")
    await sam.waits()

    def hints() -> int:
        said = stage.world.said_in(group)
        return sum(1 for message in said if message["from"]["id"] == stage.world.bot.id)

    before = hints()
    says_as(stage.world, channel, "/start", group)
    stage.world.says(sam.person, "/weather", group)
    stage.world.says(sam.person, "/ban 5", group)
    await sam.waits()
    assert hints() == before
    says_as(stage.world, group, "/sign@petition_bot", group)
    await sam.waits()
    assert hints() == before + 1
    assert stage.ledger.read("SELECT id FROM supporters") == []
