"""What signers are told when the appeal was changed after they signed, and what they answer."""

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.post import Post
from chatbot.petition.model import CampaignWords
from chatbot.screens.context import ReaderContext, way_back, way_on
from chatbot.screens.screen import Screen


def notice(_: Translator, words: CampaignWords) -> Post:
    """The prepared words; organizers may change them."""
    text = _(
        "📝 <b>The appeal that you signed was changed.</b>\n\n“{title}”\n\nYour signature stands under the wording "
        "that you read. Please look at the new one, and decide freely whether your name shall stand under it. You can "
        "also take it back; nobody will ask why.",
        title=words.title,
    )
    return Post(text)


def kept(_: Translator, standing: ReaderContext) -> Screen:
    """Their signature stands under the new wording now."""
    return Screen(
        _("💙 Thank you. Your signature now stands under the new wording."),
        tuple(row for row in (way_on(_, standing), (way_back(_),)) if row),
    )


def changed_again(_: Translator) -> str:
    """It was changed once more since the notice; plain."""
    return _.label("The appeal was changed once more. Please read it first.")


def not_signed(_: Translator) -> str:
    """They have no signature (any more); plain."""
    return _.label("You have no signature here.")
