"""A stopped broadcast is corrected, or deleted, in the moment in which it is sent to the rest."""

import pytest

from tests.support.same_moment import act_at_once
from tests.support.team_desk import PEOPLE, Desk

pytestmark = pytest.mark.parametrize("url", ["postgres"], indirect=True)
FIRST_THREE = set(PEOPLE[:3])


@pytest.mark.parametrize("is_first", [True, False], ids=["correction first", "rest first"])
async def test_everybody_has_the_corrected_text_once(desk: Desk, url: str, is_first: bool) -> None:
    stopped = await desk.send_some()
    await desk.yuna.presses(f"broadcast:rest:{stopped.id}")
    rest = next(each for each in desk.yuna.actions if ":again:" in each)
    await desk.hana.presses(f"broadcast:correct:{stopped.id}")
    correction = await desk.driver.newest()
    await desk.hana.presses(f"broadcast:write:{correction.id}:ko")
    await desk.hana.says("고친 글")
    correction = await desk.driver.newest()
    correct = f"broadcast:start:{correction.id}:{correction.revision}"
    pair = [(desk.hana, correct), (desk.yuna, rest)]
    (early, first), (late, second) = pair if is_first else pair[::-1]
    await act_at_once(url, early, lambda: early.presses(first), lambda: late.presses(second))
    assert "The correction is on its way" in desk.hana.text
    assert "On its way to those who don't have it" in desk.yuna.text
    await desk.driver.deliver_all()
    sent = await desk.driver.outcomes(stopped.id)
    assert {person for person, (state, _) in sent.items() if state == "sent"} == set(PEOPLE)
    corrected = await desk.driver.outcomes(correction.id)
    assert {person for person, (state, _) in corrected.items() if state == "sent"} >= FIRST_THREE
    assert (await desk.driver.get(stopped.id)).posts["ko"].text == "고친 글"


@pytest.mark.parametrize("is_first", [True, False], ids=["deletion first", "rest first"])
async def test_deletion_wins_over_the_rest(desk: Desk, url: str, is_first: bool) -> None:
    stopped = await desk.send_some()
    await desk.yuna.presses(f"broadcast:rest:{stopped.id}")
    rest = next(each for each in desk.yuna.actions if ":again:" in each)
    pair = [(desk.hana, f"broadcast:takeback:{stopped.id}"), (desk.yuna, rest)]
    (early, first), (late, second) = pair if is_first else pair[::-1]
    await act_at_once(url, early, lambda: early.presses(first), lambda: late.presses(second))
    assert "being deleted for everyone" in desk.hana.text
    assert ("On its way to those" in desk.yuna.text) == (not is_first)
    await desk.driver.deliver_all()
    sent = await desk.driver.outcomes(stopped.id)
    assert {person for person, (state, _) in sent.items() if state == "sent"} == FIRST_THREE
    recalled = await desk.driver.outcomes((await desk.driver.newest()).id)
    assert {person for person, (state, _) in recalled.items() if state == "sent"} == FIRST_THREE
