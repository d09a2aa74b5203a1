"""Every last question about a broadcast says what goes out, to whom, where and how: nobody taps Yes on trust."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Audience, Broadcast
from chatbot.petition.broadcasts.estimate import Estimate
from chatbot.petition.broadcasts.place_delivery import PlaceDelivery
from chatbot.petition.broadcasts.post import Post, PostButton
from chatbot.petition.broadcasts.quiet_hours import MorningForecast
from chatbot.petition.broadcasts.tally import Tally
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.screens.organizer.broadcasts import approval, correcting, launching, progress, scheduling
from chatbot.screens.organizer.places import posting
from chatbot.screens.screen import Press, Screen
from tests.screens.galleries.all_screens import ORDINARY, screens
from tests.screens.galleries.progress import AT

YES = ("start", "wake", "rouse", "schedule", "approve", "again", "takeback", "cancel", "repost")
"""What the buttons do that decide about a broadcast."""
BUTTON = PostButton("Read more", "https://example.org")
POSTS = {"ko": Post(Markup("친구를 구합시다"), button=BUTTON), "en": Post(Markup("Save my friend"), button=BUTTON)}
READERS: dict[Language, int] = {"ko": 176, "en": 61}
SENT = Tally(READERS, {("ko", "sent", ""): 100, ("en", "sent", ""): 30})
FORECAST = MorningForecast(100, 137, AT + timedelta(hours=14))
COST = Estimate(60.0, 0)
CHANNEL = PlaceDelivery("c-abcdefgh", "길동네", "ko")
FAILED, UNKNOWN = replace(CHANNEL, state="gone", reason="rights"), replace(CHANNEL, state="unknown", reason="crash")
DRAFT = Broadcast(12, "update", None, 3003, Audience("ko"), "readers", True, 5, AT, posts=POSTS)

QUESTIONS: dict[str, Callable[[Translator, Campaign, Broadcast], Screen]] = {
    "send": lambda _, campaign, draft: launching.confirm(_, campaign, draft, READERS, COST, FORECAST),
    "ask to approve": lambda _, campaign, draft: launching.confirm(
        _, campaign, draft, READERS, COST, FORECAST, unapproved=True
    ),
    "urgent": lambda _, _campaign, draft: launching.ask_urgent(_, draft, READERS, FORECAST),
    "schedule": lambda _, campaign, draft: scheduling.confirm_hour(_, campaign, draft, AT, READERS, COST, FORECAST),
    "approve": lambda _, campaign, draft: approval.ask(_, campaign, draft, "유나", READERS, FORECAST),
    "approve the hour": lambda _, campaign, draft: approval.ask(
        _, campaign, replace(draft, scheduled_for=AT), "유나", READERS, FORECAST
    ),
    "wake": lambda _, _campaign, draft: launching.ask_wake(_, _running(draft), Tally(READERS, {}, {AT: 61}), AT),
    "rest": lambda _, _campaign, draft: launching.confirm_again(_, _ended(draft), READERS, "rest", FORECAST),
    "failed": lambda _, _campaign, draft: launching.confirm_again(_, _ended(draft), READERS, "failed", FORECAST),
    "unknown": lambda _, _campaign, draft: launching.confirm_again(_, _ended(draft), READERS, "unknown", FORECAST),
    "cancel": lambda _, _campaign, draft: progress.ask_cancel(_, replace(_running(draft), paused_at=AT), SENT),
    "delete": lambda _, _campaign, draft: correcting.ask_recall(_, _ended(draft), SENT, too_old=False),
    "remove": lambda _, _campaign, draft: correcting.ask_recall(_, _ended(draft), SENT, too_old=True),
}
IN_CHATS = ("delete", "remove")
"""They are about everybody who has it, and make no sound."""
NOW = ("send", "ask to approve", "urgent", "wake", "rest", "failed", "unknown")


def _running(draft: Broadcast) -> Broadcast:
    return replace(draft, started_at=AT, gathered_at=AT)


def _ended(draft: Broadcast) -> Broadcast:
    return replace(_running(draft), ended_at=AT, ending="cancelled")


@pytest.mark.parametrize("question", QUESTIONS)
def test_last_question_says_what_goes_out_to_whom_and_how(
    translators: Mapping[Language, Translator], campaign: Campaign, question: str
) -> None:
    screen = QUESTIONS[question](translators["en"], campaign, DRAFT)
    assert any(isinstance(each, Press) and each.action.split(":")[1] in YES for row in screen.rows for each in row)
    lines = str(screen.text).splitlines()
    assert "“Save my friend”" in lines
    assert any(line.startswith("👥") and "Korean" in line and "English" in line for line in lines)
    assert "🔗 button: Read more → example.org" in lines
    if question in IN_CHATS:
        assert "🔕 no sound: people are not told of a deletion" in lines
    else:
        assert {"🌐 only readers of Korean", "🔕 without sound"} <= set(lines)
    if question in NOW:
        assert "🕘 now" in lines
    elif question in ("schedule", "approve the hour"):
        assert any(line.startswith("🕘") for line in lines)


@pytest.mark.parametrize("question", [each for each in QUESTIONS if each not in IN_CHATS])
def test_last_question_names_the_countries_without_exact_numbers(
    translators: Mapping[Language, Translator], campaign: Campaign, question: str
) -> None:
    draft = replace(DRAFT, audience=Audience(None, ("KR", "FR")), silent=False)
    text = str(QUESTIONS[question](translators["en"], campaign, draft).text)
    assert "🌍 only South Korea and France" in text
    assert "🔔 with sound" in text
    assert not any(number in text for number in ("237", "137", "176"))


def test_question_to_wake_counts_those_who_wait(translators: Mapping[Language, Translator], campaign: Campaign) -> None:
    text = str(QUESTIONS["wake"](translators["en"], campaign, DRAFT).text)
    assert "👥 <b>60+</b> of 237 (Korean 176, English 61)" in text
    assert "237</b> people" not in text, "the others have it"
    few = launching.ask_wake(translators["en"], _running(DRAFT), Tally({"ko": 12}, {}, {AT: 5}), AT)
    assert "👥 <b>12</b> people at most (Korean 12)" in few.text


def test_no_time_is_left_while_the_others_sleep(translators: Mapping[Language, Translator]) -> None:
    """The last rate is remembered for a while, and then nothing goes out for hours."""
    tally = Tally(READERS, {("ko", "sent", ""): 176}, {AT: 61})
    text = str(progress.progress(translators["en"], _running(DRAFT), tally, 25.0, None).text)
    assert "waiting for their morning: 60+" in text
    assert "left" not in text.replace("left Telegram", "")


@pytest.mark.parametrize("question", ["send", "schedule", "approve", "rest", "failed", "unknown"])
def test_last_question_tells_who_is_asleep(
    translators: Mapping[Language, Translator], campaign: Campaign, question: str
) -> None:
    text = str(QUESTIONS[question](translators["en"], campaign, DRAFT).text)
    assert "🌙 at once: 100+ · in their morning: 130+" in text


@pytest.mark.parametrize("question", ["send", "ask to approve", "schedule", "approve", "approve the hour"])
def test_last_question_warns_of_a_copy_and_of_readers_who_get_nothing(
    translators: Mapping[Language, Translator], campaign: Campaign, question: str
) -> None:
    copy = replace(DRAFT, audience=Audience(), had_already=346, posts={"ko": POSTS["ko"]})
    text = str(QUESTIONS[question](translators["en"], campaign, copy).text)
    assert "⚠️ Up to 346 people have the update that this was copied from, and would get it twice." in text
    assert "🌐 readers of English get nothing" in text


@pytest.mark.parametrize("question", list(QUESTIONS))
def test_last_question_names_the_channels_and_groups(
    translators: Mapping[Language, Translator], campaign: Campaign, question: str
) -> None:
    is_there = question in (*IN_CHATS, "wake", "rest", "failed", "unknown", "cancel")
    place = replace(CHANNEL, state="sent", message_id=7) if is_there else CHANNEL
    paused = PlaceDelivery("c-jkmnpqrs", "Neighbours", "en", "skipped", "paused")
    draft = replace(DRAFT, places=(place, paused), place_codes=(place.code, paused.code))
    lines = str(QUESTIONS[question](translators["en"], campaign, draft).text).splitlines()
    assert "📡 also in 길동네" in lines
    assert ("⏸ Neighbours: left out, because it's paused" in lines) != is_there


def test_question_to_post_again_is_about_places_only(translators: Mapping[Language, Translator]) -> None:
    """People don't get it again, so neither they nor the choice among them is counted or named."""
    ended = replace(_ended(DRAFT), ending="done", audience=Audience("ko", ("KR", "FR")))
    lines = str(posting.ask_again(translators["en"], ended, [FAILED], [UNKNOWN]).text).splitlines()
    assert {"🕘 now", "“Save my friend”", "🔕 without sound", "🔗 button: Read more → example.org"} <= set(lines)
    assert not any(line.startswith(("👥", "🌍", "🌐", "🌙")) for line in lines)


def test_every_screen_that_decides_has_the_block(
    translators: Mapping[Language, Translator], campaign: Campaign
) -> None:
    """A question that is added to the gallery and to no list above is found here."""
    decisive = {
        name: str(screen.text)
        for name, screen in screens(translators, campaign, "en", ORDINARY["en"])
        for row in screen.rows
        for button in row
        if isinstance(button, Press)
        and button.action.split(":")[0] == "broadcast"
        and button.action.split(":")[1] in YES
    }
    # A report goes on with a correction or a deletion that was decided on before, and doubles nothing.
    asked = {name: text for name, text in decisive.items() if not name.startswith(("desk-report", "posts-report"))}
    assert len(asked) > len(QUESTIONS)
    for name, text in asked.items():
        lines = text.splitlines()
        for sign in ("“", "📡" if name.startswith("posts-again") else "👥", ("🔔", "🔕")):
            assert any(line.startswith(sign) for line in lines), f"{name} lacks {sign}"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/", "example.org"),
        ("https://report.pdf", "report.pdf"),
        ("https://t.me/savemyfriend?start=a", "t.me/savemyfriend?start=a"),
        (f"https://example.org/{'a' * 900}", f"example.org/{'a' * 27}…"),
    ],
)
def test_last_question_says_where_a_link_leads(
    translators: Mapping[Language, Translator], campaign: Campaign, url: str, shown: str
) -> None:
    """An organizer who typed “Download report.pdf” gets a button to a site of that name."""
    post = replace(POSTS["ko"], button=PostButton("Read more", url))
    draft = replace(DRAFT, posts={"ko": post}, ready_buttons=("sign",))
    text = str(QUESTIONS["send"](translators["en"], campaign, draft).text)
    assert f"Read more → {shown}\n" in text
