"""Thanking for a milestone: the team hears of it once, and may send everybody the thanks that are prepared."""

from chatbot.conversation.following import read_number
from chatbot.conversation.showing import review
from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.model import LANGUAGES
from chatbot.screens.thanks_letter import thank_for
from chatbot.storage import broadcasts, composing, course, errands


async def congratulate(turn: Turn, total: int) -> None:
    """Tell the team of the highest milestone that `total` supporters have reached, if nobody was told yet.

    Every turn asks, with what it knows anyway: so none is missed where several processes count at the same moment, and
    nothing is read or written unless there is something to tell.
    """
    milestone = turn.course.find_reached(turn.campaign, total)
    if milestone is not None and await course.note_reached(turn.tx, milestone):
        await errands.tell(turn.tx, "milestone", {"milestone": milestone}, turn.now)


async def write_thanks(turn: Turn, argument: str) -> Reply:
    """Begin the prepared update, or go on with it; it goes out like any other, and can be changed like any other."""
    milestone = read_number(argument, otherwise=0)
    posts = {
        language: thank_for(turn.translators[language], turn.campaign.words[language], milestone, turn.bot_link)
        for language in LANGUAGES
    }
    draft = await broadcasts.find_draft(turn.tx, turn.person.id)
    if draft is not None and draft.posts == posts:  # the button was tapped twice
        return await review(turn, draft)
    draft = await composing.draft(turn.tx, turn.person.id, turn.now)
    for language, post in posts.items():
        await composing.write_post(turn.tx, draft.id, language, post)
    return await review(turn, await broadcasts.get(turn.tx, draft.id))
