import pytest

from chatbot.emulator.bot_api.refusal import RefusalError
from chatbot.emulator.world.attachments import Attachment, send_files
from chatbot.emulator.world.forwarding import forward
from chatbot.emulator.world.places.gatherings import admit_bot, edit_post, expel_bot, gather, post, upgrade
from chatbot.emulator.world.samples import MOVIE, SAMPLE_FILES, SAMPLES, picture
from tests.support.bot_api_schema import check_update


def test_person_starts_with_a_payload(emulator, heard):
    sam = emulator.world.add_person("Sam", "Taylor", "en", "sam")
    emulator.world.starts(sam, "from_poster-7")
    (update,) = heard()
    assert update["message"]["text"] == "/start from_poster-7"
    assert update["message"]["from"] == {
        "id": sam.id, "is_bot": False, "first_name": "Sam", "last_name": "Taylor", "username": "sam",
        "language_code": "en",
    }  # fmt: skip
    assert update["message"]["entities"] == [{"offset": 0, "length": 6, "type": "bot_command"}]
    assert sam.id > 2**32


@pytest.mark.parametrize("payload", ["a b", "가", "x" * 65])
def test_wrong_payload_is_refused(emulator, hana, payload):
    with pytest.raises(ValueError, match="payload"):
        emulator.world.starts(hana, payload)


def test_very_long_text_arrives_in_parts(emulator, hana, heard):
    emulator.world.says(hana, "x" * 5000)
    assert [len(update["message"]["text"]) for update in heard()] == [4096, 904]


@pytest.mark.parametrize("kind", [*SAMPLES, *SAMPLE_FILES])
def test_people_send_every_kind_of_sample(emulator, hana, heard, kind):
    message = emulator.world.sends(hana, kind)
    assert kind in message
    assert heard() == [{"message": message}]


@pytest.mark.parametrize("kind", SAMPLE_FILES)
async def test_bot_sends_received_files_by_file_id(emulator, hana, line, heard, kind):
    emulator.world.sends_file(hana, kind, *SAMPLE_FILES[kind], caption="보세요")
    message = heard()[0]["message"]
    assert message["caption"] == "보세요"
    carried = message[kind][-1] if kind == "photo" else message[kind]
    sent = await line.result(f"send{kind.title()}", chat_id=hana.id, **{kind: carried["file_id"]})
    assert sent[kind] == message[kind]


@pytest.mark.parametrize(("kind", "caption"), [("telepathy", ""), ("video", "x" * 1025)])
def test_impossible_file_is_refused(emulator, hana, kind, caption):
    with pytest.raises(ValueError, match=r"photo, video|1024"):
        emulator.world.sends_file(hana, kind, MOVIE, caption=caption)


def test_people_write_formatted_text(emulator, hana):
    said = emulator.world.says(hana, "<b>안녕</b> &amp; 👍", html=True)
    assert said["text"] == "안녕 & 👍"
    assert said["entities"] == [{"offset": 0, "length": 2, "type": "bold"}]
    assert emulator.world.says(hana, "<b>안녕</b>")["text"] == "<b>안녕</b>"
    sent = emulator.world.sends_file(hana, "photo", picture(), caption="<i>하나</i>", html=True)
    assert (sent["caption"], sent["caption_entities"][0]["type"]) == ("하나", "italic")


def test_tap_reports_the_current_message(emulator, hana, heard):
    world = emulator.world
    sent = world.put(
        hana, {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}}
    )
    query_id = world.taps(hana, "Go")
    (update,) = heard()
    query = update["callback_query"]
    assert (query["id"], query["data"], query["message"]) == (query_id, "go", sent)
    with pytest.raises(ValueError, match="no button"):
        world.presses(hana, sent["message_id"], "gone")
    with pytest.raises(ValueError, match="no button"):
        world.taps(hana, "Gone")
    world.presses(hana, 12345, "old", stale=True)
    assert heard()[1]["callback_query"]["message"] == {
        "message_id": 12345, "chat": hana.as_chat(), "date": 0,
    }  # fmt: skip


def test_tap_expires_if_it_is_not_fetched(emulator, hana, clock):
    emulator.world.presses(hana, 1, "x", stale=True)
    clock.advance(151)
    assert emulator.world.updates.pending() == 0


def test_people_edit_and_forward_messages(emulator, hana, sam, heard):
    said = emulator.world.says(hana, "Hanna")
    emulator.world.edits(hana, said["message_id"], "Hana")
    emulator.world.forwards(hana, "from Sam", sam)
    emulator.world.forwards(hana, "from somebody")
    first, edited, forwarded, hidden = heard()
    assert first["message"]["text"] == "Hanna"
    assert edited["edited_message"]["text"] == "Hana"
    assert edited["edited_message"]["message_id"] == said["message_id"]
    assert forwarded["message"]["forward_origin"]["sender_user"]["first_name"] == "Sam"
    assert hidden["message"]["forward_origin"]["type"] == "hidden_user"


def test_people_edit_formatted_texts_and_captions(emulator, hana, heard):
    world = emulator.world
    said = world.says(hana, "그대로", entities=[{"type": "bold", "offset": 0, "length": 3}])
    changed = world.edits(hana, said["message_id"], "고침", entities=[{"type": "italic", "offset": 0, "length": 1}])
    assert changed["entities"] == [{"type": "italic", "offset": 0, "length": 1}]
    assert "entities" not in world.edits(hana, said["message_id"], "고침")
    sent = world.sends_file(hana, "photo", picture(), caption="before")
    assert world.edits(hana, sent["message_id"], "after")["caption"] == "after"
    assert "caption" not in world.edits(hana, sent["message_id"], "")
    assert [next(iter(update)) for update in heard()].count("edited_message") == 4


def test_impossible_edit_changes_nothing(emulator, hana, sam, heard):
    world = emulator.world
    said, other = world.says(hana, "mine"), world.says(sam, "another's")
    forwarded, sticker = world.forwards(hana, "not mine", sam), world.sends(hana, "sticker")
    photo = world.sends_photo(hana)
    world.updates.clear()
    for message, text in (
        (said, " "),
        (said, "x" * 4097),
        (other, "mine"),
        (forwarded, "mine"),
        (sticker, "words"),
        (photo, "x" * 1025),
    ):
        with pytest.raises(ValueError, match=r"edit|characters"):
            world.edits(hana, message["message_id"], text)
    assert heard() == []
    assert world.message(hana.id, said["message_id"]) == said


def test_person_forwards_a_message_to_the_bot(emulator, hana, sam, heard):
    world = emulator.world
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    told = world.put(hana, {"text": "Thank you", "reply_markup": markup})
    own = world.says(hana, "<b>하나</b>", html=True)
    world.updates.clear()
    for source, message in ((hana, told), (hana, own)):
        forward(world, sam, source, message["message_id"])
    again = forward(world, hana, sam, world.newest(sam)[0]["message_id"])
    first, second, third = (update["message"] for update in heard())
    assert first["forward_origin"] == {"type": "user", "sender_user": world.bot.as_user(), "date": told["date"]}
    assert "reply_markup" not in first
    assert (second["from"]["first_name"], second["forward_origin"]["sender_user"]["first_name"]) == ("Sam", "하나")
    assert second["entities"][0]["type"] == "bold"
    assert third == again
    assert third["forward_origin"] == second["forward_origin"]
    with pytest.raises(ValueError, match="cannot be forwarded"):
        forward(world, sam, hana, 12345)


def test_person_replies_to_a_message(emulator, hana, heard):
    world = emulator.world
    told = world.put(hana, {"text": "Your name?"})
    world.says(hana, "하나", reply_to=told["message_id"])
    world.says(hana, "to nothing", reply_to=12345)
    first, second = (update["message"] for update in heard())
    assert first["reply_to_message"] == told
    assert "reply_to_message" not in second


def test_several_files_are_an_album(emulator, hana, heard):
    photo, film = Attachment("photo", picture()), Attachment("video", MOVIE, "wave.webm", "video/webm")
    sent = send_files(emulator.world, hana, [photo, film], "둘", [{"type": "bold", "offset": 0, "length": 1}])
    assert heard() == [{"message": message} for message in sent]
    first, second = sent
    assert first["media_group_id"] == second["media_group_id"]
    assert second["message_id"] == first["message_id"] + 1
    assert (first["caption"], first["caption_entities"][0]["type"], second.get("caption")) == ("둘", "bold", None)
    (alone,) = send_files(emulator.world, hana, [photo])
    assert "media_group_id" not in alone
    twelve = send_files(emulator.world, hana, [photo] * 12)
    groups = [message["media_group_id"] for message in twelve]
    assert [groups.count(group) for group in dict.fromkeys(groups)] == [10, 2]


def test_refused_file_stops_the_whole_album(emulator, hana, heard):
    photo, letter = Attachment("photo", picture()), Attachment("document", b"x")
    with pytest.raises(ValueError, match="album"):
        send_files(emulator.world, hana, [photo, letter])
    with pytest.raises(RefusalError):
        send_files(emulator.world, hana, [photo, Attachment("photo", b"no picture")])
    assert heard() == []


def test_person_blocks_and_unblocks_the_bot(emulator, hana, heard):
    emulator.world.blocks(hana)
    emulator.world.blocks(hana)
    with pytest.raises(ValueError, match="blocked"):
        emulator.world.says(hana, "hello")
    emulator.world.starts(hana)
    left, back, start = heard()
    assert left["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert back["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert start["message"]["text"] == "/start"


def test_update_of_unknown_kind_is_injected(emulator):
    emulator.world.updates.inspect = None
    update_id = emulator.world.inject({"telepathy": {"thought": "x"}})
    assert emulator.world.updates.fetch(0, 1) == [{"update_id": update_id, "telepathy": {"thought": "x"}}]


def test_privacy_mode_hides_other_group_messages(emulator, sam, hana, heard):
    world = emulator.world
    group = gather(world, "Friends", [sam, hana])
    world.updates.clear()
    world.says(sam, "hello everybody", group)
    world.says(sam, "/sign@another_bot", group)
    assert heard() == []
    world.says(sam, "/sign", group)
    world.says(hana, "/sign@petition_bot now", group)
    answered = world.put(group, {"text": "Write to me"})
    world.says(sam, "why?", group, reply_to=answered["message_id"])
    assert [update["message"]["text"] for update in heard()] == ["/sign", "/sign@petition_bot now", "why?"]
    assert heard()[0]["message"]["chat"] == {"id": group.id, "title": "Friends", "type": "supergroup"}
    stranger = world.add_person("Mallory")
    with pytest.raises(ValueError, match="not in that group"):
        world.says(stranger, "/sign", group)


def test_person_taps_a_button_in_a_group(emulator, sam, heard):
    group = gather(emulator.world, "Friends", [sam])
    emulator.world.updates.clear()
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    emulator.world.put(group, {"text": "x", "reply_markup": markup})
    emulator.world.taps(sam, "Go", group)
    assert heard()[0]["callback_query"]["message"]["chat"]["id"] == group.id


def test_bot_joins_and_leaves_a_group(emulator, sam, heard):
    group = gather(emulator.world, "Friends", [sam], kind="group")
    grown = upgrade(emulator.world, group)
    expel_bot(emulator.world, grown)
    admit_bot(emulator.world, grown)
    added, greeted, joined, moved, _moved, removed, again, _greeted = (each.popitem() for each in heard())
    assert [kind for kind, _ in (added, greeted, joined, moved)] == ["my_chat_member", "message"] * 2
    assert added[1]["old_chat_member"]["status"] == joined[1]["old_chat_member"]["status"] == "left"
    assert greeted[1]["new_chat_members"][0]["username"] == "petition_bot"
    assert joined[1]["chat"]["id"] == grown.id, "it is a new member of the supergroup"
    assert moved[1]["migrate_to_chat_id"] == grown.id
    assert [kind for kind, _ in (removed, again)] == ["my_chat_member"] * 2


def test_channel_posts_reach_the_bot(emulator, sam, heard):
    channel = gather(emulator.world, "News", [sam], kind="channel", username="news")
    sent = post(emulator.world, channel, "first")
    edit_post(emulator.world, channel, sent["message_id"], "second")
    joined, posted, edited = heard()
    assert joined["my_chat_member"]["new_chat_member"]["status"] == "administrator"
    assert posted["channel_post"]["text"] == "first"
    assert "from" not in posted["channel_post"]
    assert edited["edited_channel_post"]["text"] == "second"


def test_message_ids_count_up(emulator, hana, sam):
    group = gather(emulator.world, "Friends", [sam])
    first, second = emulator.world.says(hana, "x"), emulator.world.says(sam, "y")
    assert second["message_id"] == first["message_id"] + 1, "private chats share one numbering"
    assert emulator.world.says(sam, "/x", group)["message_id"] == 2, "a supergroup has its own"


def test_only_the_last_messages_are_stored(emulator, hana):
    emulator.world.history = 3
    for number in range(5):
        emulator.world.says(hana, str(number))
    assert [message["text"] for message in emulator.world.said_in(hana)] == ["2", "3", "4"]


async def test_watch_waits_for_events(emulator, hana):
    with emulator.world.watch(hana) as chat:
        emulator.world.says(hana, "mine")
        emulator.world.put(hana, {"text": "the bot's"})
        assert (await chat.next_message())["text"] == "the bot's"
        assert [event["message"]["text"] for event in chat.taken_so_far()] == ["mine"]
        with pytest.raises(TimeoutError):
            await chat.next_edit(timeout=0.01)
        emulator.world.stop_watching()
        assert (await chat.next())["message"]["text"] == "mine"
        with pytest.raises(EOFError):
            await chat.next()


def test_emulator_of_the_tests_checks_every_update(emulator):
    assert emulator.world.updates.inspect is check_update
