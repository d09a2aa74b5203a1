"""Telling the team: everybody once, each in their language."""

from chatbot.petition.errand import Later
from chatbot.storage import Transaction, supporters
from chatbot.storage import errands as stored
from tests.errands.office import HANA, YUNA, Errands


async def tell(errands: Errands, but: int | None = None) -> None:
    async def work(tx: Transaction) -> None:
        await supporters.meet(tx, HANA, language="ko", now=errands.now)
        await stored.tell(tx, "problems", {"problems": "signatures: counted 7"}, errands.now, but=but)

    await errands.database.transact(work)


async def test_everybody_is_told_once_in_their_language(errands: Errands) -> None:
    await tell(errands)
    await errands.runner().finish()
    told = dict(errands.courier.shown)
    assert len(errands.courier.shown) == 2
    assert "밤사이" in told[HANA] or "점검" in told[HANA]
    assert "nightly check" in told[YUNA]
    assert "signatures: counted 7" in told[HANA]


async def test_who_did_it_is_not_told(errands: Errands) -> None:
    await tell(errands, but=YUNA)
    await errands.runner().finish()
    assert [chat for chat, _ in errands.courier.shown] == [HANA]


async def test_a_flood_delays_one_and_repeats_nobody(errands: Errands) -> None:
    errands.courier.trouble.extend([None, Later(7)])
    await tell(errands)
    await errands.runner().finish()
    assert len(errands.courier.shown) == 1
    errands.passes(seconds=7)
    await errands.runner().finish()
    assert sorted(chat for chat, _ in errands.courier.shown) == [HANA, YUNA]


async def test_who_has_left_is_dropped(errands: Errands) -> None:
    errands.courier.gone.add(HANA)
    await tell(errands)
    await errands.runner().finish()
    assert [chat for chat, _ in errands.courier.shown] == [YUNA]
    assert await errands.left() == []
