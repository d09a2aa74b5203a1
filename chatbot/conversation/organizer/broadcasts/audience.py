"""The audience of a broadcast: a language, countries, and readers of another language."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from markupsafe import Markup

from chatbot.conversation.organizer.broadcasts.composing import put_aside
from chatbot.conversation.organizer.broadcasts.preview import count_readers, review, with_open_draft
from chatbot.conversation.step_names import StepName
from chatbot.conversation.turn import Reply, Step, Turn
from chatbot.petition.broadcasts.broadcast import Audience, Broadcast
from chatbot.petition.countries.find import ANSWERS, find_country
from chatbot.screens.organizer.broadcasts import audience as screens
from chatbot.screens.supporter import signing
from chatbot.storage.broadcasts import broadcasts, drafts
from chatbot.storage.people import subscriptions

_MOST_COUNTRIES = 50


async def show(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Show the audience and its choices."""
    screen = screens.choose_audience(turn._, turn.campaign, broadcast, await count_readers(turn, broadcast))
    return Reply.writing(turn, screen, "review", broadcast.id)


async def choose_readers(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Choose the readers of one language, or everyone."""
    language = more if more in turn.campaign.languages else None
    return await _address(turn, broadcast, replace(broadcast.audience, language=language))


async def choose_reach(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Choose whether a broadcast without a post in every language goes to its readers only or to everyone."""
    if broadcast.kind != "update":
        return await review(turn, broadcast, with_posts=False)
    await drafts.set_reach(turn.tx, broadcast.id, "everyone" if more == "everyone" else "readers")
    return await review(turn, await broadcasts.get(turn.tx, broadcast.id))


async def ask_countries(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Ask which countries receive the broadcast."""
    return await _ask(turn, broadcast)


@with_open_draft
async def hear_country(turn: Turn, draft: Broadcast, text: str) -> Reply:
    """Add a typed country if it is certain; otherwise offer similar ones."""
    match = find_country(text, turn.languages)
    if match.sure:
        return await _choose(turn, draft, (*draft.audience.countries, match.sure))
    problem = signing.did_you_mean(turn._, match.offers) if match.offers else signing.no_such_country(turn._)
    return await _ask(turn, draft, match.offers, screens.which_korea(turn._) if match.divided else problem)


async def choose_country(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Add the country of the button (`+KR`), remove it (`-KR`), or remove all countries (`all`)."""
    sign, code = more[:1], more[1:]
    chosen = () if more == "all" else tuple(each for each in broadcast.audience.countries if each != code)
    if sign == "+" and code in ANSWERS:
        chosen = (*chosen, code)
    return await _choose(turn, broadcast, chosen)


async def _choose(turn: Turn, broadcast: Broadcast, countries: tuple[str, ...]) -> Reply:
    if not _may_address(broadcast):
        return await review(turn, broadcast, with_posts=False)
    chosen = tuple(dict.fromkeys(countries))[:_MOST_COUNTRIES]
    await drafts.set_audience(turn.tx, broadcast.id, replace(broadcast.audience, countries=chosen))
    return await _ask(turn, await broadcasts.get(turn.tx, broadcast.id))


async def _ask(turn: Turn, broadcast: Broadcast, offers: tuple[str, ...] = (), problem: Markup | None = None) -> Reply:
    counts = await subscriptions.count_countries(turn.tx)
    screen = screens.ask_countries(turn._, broadcast, counts, offers, problem)
    return Reply.writing(turn, screen, "countries", broadcast.id)


async def _address(turn: Turn, broadcast: Broadcast, audience: Audience) -> Reply:
    if _may_address(broadcast):
        await drafts.set_audience(turn.tx, broadcast.id, audience)
    return await review(turn, await broadcasts.get(turn.tx, broadcast.id), with_posts=False)


def _may_address(broadcast: Broadcast) -> bool:
    """Whether an organizer may choose the audience. A correction goes to everybody who has the broadcast.

    Without the countries of that broadcast the number of its recipients would be shown exactly, and tell who signed.
    """
    return broadcast.kind == "update" and broadcast.renews is None


STEPS: Final[Mapping[StepName, Step]] = {
    "countries": Step(hear_country, with_open_draft(_ask), put_aside, ("review",), needs="organizer")
}
