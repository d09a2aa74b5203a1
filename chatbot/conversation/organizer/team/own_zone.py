"""The time zone in which a member of the team sees hours: the campaign's, or one of their own."""

from collections.abc import Mapping
from typing import Final

from chatbot.conversation.step_names import StepName
from chatbot.conversation.turn import Reply, Step, Turn
from chatbot.petition.dates.find_zones import find_zones
from chatbot.petition.dates.zones import read_zone
from chatbot.petition.team import is_at_least
from chatbot.screens.organizer.desk import way_to_desk
from chatbot.screens.organizer.team import own_zone as screens
from chatbot.screens.screen import ButtonRow, Screen
from chatbot.storage.organizer import team

_MOST_OFFERS: Final = 6


async def ask_zone(turn: Turn, _argument: str = "") -> Reply:
    """Show the zone, and ask for another one."""
    return await _ask(turn)


async def hear_zone(turn: Turn, text: str) -> Reply:
    """Take a typed place. One zone is taken at once, since nothing but their own screens changes."""
    found = find_zones(text, turn.languages, turn.now)
    if len(found) == 1:
        return await choose_zone(turn, found[0])
    if not found:
        return await _ask(turn, is_unknown=True)
    return Reply(screens.which_zone(turn._, found, turn.now, _way_back(turn)), "zone", turn.draft)


async def choose_zone(turn: Turn, name: str) -> Reply:
    """Take the zone of a button."""
    zone = turn.campaign.zone if name == screens.CAMPAIGN else read_zone(name)
    if zone is None:
        return await _ask(turn)
    await team.choose_zone(turn.tx, turn.person.id, None if name == screens.CAMPAIGN else zone.key)
    return _leave_step(turn, screens.chosen(turn._.in_zone(zone), turn.campaign.zone, turn.now, _way_back(turn)))


async def _ask(turn: Turn, *, is_unknown: bool = False) -> Reply:
    own = (await team.find_reader(turn.tx, turn.person.id)).zone
    used = (*await team.list_zones(turn.tx), *(each.zone for each in turn.campaign.languages.values()))
    offers = [each for each in dict.fromkeys(used) if read_zone(each) and each != turn.campaign.zone.key]
    zone, back = turn.campaign.zone, _way_back(turn)
    screen = screens.ask_zone(turn._, own, offers[:_MOST_OFFERS], zone, turn.now, back, is_unknown=is_unknown)
    return Reply(screen, "zone", turn.draft)


def _way_back(turn: Turn) -> ButtonRow:
    """The way back: to the team, or for viewers, who do not see it, to the desk."""
    is_organizer = turn.team is not None and is_at_least(turn.team.role, "organizer")
    return screens.way_to_team(turn._) if is_organizer else way_to_desk(turn._)


async def _leave(turn: Turn, _argument: str) -> Reply:
    return _leave_step(turn, screens.chosen(turn._, turn.campaign.zone, turn.now, _way_back(turn)))


def _leave_step(turn: Turn, screen: Screen) -> Reply:
    return Reply(screen, None, turn.draft) if turn.step in STEPS else Reply.staying(turn, screen)


STEPS: Final[Mapping[StepName, Step]] = {"zone": Step(hear_zone, ask_zone, _leave, ("idle",), needs="viewer")}
