"""Links of the team: a name of their own, and a QR code."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from chatbot.petition.exports.links import LONGEST, is_name, make_name
from tests.support.cast import HANA, SAM, YUNA
from tests.support.team_chats import LINK, TeamChats


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("flyer", "flyer"),
        ("Church flyer, Busan!", "church-flyer-busan"),
        ("전단지", "jeondanji"),
        ("радио", "radio"),
        ("2026_11", "2026_11"),
        ("🙂", None),
        ("", None),
        ("s-friend", None),
        ("join_us", None),
    ],
)
def test_typed_name_becomes_one_that_a_link_may_carry(typed: str, name: str | None) -> None:
    assert make_name(typed) == name


def test_long_name_is_cut_and_no_name_has_a_colon() -> None:
    assert len(make_name("flyer " * 20) or "") <= LONGEST
    assert not is_name("a:b")


async def test_organizer_makes_a_link_and_its_qr_code(chats: TeamChats) -> None:
    yuna = chats.chat(YUNA, "유나")
    await yuna.says("/stats")
    await yuna.taps("Sources")
    await yuna.taps("New link")
    await yuna.says("🙂")
    assert "I cannot make a link of that." in yuna.text
    await yuna.says("전단지")
    assert f"{LINK}?start=jeondanji" in yuna.text
    await yuna.taps("QR code")
    await chats.run_jobs()
    [(chat, _name, content, caption)] = chats.jobs.chat_sender.files
    assert (chat, f"{LINK}?start=jeondanji" in caption) == (YUNA, True)
    assert Image.open(io.BytesIO(content)).size == (1200, 1320)


async def test_cancel_makes_no_link(chats: TeamChats) -> None:
    yuna = chats.chat(YUNA, "유나")
    await yuna.presses("link:new")
    await yuna.says("/cancel")
    assert "no link was made" in yuna.text
    await yuna.says("flyer")
    assert "?start=flyer" not in yuna.text


async def test_viewers_and_strangers_make_no_links(chats: TeamChats) -> None:
    hana, sam = await chats.open_organizer("viewer"), chats.chat(SAM, "Sam")
    await chats.run_jobs()
    for chat in (hana, sam):
        await chat.presses("link:qr:flyer")
        await chat.presses("link:new")
        await chat.says("flyer")
        assert "?start=flyer" not in chat.text
    assert [job for job in await chats.jobs.left() if job.kind == "qr"] == []
    assert hana.person.id == HANA


async def test_organizer_gets_a_poster_of_a_link_in_each_language(chats: TeamChats) -> None:
    yuna = chats.chat(YUNA, "유나")
    await yuna.presses("link:new")
    await yuna.says("church flyer")
    await yuna.taps("🖨 As a poster")
    assert "counted as “church-flyer”" in yuna.text
    await yuna.taps("Korean")
    assert yuna.notice == "🖨 Your poster is on its way."
    await chats.run_jobs()
    [(chat, name, content, caption)] = chats.jobs.chat_sender.files
    assert (chat, name) == (YUNA, "poster-ko-church-flyer.pdf")
    assert content.startswith(b"%PDF")
    assert "church-flyer" in caption


async def test_owner_gets_a_poster_beside_the_petition_document(chats: TeamChats) -> None:
    yuna = chats.chat(YUNA, "유나")
    await yuna.says("/deliver")
    await yuna.taps("🖨 A poster to print …")
    await yuna.taps("‹ Back")
    assert "The document to deliver" in yuna.text
    await yuna.taps("🖨 A poster to print …")
    await yuna.taps("English")
    await chats.run_jobs()
    [(_chat, name, _content, caption)] = chats.jobs.chat_sender.files
    assert name == "poster-en.pdf"
    assert "counted as “poster”" in caption


async def test_nobody_else_and_nothing_closed_gets_a_poster(chats: TeamChats) -> None:
    hana = await chats.open_organizer("viewer")
    await hana.presses("link:print:en:flyer")
    yuna = chats.chat(YUNA, "유나")
    for action in ("link:print:xx:flyer", "link:print:en:s-friend", "link:poster:a b", "link:print"):
        await yuna.presses(action)
    yuna.dialog._campaign = replace(yuna.dialog._campaign, is_open=False)
    await yuna.presses("link:print:en:flyer")
    assert yuna.notice == "Signing has closed, so there is no poster."
    await yuna.says("/deliver")
    assert "🖨" not in str(yuna.labels)
    await chats.run_jobs()
    assert chats.jobs.chat_sender.files == []
