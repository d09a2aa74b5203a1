"""Asking signers about a changed appeal, and their answers."""

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.post import Post
from chatbot.petition.model import CampaignWords
from chatbot.screens.context import ReaderContext, way_back, way_on
from chatbot.screens.screen import Screen


def notice(_: Translator, words: CampaignWords) -> Post:
    """Return the prepared notice, which organizers may change."""
    text = _(
        "📝 <b>The appeal you signed has changed.</b>\n\n“{title}”\n\nYour signature stays with the "
        "wording you read. Please read the new one, and decide freely whether to put your name "
        "to it. You can also withdraw it; nobody will ask why.",
        title=words.title,
    )
    return Post(text)


def kept(_: Translator, reader: ReaderContext) -> Screen:
    """Confirm that the signature applies to the current version."""
    return Screen(
        _("💙 Thank you. Your signature is now under the new wording."),
        tuple(row for row in (way_on(_, reader), (way_back(_),)) if row),
    )


def changed_again(_: Translator) -> str:
    """Notice: the appeal changed again since the notice. Plain text."""
    return _.label("The appeal has changed again. Please read it first.")


def not_signed(_: Translator) -> str:
    """Notice: they have no signature. Plain text."""
    return _.label("You haven't signed here.")
