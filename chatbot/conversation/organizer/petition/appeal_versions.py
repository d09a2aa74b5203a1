"""Versions of the appeal, what changed between them, and the notice to signers."""

from typing import Final

from chatbot.conversation.organizer.broadcasts.preview import review
from chatbot.conversation.organizer.feature import Feature
from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.languages import find_nearest
from chatbot.petition.text.diff import compare
from chatbot.screens.callbacks import APPEAL, read_number, split
from chatbot.screens.organizer.petition import appeal_versions as screens
from chatbot.screens.supporter import resigning
from chatbot.storage.broadcasts import broadcasts, drafts
from chatbot.storage.organizer import appeal_versions


async def list_versions(turn: Turn, _argument: str) -> Reply:
    """Show every version of the appeal."""
    known = await appeal_versions.list_versions(turn.tx)
    listed = [(each.version, each.first_seen_at, each.signed) for each in known]
    return Reply.staying(turn, screens.list_versions(turn._, listed, turn.campaign.appeal_version))


async def press(turn: Turn, argument: str) -> Reply:
    """Carry out a button: `list`, `notice`, or `changes:<before>:<after>:<page>`."""
    if argument == "notice":
        return await write_notice(turn)
    what, before, after, page = split(argument, 4)
    old = await appeal_versions.read_paragraphs(turn.tx, before)
    new = await appeal_versions.read_paragraphs(turn.tx, after)
    language = find_nearest(turn.language, old.keys() & new.keys(), turn.campaign.listed)
    if what != "changes" or language is None:
        return await list_versions(turn, "")
    screen = screens.show_changes(turn._, compare(old[language], new[language]), read_number(page), before, after)
    return Reply.staying(turn, screen)


async def write_notice(turn: Turn) -> Reply:
    """Begin the prepared notice, or continue its draft. It is reviewed, changed and sent like any broadcast."""
    version = turn.campaign.appeal_version
    draft = await broadcasts.find_draft(turn.tx, turn.person.id)
    if draft is None or draft.renews != version:
        draft = await drafts.create(turn.tx, turn.person.id, turn.now, renews=version)
        for language in turn.campaign.languages:
            post = resigning.notice(turn.translators[language], turn.campaign.words[language])
            await drafts.write_post(turn.tx, draft.id, language, post)
    return await review(turn, await broadcasts.get(turn.tx, draft.id))


FEATURE: Final = Feature(APPEAL, press, {"appeal": list_versions})
