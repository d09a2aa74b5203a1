"""The link that makes an owner, as the person at the machine sees it. Plain text."""

from chatbot.i18n import Translator


def nobody(_: Translator) -> str:
    return _.label("Nobody owns this petition yet.")


def follow(_: Translator, until: str, *, has_code: bool) -> str:
    """Above the link and, on most terminals, its QR code."""
    if has_code:
        return _.label(
            "Scan the code with your phone, or open the link, to become an owner of the petition. It works once, until "
            "{until}. Show it to nobody else.",
            until=until,
        )
    return _.label(
        "Open this link to become an owner of the petition. It works once, until {until}. Show it to nobody else.",
        until=until,
    )


def or_send(_: Translator) -> str:
    return _.label("If Telegram only opens the chat, send the bot this line:")


def send(_: Translator, until: str) -> str:
    """Where the bot's username is not known, so that there is no link."""
    return _.label(
        "Send the bot this line to become an owner of the petition. It works once, until {until}. Show it to nobody "
        "else.",
        until=until,
    )


def must_run(_: Translator) -> str:
    return _.label("The bot must be running when you do so: python -m chatbot run")


def has_owner(_: Translator) -> str:
    return _.label(
        "The petition has an owner, who can invite others in the chat: /team. To make one more owner from here: "
        "python -m chatbot owner --another"
    )


def no_owner(_: Translator) -> str:
    """A warning of `check`."""
    return _.label("Nobody owns this petition: python -m chatbot owner")
