"""Withdrawing a signature, after one confirmation, at any step."""

from dataclasses import replace

from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.signing.draft import Draft
from chatbot.screens import callbacks
from chatbot.screens.supporter.rights import withdrawing as screens
from chatbot.storage.people import confirmations, signatures


async def withdraw(turn: Turn, _argument: str) -> Reply:
    """Ask for confirmation, and say what happens to the signature."""
    if turn.signature is None:
        return Reply.staying(turn, screens.nothing_signed(turn._, turn.reader))
    code = await confirmations.ask(turn.tx, turn.person.id, _about(turn.signature.number), turn.now)
    yes = callbacks.WITHDRAW(code)
    return Reply.staying(turn, screens.ask(turn._, turn.signature.number, turn.reader, yes))


async def press(turn: Turn, code: str) -> Reply:
    """Withdraw if the code is that of the question about this signature; ask otherwise."""
    if not code:
        return await withdraw(turn, "")
    if turn.signature is not None:
        about = _about(turn.signature.number)
        if not await confirmations.take(turn.tx, code, turn.person.id, about, turn.now):
            return await withdraw(turn, "")
        await signatures.take_back(turn.tx, turn.person.id)
    # A second tap gets the same answer.
    after = replace(turn, signature=None, draft=Draft() if turn.signature else turn.draft)
    reply = Reply.staying(after, screens.taken_back(after._, after.reader))
    return replace(reply, withdrew=turn.signature is not None)


def _about(number: int) -> str:
    return f"withdraw {number}"
