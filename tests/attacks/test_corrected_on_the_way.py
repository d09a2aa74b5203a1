"""A correction weighs as much as the update that it changes: whoever is still to get that reads its words first.

An update to sixty was approved. 하나 lets three have it, pauses it, and corrects it "for three people", alone; then it
goes on.
"""

import pytest
from markupsafe import Markup

from chatbot.petition.broadcast import Broadcast, State
from chatbot.petition.delivery import Delivery, Result, Sent, Unknown
from chatbot.petition.post import Post
from chatbot.storage import approvals, broadcasts, composing, steering
from tests.attacks.test_split_broadcasts import YUNA, hana, house, send, write  # noqa: F401 - fixtures
from tests.conversation.chat import Chat
from tests.conversation.house import House


async def approved(house: House, hana: Chat, *countries: str) -> Broadcast:  # noqa: F811
    """An update that 유나 has approved, and that is on its way."""
    update = await write(house, *countries)
    await send(hana, update)
    assert "must approve" in hana.text
    await house.chat(YUNA, "유나").presses(f"broadcast:approve:{update.id}:{update.revision}")
    return await house.mailroom.newest()


async def corrects(house: House, hana: Chat, update: Broadcast) -> Broadcast:  # noqa: F811
    await hana.presses(f"broadcast:correct:{update.id}")
    draft = await house.mailroom.newest()
    assert draft.kind == "correction"
    for language in ("ko", "en"):
        post = Post(Markup("Send money to Mallory"))
        await house.database.transact(
            lambda tx, language=language, post=post: composing.write_post(tx, draft.id, language, post)  # type: ignore[misc]
        )
    draft = await house.mailroom.newest()
    await hana.presses(f"broadcast:ask:{draft.id}:{draft.revision}")
    await send(hana, draft)
    return draft


@pytest.mark.parametrize("countries", [(), ("NO", "CA", "KR")], ids=["everyone", "countries"])
@pytest.mark.parametrize("had_by", [3, 0])
async def test_what_is_paused_is_not_corrected_alone(
    house: House,  # noqa: F811
    hana: Chat,  # noqa: F811
    countries: tuple[str, ...],
    had_by: int,
) -> None:
    update = await approved(house, hana, *countries)
    if had_by:
        await house.mailroom.deliver(limit=had_by)
    await hana.presses(f"broadcast:pause:{update.id}")
    if not (had_by or countries):
        await hana.presses(f"broadcast:correct:{update.id}")
        assert (await house.mailroom.newest()).kind == "update", "what nobody has is not corrected"
        return
    correction = await corrects(house, hana, update)
    assert "must approve" in hana.text
    assert (await house.mailroom.newest()).state is State.DRAFT
    await hana.presses(f"broadcast:resume:{update.id}")
    still = await house.database.transact(lambda tx: broadcasts.get(tx, update.id))
    assert "money" not in str(still.posts)
    await house.chat(YUNA, "유나").presses(f"broadcast:approve:{correction.id}:{correction.revision}")
    still = await house.database.transact(lambda tx: broadcasts.get(tx, update.id))
    assert "money" in str(still.posts), "with a second yes it is corrected, on its way too"


async def test_what_may_be_sent_again_is_not_corrected_alone(house: House, hana: Chat) -> None:  # noqa: F811
    def few(to: Delivery) -> Result:
        return Sent(to.supporter_id) if to.supporter_id < 4 else Unknown("timeout")

    update = await approved(house, hana)
    await house.mailroom.deliver_all(few)
    await corrects(house, hana, update)
    assert "must approve" in hana.text
    assert (await house.mailroom.newest()).state is State.DRAFT


async def test_what_was_cancelled_is_corrected_for_those_who_have_it(house: House, hana: Chat) -> None:  # noqa: F811
    update = await approved(house, hana)
    await house.mailroom.deliver(limit=3)
    await house.database.transact(lambda tx: steering.end(tx, update.id, "cancelled", house.mailroom.now))
    draft = await corrects(house, hana, update)
    assert "on its way" in hana.text
    counted = await house.database.transact(lambda tx: approvals.count_alone(tx, 1001, house.mailroom.now))
    assert (draft.kind, counted) == ("correction", 3)
