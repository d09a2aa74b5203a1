"""Notices to the team: one for each member, in their language."""

from chatbot.app.periodic import check_database
from chatbot.petition.job import RetryLaterError
from chatbot.storage import Transaction
from chatbot.storage.organizer import chat_menus, team
from chatbot.storage.organizer import jobs as stored
from chatbot.storage.people import counters, supporters
from tests.support.cast import HANA, YUNA
from tests.support.fake_job_context import JobDriver


async def tell(driver: JobDriver, but: int | None = None) -> None:
    async def work(tx: Transaction) -> None:
        await supporters.meet(tx, HANA, language="ko", now=driver.now)
        await stored.tell(tx, "problems", {"problems": "signatures: counted 7"}, driver.now, but=but)

    await driver.database.transact(work)


async def test_each_member_is_notified_once_in_their_language(driver: JobDriver) -> None:
    await tell(driver)
    await driver.runner().finish()
    told = dict(driver.chat_sender.shown)
    assert len(driver.chat_sender.shown) == 2
    assert "밤새 점검에서" in told[HANA]
    assert "nightly check" in told[YUNA]
    assert "signatures: counted 7" in told[HANA]


async def test_each_member_reads_the_findings_of_the_nightly_check_in_their_language(driver: JobDriver) -> None:
    await driver.database.transact(supporters.meet, HANA, language="ko", now=driver.now)
    await driver.database.transact(counters.increase, counters.SUBSCRIPTIONS)
    await check_database(driver.database, driver.now)
    await driver.runner().finish()
    told = dict(driver.chat_sender.shown)
    assert told[HANA].endswith("• 소식 구독: 저장된 수는 1, 다시 센 수는 0입니다.")
    assert told[YUNA].endswith("• subscriptions: counted 1, but there are 0")


async def test_acting_member_is_not_notified(driver: JobDriver) -> None:
    await tell(driver, but=YUNA)
    await driver.runner().finish()
    assert [chat for chat, _ in driver.chat_sender.shown] == [HANA]


async def test_flood_delays_one_notice_and_repeats_none(driver: JobDriver) -> None:
    driver.chat_sender.trouble.extend([None, RetryLaterError(7)])
    await tell(driver)
    await driver.runner().finish()
    assert len(driver.chat_sender.shown) == 1
    driver.passes(seconds=7)
    await driver.runner().finish()
    assert sorted(chat for chat, _ in driver.chat_sender.shown) == [HANA, YUNA]


async def test_notice_to_a_gone_chat_is_dropped(driver: JobDriver) -> None:
    driver.chat_sender.gone.add(HANA)
    await tell(driver)
    await driver.runner().finish()
    assert [chat for chat, _ in driver.chat_sender.shown] == [YUNA]
    assert await driver.left() == []


async def test_notice_reaches_only_members_with_the_role_it_needs(driver: JobDriver) -> None:
    async def work(tx: Transaction) -> None:
        await team.add_member(tx, 1002, "Sam", "viewer", YUNA, driver.now)
        await team.add_member(tx, 1003, "Sam", "organizer", YUNA, driver.now)
        await team.add_member(tx, 1004, "Sam", "owner", YUNA, driver.now)
        for needs in ("viewer", "organizer", "owner"):
            await stored.tell(tx, "problems", {"problems": needs}, driver.now, needs=needs)

    await driver.database.transact(work)
    await driver.runner().finish()
    told = {
        needs: {chat for chat, text in driver.chat_sender.shown if f"• {needs}" in text}
        for needs in ("viewer", "organizer", "owner")
    }
    owners = {HANA, YUNA, 1004}
    assert told == {"viewer": owners | {1002, 1003}, "organizer": owners | {1003}, "owner": owners}


async def test_menu_follows_the_current_role(driver: JobDriver) -> None:
    async def request(tx: Transaction) -> None:
        await team.add_member(tx, 1002, "Sam", "viewer", YUNA, driver.now)
        for member_id in (1002, 1003, YUNA):
            await stored.add(tx, team.MENU, {}, driver.now, chat_id=member_id)

    await driver.database.transact(request)
    driver.chat_sender.trouble.append(RetryLaterError(7))
    await driver.runner().finish()
    driver.passes(seconds=7)
    await driver.runner().finish()
    assert driver.chat_sender.menus == {1002: "viewer", 1003: None, YUNA: "owner"}
    assert await driver.database.transact(chat_menus.list_with_menu) == {1002, YUNA}
