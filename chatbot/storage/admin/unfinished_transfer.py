"""The mark of a database that a move is filling: written first, deleted last."""

from typing import Final

from chatbot.problem import Problem
from chatbot.storage.engine.database import IncompleteDatabaseError, Transaction
from chatbot.storage.organizer import app_state

MARK: Final = "move_unfinished"


async def refuse_unfinished(tx: Transaction) -> None:
    """Raise `IncompleteDatabaseError` after an interrupted move: signing there would begin a second petition."""
    if await app_state.find(tx, MARK) is not None:
        problem = Problem(
            "a petition was moved into this database only in part: do it once more (python -m chatbot move --to this "
            "address, with DATABASE_URL naming the old one), or go on with the old one"
        )
        raise IncompleteDatabaseError(problem)
