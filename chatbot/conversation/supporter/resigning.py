"""Answers to the notice that the appeal has changed since a person signed it."""

from dataclasses import replace

from chatbot.conversation.supporter import home, withdrawing
from chatbot.conversation.turn import Reply, Turn
from chatbot.screens.callbacks import split
from chatbot.screens.supporter import resigning as screens
from chatbot.storage.people import signatures


async def press(turn: Turn, argument: str) -> Reply:
    """Carry out a button of the notice: `read`, `keep:<version>` or `leave`. The notice itself stays."""
    what, version = split(argument, 2)
    if turn.signature is None:
        return Reply.staying(turn, None, screens.not_signed(turn._))
    if what == "leave":
        return replace(await withdrawing.withdraw(turn, ""), below=True)
    if what != "keep":
        return replace(await home.read(turn, "1"), below=True)
    if version != turn.campaign.appeal_version:
        return replace(await home.read(turn, "1"), below=True, notice=screens.changed_again(turn._))
    await signatures.renew(turn.tx, turn.signature, version)
    return replace(Reply.staying(turn, screens.kept(turn._, turn.reader)), below=True)
