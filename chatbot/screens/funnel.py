"""The funnel steps in words, for the team's numbers and for what a person reads about themselves."""

from collections.abc import Mapping

from chatbot.i18n import Translator
from chatbot.petition.funnel import FunnelStep


def name_steps(_: Translator) -> Mapping[FunnelStep, str]:
    """Name every step as what somebody did. Plain text."""
    return {
        "opened": _.label("wrote to the bot"),
        "read": _.label("read the appeal"),
        "began": _.label("began to sign"),
        "country": _.label("gave a name"),
        "reason": _.label("gave a country"),
        "check": _.label("reached the last check"),
        "signed": _.label("signed"),
        "subscribed": _.label("subscribed"),
    }
