"""What was deleted for everyone is not corrected afterwards, by a draft from before or from the same moment."""

from chatbot.petition.broadcasts.broadcast import BroadcastState
from chatbot.storage.broadcasts import drafts
from tests.conversation.organizer.broadcasts.conftest import send, send_and_correct
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import YUNA
from tests.support.chat import Chat


async def test_correction_that_waits_goes_with_the_recall(ready: Chat, driver: BroadcastDriver) -> None:
    sent = await send_and_correct(ready, driver)
    draft = await driver.newest()
    await ready.presses(f"broadcast:recall:{sent.id}")
    await ready.taps("Yes, delete it for 40")
    await ready.presses(f"broadcast:start:{draft.id}:{draft.revision}")
    assert "was discarded" in ready.text
    assert [each.kind for each in await driver.list_all()] == ["update", "recall"]
    assert (await driver.get(sent.id)).posts == sent.posts


async def test_correction_begun_in_the_moment_of_the_recall_does_not_start(
    ready: Chat, driver: BroadcastDriver
) -> None:
    await send(ready)
    await driver.deliver_all()
    sent = await driver.newest()
    await ready.presses(f"broadcast:recall:{sent.id}")
    await ready.taps("Yes, delete it for 40")
    draft = await driver.database.transact(drafts.create, YUNA, driver.now, kind="correction", of=sent)
    await ready.presses(f"broadcast:start:{draft.id}:{draft.revision}")
    assert "on its way" not in ready.text
    assert (await driver.get(draft.id)).state is BroadcastState.DRAFT
