"""Looking again: the notice to those who signed another wording of the appeal, and what they answer to it."""

from dataclasses import replace

from chatbot.conversation import browsing, withdrawing
from chatbot.conversation.showing import review
from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.model import LANGUAGES
from chatbot.screens import renewing as screens
from chatbot.storage import broadcasts, composing, signatures


async def write_notice(turn: Turn) -> Reply:
    """Begin the prepared notice, or go on with it: it is looked at, changed, sent and followed like any update."""
    version = turn.campaign.appeal_version
    draft = await broadcasts.find_draft(turn.tx, turn.person.id)
    if draft is None or draft.renews != version:
        draft = await composing.draft(turn.tx, turn.person.id, turn.now, renews=version)
        for language in LANGUAGES:
            post = screens.notice(turn.translators[language], turn.campaign.words[language])
            await composing.write_post(turn.tx, draft.id, language, post)
    return await review(turn, await broadcasts.get(turn.tx, draft.id))


async def press(turn: Turn, argument: str) -> Reply:
    """Carry out a button below the notice, which stays where it is: `read`, `keep:<version>` or `leave`."""
    what, _, version = argument.partition(":")
    if turn.signature is None:
        return Reply.staying(turn, None, screens.not_signed(turn._))
    if what == "leave":
        return replace(await withdrawing.withdraw(turn, ""), below=True)
    if what != "keep":
        return replace(await browsing.read(turn, "1"), below=True)
    if version != turn.campaign.appeal_version:
        return replace(await browsing.read(turn, "1"), below=True, notice=screens.changed_again(turn._))
    await signatures.renew(turn.tx, turn.signature, version)
    return replace(Reply.staying(turn, screens.kept(turn._, turn.standing)), below=True)
