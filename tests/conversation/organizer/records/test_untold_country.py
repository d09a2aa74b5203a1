"""Signatures without a country have a separate line wherever organizers count countries, and count as no country."""

from datetime import timedelta

from chatbot.petition.countries.names import rank
from chatbot.storage.people import history
from tests.support.cast import YUNA
from tests.support.team_chats import TeamChats


async def test_statistics_list_people_who_do_not_say_their_country_last(chats: TeamChats) -> None:
    await chats.database.transact(history.write, chats.driver.now)
    chats.driver.now += timedelta(hours=2)
    await chats.sign(0, [("ZZ", None)] * 40 + [("KR", None)] * 30)
    yuna = chats.chat(YUNA, "유나")
    await yuna.says("/stats")
    await yuna.taps("Countries")
    assert yuna.text.index("South Korea: <b>30+") < yuna.text.index("🌐 Not said: <b>40+")


async def test_export_is_limited_to_people_who_do_not_say_their_country(chats: TeamChats) -> None:
    await chats.sign(0, [("ZZ", None)] * 40 + [("KR", None)] * 30)
    yuna = chats.chat(YUNA, "유나")
    await yuna.says("/export")
    await yuna.taps("🌐 Not said")
    assert "🌐 Not said\n\nSignatures: <b>40-plus</b>" in yuna.text


def test_only_the_line_of_a_country_is_left_out() -> None:
    assert rank({"ZZ": 9, "CA": 1, "KR": 5, "US": 5}, 2) == [("KR", 5), ("US", 5), ("ZZ", 9)]
    assert rank({"CA": 1}) == [("CA", 1)]
