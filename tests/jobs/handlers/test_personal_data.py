"""The page and the file with all data about a person."""

import orjson

from chatbot.petition.job import RetryLaterError
from chatbot.storage.privacy import personal_data
from tests.support.cast import SAM
from tests.support.fake_job_context import JobDriver


async def test_person_gets_a_page_to_read_and_a_file_for_programs(driver: JobDriver) -> None:
    await driver.sign(SAM, SAM, name="Sam <b>Smith</b>", country="CA")
    await driver.add(personal_data.JOB, chat_id=SAM)
    await driver.runner().finish()
    (to, name, page, _), (_to, other, data, _caption) = driver.chat_sender.files
    assert (to, name, other) == (SAM, "about-me.html", "about-me.json")
    assert "Sam &lt;b&gt;Smith&lt;/b&gt;" in page.decode()
    assert orjson.loads(data)["signatures"][0]["name"] == "Sam <b>Smith</b>"
    assert await driver.left() == []


async def test_page_that_was_sent_is_not_sent_again(driver: JobDriver) -> None:
    await driver.sign(SAM, SAM)
    await driver.add(personal_data.JOB, chat_id=SAM)
    driver.chat_sender.trouble.extend((None, RetryLaterError(5)))
    await driver.runner().finish()
    driver.passes(seconds=6)
    await driver.runner().finish()
    assert [name for _, name, _, _ in driver.chat_sender.files] == ["about-me.html", "about-me.json"]
    assert await driver.left() == []


async def test_person_who_left_the_chat_gets_nothing_more(driver: JobDriver) -> None:
    await driver.sign(SAM, SAM)
    driver.chat_sender.gone.add(SAM)
    await driver.add(personal_data.JOB, chat_id=SAM)
    await driver.runner().finish()
    assert driver.chat_sender.files == []
    assert await driver.left() == []
