"""The bot tells sharers how many signed through their links: by day, in their language, if they may be written to."""

from dataclasses import replace
from datetime import UTC, datetime, time

from chatbot.jobs.registry import HANDLERS
from chatbot.petition.broadcasts.quiet_hours import QuietHours
from chatbot.storage import Transaction
from chatbot.storage.people import friends, supporters
from tests.support.cast import HANA
from tests.support.fake_job_context import JobDriver
from tests.support.signers import add_signer

NOON_IN_SEOUL = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
NIGHT_IN_SEOUL = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)


async def sign(driver: JobDriver, *, country: str = "KR", reached: int = 3) -> None:
    """Add the signature of 하나, and count `reached` people who signed through her link."""

    async def work(tx: Transaction) -> None:
        await add_signer(tx, HANA, country=country, now=driver.now)
        await tx.run("UPDATE supporters SET friends_signed = :n, friends_told = :n WHERE id = :id", n=reached, id=HANA)

    await driver.database.transact(work)


async def tell(driver: JobDriver, reached: int = 3) -> list[str]:
    """Run the job, and return the messages to 하나."""
    driver.context = replace(
        driver.context, campaign=replace(driver.context.campaign, quiet_hours=QuietHours(time(21), time(8)))
    )
    await driver.add(friends.JOB, chat_id=HANA, reached=reached)
    await driver.runner({friends.JOB: HANDLERS[friends.JOB]}).finish()
    return [text for chat_id, text in driver.chat_sender.shown if chat_id == HANA]


async def test_sharer_is_told_in_their_language(driver: JobDriver) -> None:
    driver.now = NOON_IN_SEOUL
    await sign(driver)
    [text] = await tell(driver)
    assert "내 링크로 <b>3</b>명이 서명했습니다" in text
    assert await driver.left() == []


async def test_sharer_is_told_in_the_morning(driver: JobDriver) -> None:
    driver.now = NIGHT_IN_SEOUL
    await sign(driver)
    assert await tell(driver) == []
    driver.passes(hours=6)
    await driver.runner().finish()
    assert driver.chat_sender.shown == [], "it is five in the morning"
    driver.passes(hours=2, minutes=1)
    await driver.runner().finish()
    assert [chat_id for chat_id, _text in driver.chat_sender.shown] == [HANA]
    assert await driver.left() == []


async def test_sharer_is_not_told_an_overtaken_number(driver: JobDriver) -> None:
    driver.now = NOON_IN_SEOUL
    await sign(driver, reached=10)
    assert await tell(driver, reached=3) == []
    assert len(await tell(driver, reached=10)) == 1


async def test_sharer_who_cannot_or_must_not_be_written_to_is_not_told(driver: JobDriver) -> None:
    driver.now = NOON_IN_SEOUL
    assert await tell(driver) == [], "the bot does not know her yet"
    await sign(driver, country="CN")
    assert await tell(driver) == [], "an unexpected message may endanger people there"
    await driver.database.transact(lambda tx: tx.run("UPDATE signatures SET country = 'ZZ'"))
    assert await tell(driver) == [], "she may have had a reason not to tell her country"
    await driver.database.transact(lambda tx: tx.run("UPDATE signatures SET country = 'KR'"))
    await driver.database.transact(friends.mute, HANA, driver.now)
    assert await tell(driver) == [], "muted since the job was added"
    await driver.database.transact(friends.unmute, HANA)
    await driver.database.transact(supporters.mark_blocked, HANA, driver.now)
    assert await tell(driver) == []
    await driver.database.transact(supporters.mark_returned, HANA)
    assert len(await tell(driver)) == 1
