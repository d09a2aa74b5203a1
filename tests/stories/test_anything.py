"""Anything may arrive at any step. The bot answers shortly or not at all, without an error, and everybody can go on."""

import json

import pytest

from chatbot.emulator.world.places.gatherings import edit_post, expel_bot, gather, post, upgrade
from chatbot.emulator.world.samples import SAMPLE_FILES, SAMPLES
from tests.support.actor import Actor
from tests.support.stage import Stage
from tests.support.stored_rows import MESSAGES

pytestmark = pytest.mark.slow

STEPPED = {
    "idle": [],
    "name": ["/sign", "check.name"],
    "country": ["/sign", "check.country"],
    "reason": ["/sign", "check.reason"],
    "check": ["/sign"],
}
"""What people do to get to a step."""
STEPS = [(speaker, step, done) for speaker in ("하나", "Sam") for step, done in STEPPED.items()]
WELCOME = {"하나": "탈북 난민을 구해 주세요", "Sam": "Save North Korean Refugees"}
QUESTION = {
    "하나": {
        "name": "새 이름",
        "country": "어느 나라",
        "reason": "왜 서명",
        "check": "이대로 서명",
    },
    "Sam": {
        "name": "new name",
        "country": "Which country",
        "reason": "Why are you signing?",
        "check": "Ready to sign?",
    },
}


async def walk(stage: Stage, speaker: str, done: list[str]) -> Actor:
    """Bring an actor to a step."""
    actor = stage.actor(speaker)
    for act in ["/start", *done]:
        await (actor.says(act) if act.startswith("/") else actor.presses(act))
    return actor


async def assert_not_stuck(stage: Stage, actor: Actor, speaker: str, step: str) -> None:
    """Check that the actor is at the step, and can leave it in every way. Whatever is left, the answers stay."""
    assert stage.ledger.supporter(actor.id)["step"] == step
    assert WELCOME[speaker] in await actor.says("/start")
    await actor.says("/sign")
    assert QUESTION[speaker]["check"] in actor.screen
    await actor.says("/cancel")
    assert stage.ledger.supporter(actor.id)["step"] == "idle"


@pytest.mark.parametrize(("speaker", "step", "done"), STEPS)
async def test_any_message_gets_a_short_answer(stage: Stage, speaker: str, step: str, done: list[str]) -> None:
    actor = await walk(stage, speaker, done)
    for kind in (*SAMPLE_FILES, *SAMPLES):
        await actor.sends(kind)
        assert actor.came, f"{kind} was passed over in silence"
        assert len(actor.message["text"]) < 600
        assert stage.ledger.supporter(actor.id)["step"] == step, kind
        if step != "idle":
            assert QUESTION[speaker][step] in actor.screen
    await actor.says("가" * 4096 if speaker == "하나" else "x" * 4096)
    assert actor.came
    assert stage.ledger.supporter(actor.id)["step"] == step
    await assert_not_stuck(stage, actor, speaker, step)


@pytest.mark.parametrize(("speaker", "step", "done"), STEPS)
async def test_bot_ignores_messages_for_others(stage: Stage, speaker: str, step: str, done: list[str]) -> None:
    actor = await walk(stage, speaker, done)
    photo = stage.world.sends_photo(actor.person, caption="Hana")
    await actor.waits()
    user, chat = actor.person.as_user(), actor.person.as_chat()
    stage.wire.checks_answers = False  # much of what comes now is in no schema
    for update in (
        {"edited_message": {**photo, "caption": "Mallory", "edit_date": photo["date"]}},
        {"edited_message": {"message_id": 1, "date": 1, "chat": chat, "from": user, "text": "Mallory"}},
        {
            "message_reaction": {
                "chat": chat,
                "user": user,
                "message_id": 1,
                "date": 1,
                "old_reaction": [],
                "new_reaction": [],
            }
        },
        {"poll_answer": {"poll_id": "1", "user": user, "option_ids": [0], "option_persistent_ids": ["1"]}},
        {"inline_query": {"id": "1", "from": user, "query": "Mallory", "offset": ""}},
        {"telepathic_message": {"from": user, "chat": chat, "thought": "Mallory"}},
        {"message": {"message_id": 1, "date": 1, "chat": chat, "from": user, "pinned_message": {"message_id": 1}}},
        {"message": None},
        {"callback_query": {"from": user}},
        {},
    ):
        stage.world.inject(update)
        await actor.waits()
        assert actor.came == [], update
    stage.world.inject({"message": {"message_id": 1, "date": 1, "chat": chat, "from": user, "hologram": {"of": 1}}})
    await actor.waits()
    assert actor.came, "a kind of message that is new gets the answer for things without words"
    await assert_not_stuck(stage, actor, speaker, step)


@pytest.mark.parametrize(("speaker", "step", "done"), STEPS)
async def test_forwarded_message_does_no_harm(stage: Stage, speaker: str, step: str, done: list[str]) -> None:
    actor = await walk(stage, speaker, done)
    for origin in (None, stage.actor("Mallory").person):
        stage.world.forwards(actor.person, "https://example.org = click here", origin)
        await actor.waits()
        assert actor.came
    await actor.says("/cancel")
    assert WELCOME[speaker] in await actor.says("/start")


@pytest.mark.parametrize(("speaker", "step", "done"), STEPS)
async def test_old_buttons_lead_to_the_open_question(stage: Stage, speaker: str, step: str, done: list[str]) -> None:
    actor = await walk(stage, speaker, done)
    shown = actor.message["message_id"]
    for action in ("name.profile", "country.KP", "reason.skip", "check.sign.00000000", "check.name"):
        if action.partition(".")[0] == step:
            continue
        # After weeks Telegram no longer lets the bot edit the message, so a new screen is sent.
        await actor.presses(action, 1, stale=True)
        assert actor.came
        assert not actor.edited
        assert actor.notice
        assert stage.ledger.supporter(actor.id)["step"] == step
        assert (QUESTION[speaker][step] if step != "idle" else WELCOME[speaker]) in actor.screen
    for action in ("", "nonsense", "read:99", "updates:-1", "subscribe:xx", "speak:zz", "join:", "check.sign", "🙂"):
        await actor.presses(action, shown, stale=True)
    assert stage.ledger.numbers() == {}
    await assert_not_stuck(stage, actor, speaker, "idle")


def answers(stage: Stage, actor: Actor) -> dict[str, object]:
    """Give the stored answers, without the message ids, which change even with a refused answer."""
    kept: dict[str, object] = json.loads(stage.ledger.supporter(actor.id)["draft"])
    ids = ("_message", "_after", *MESSAGES)
    return {key: value for key, value in kept.items() if not key.endswith(ids)}


@pytest.mark.parametrize(("speaker", "step", "done"), STEPS)
async def test_commands_while_signing_keep_the_draft(stage: Stage, speaker: str, step: str, done: list[str]) -> None:
    actor = await walk(stage, speaker, done)
    draft = answers(stage, actor)
    for command in (
        *("/read", "/updates", "/subscribe", "/unsubscribe", "/stop", "/share", "/language", "/privacy", "/help"),
        *("/start late-link", "/START", "/frobnicate", "/", "//", "/sign@petition_bot" if step != "idle" else "/help"),
    ):
        await actor.says(command)
        assert actor.came, command
    assert answers(stage, actor) == draft
    await assert_not_stuck(stage, actor, speaker, step if step == "idle" else "check")


@pytest.mark.parametrize("speaker", ["하나", "Sam"])
async def test_outdated_buttons_show_the_open_question_or_thanks(stage: Stage, speaker: str) -> None:
    actor = stage.actor(speaker)
    await actor.says("/sign")
    await actor.presses("check.name")
    asked = actor.message
    await actor.says("Hana")
    await actor.presses("name.keep", asked["message_id"], stale=True)
    assert QUESTION[speaker]["check"] in actor.screen
    assert actor.notice
    assert actor.edited
    await actor.presses("check.country")
    await actor.presses("country.CA")
    sign = next(button["callback_data"] for button in actor.buttons if "check.sign" in button["callback_data"])
    shown = actor.message["message_id"]
    then = await actor.presses(sign)
    assert "178,922" in actor.above
    await actor.presses(sign, shown, stale=True)
    assert "178,922" in (actor.notice or "")
    assert actor.came == []
    assert await actor.presses("country.KP", stale=True) != then
    signature = stage.ledger.signature(actor.id)
    assert signature is not None
    assert (signature["name"], signature["country"]) == ("Hana", "CA")
    stage.ledger.assert_consistent(signatures=1)


async def test_command_in_a_group_leads_to_the_private_chat(stage: Stage, hana: Actor, sam: Actor) -> None:
    group = gather(stage.world, "Friends", [hana.person, sam.person])
    await hana.waits()
    for actor in (hana, sam):
        stage.world.says(actor.person, "/sign@petition_bot", group)
        await actor.waits()
        assert actor.came == []
    stage.world.says(sam.person, "/sign@another_bot", group)
    stage.world.says(sam.person, "hello", group)
    await sam.waits()
    said = [message for message in stage.world.said_in(group) if message["from"]["is_bot"]]
    card, called = said  # the card when it was added, and the way to the private chat, once a minute
    assert "#SaveMyFriend" in card["text"]
    [[sign]] = card["reply_markup"]["inline_keyboard"]
    assert sign["url"].startswith("https://t.me/petition_bot?start=")
    assert "\n" not in called["text"]
    [[button]] = called["reply_markup"]["inline_keyboard"]
    assert button["url"] == "https://t.me/petition_bot"
    assert stage.ledger.read("SELECT id FROM supporters") == []

    old = gather(stage.world, "Old", [sam.person], kind="group")
    upgrade(stage.world, old)
    stage.world.says(sam.person, "/start", old)
    await sam.waits()
    expel_bot(stage.world, group)
    stage.world.says(sam.person, "/start", group)
    stage.world.inject({"message": {**said[0], "from": sam.person.as_user(), "text": "/start"}})
    await sam.waits()
    assert sam.came == []


async def test_tap_in_a_group_is_answered(stage: Stage, sam: Actor) -> None:
    group = gather(stage.world, "Friends", [sam.person])
    await sam.waits()
    [message] = [message for message in stage.world.said_in(group) if message["from"]["is_bot"]]
    with stage.world.watch(group) as watch:
        query_id = stage.world.presses(sam.person, message["message_id"], "sign", group, stale=True)
        await stage.wire.until_heard(stage.world)
    assert query_id in [event.get("query_id") for event in watch.taken_so_far() + sam.watch.taken_so_far()]


async def test_bot_ignores_channels(stage: Stage, sam: Actor) -> None:
    channel = gather(stage.world, "News", [sam.person], kind="channel")
    posted = post(stage.world, channel, "/start")
    edited = edit_post(stage.world, channel, posted["message_id"], "/sign")
    stage.world.inject({"channel_post": posted})
    stage.world.inject({"edited_channel_post": edited})
    await sam.waits()
    assert sam.came == []
    assert [message["message_id"] for message in stage.world.said_in(channel)] == [posted["message_id"]]
