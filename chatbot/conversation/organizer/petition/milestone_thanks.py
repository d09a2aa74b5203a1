"""The prepared broadcast that thanks subscribers when a milestone is reached."""

from chatbot.conversation.organizer.broadcasts.preview import review
from chatbot.conversation.turn import Reply, Turn
from chatbot.screens.callbacks import read_number
from chatbot.screens.organizer.petition.milestone_thanks import thank_for
from chatbot.storage.broadcasts import broadcasts, drafts


async def write_thanks(turn: Turn, argument: str) -> Reply:
    """Begin the prepared broadcast, or continue its draft. It is changed and sent like any other."""
    milestone = read_number(argument)
    posts = {
        language: thank_for(turn.translators[language], turn.campaign.words[language], milestone, turn.bot_link)
        for language in turn.campaign.languages
    }
    draft = await broadcasts.find_draft(turn.tx, turn.person.id)
    if draft is not None and draft.posts == posts:  # the button was tapped twice
        return await review(turn, draft)
    draft = await drafts.create(turn.tx, turn.person.id, turn.now)
    for language, post in posts.items():
        await drafts.write_post(turn.tx, draft.id, language, post)
    return await review(turn, await broadcasts.get(turn.tx, draft.id))
