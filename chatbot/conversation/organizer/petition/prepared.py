"""Prepared broadcasts: thanks for a milestone, and the words about the end or the addressee's answer."""

from collections.abc import Mapping, Sequence

from chatbot.conversation.organizer.broadcasts.preview import review
from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.broadcasts.post import Post, ReadyButton
from chatbot.petition.languages import Language
from chatbot.screens.callbacks import read_number
from chatbot.screens.organizer.petition import milestone_thanks as screens
from chatbot.screens.organizer.petition import telling_the_end
from chatbot.screens.organizer.places import choosing
from chatbot.storage.broadcasts import broadcasts, drafts
from chatbot.storage.organizer import petition_status
from chatbot.storage.places import places


async def write_thanks(turn: Turn, argument: str) -> Reply:
    """Begin the prepared broadcast, or continue its draft, while as many people have signed.

    Otherwise the team is told again when they have.
    """
    milestone, total = read_number(argument), turn.total
    if total < milestone:
        await petition_status.take_back_reached(turn.tx, milestone, total)
        return Reply.staying(turn, screens.not_reached(turn._, milestone, total))
    return await _open(
        turn,
        {
            each: screens.thank_for(turn.translators[each], turn.campaign.words[each], milestone)
            for each in turn.campaign.languages
        },
        buttons=("share",),  # everybody shares their own link, in their own chats
    )


async def write_statement(turn: Turn, argument: str) -> Reply:
    """Begin a broadcast with the words that stand on the welcome: the addressee's answer, or those about the end.

    `end` has no words of the team and says how the petition ended.
    """
    if argument == "end":
        return await _write_end(turn)
    words = turn.status.answer if argument == "answer" else turn.status.statement
    posts = {each: Post(words[each]) for each in turn.campaign.languages if each in words}
    return await _open(turn, posts) if posts else Reply.staying(turn, None, screens.no_words(turn._))


async def _write_end(turn: Turn) -> Reply:
    ending = turn.status.find_ending(turn.campaign)
    if ending is None:
        return Reply.staying(turn, None, telling_the_end.is_open(turn._))
    return await _open(
        turn,
        {
            each: telling_the_end.tell_end(turn.translators[each], turn.campaign.words[each], ending, turn.total)
            for each in turn.campaign.languages
        },
    )


async def _open(turn: Turn, posts: Mapping[Language, Post], buttons: Sequence[ReadyButton] = ()) -> Reply:
    """Begin a draft with these posts, or continue the one that has them. It is changed and sent like any other."""
    draft = await broadcasts.find_draft(turn.tx, turn.person.id)
    if draft is not None and draft.posts == posts:  # the button was tapped twice
        return await review(turn, draft)
    draft = await drafts.create(turn.tx, turn.person.id, turn.now)
    for language, post in posts.items():
        await drafts.write_post(turn.tx, draft.id, language, post)
    if buttons:
        await drafts.set_ready_buttons(turn.tx, draft.id, buttons)
    hint = choosing.may_go_there(turn._) if await places.list_linked(turn.tx) else None
    return await review(turn, await broadcasts.get(turn.tx, draft.id), hint)
