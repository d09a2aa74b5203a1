"""Every kind of errand there is, and who carries it out."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from chatbot.errands import approving, disclosing, handing_over, menus, picturing, setting_aside, telling, unlinking
from chatbot.errands.office import Office
from chatbot.petition.errand import Errand
from chatbot.petition.picture import PICTURE
from chatbot.storage import about, approvals, erasing, errands, set_asides, team

Kind = Callable[[Errand, Office], Awaitable[None]]
"""Carries out one errand. It may be cut off anywhere and begun anew; when it returns, the errand is done."""

KINDS: Final[Mapping[str, Kind]] = {
    errands.TELL: telling.spread,
    errands.NOTICE: telling.tell,
    approvals.ERRAND: approving.ask,
    team.MENU: menus.bring_up_to_date,
    set_asides.ERRAND: setting_aside.carry_out,
    handing_over.KIND: handing_over.hand_over,
    PICTURE: picturing.draw,
    about.ERRAND: disclosing.send,
    erasing.UNLINK: unlinking.unlink,
}
