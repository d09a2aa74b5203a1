"""What the command `healthy` says: one line."""

from collections.abc import Iterable

from chatbot.i18n import Translator


def healthy(_: Translator, kinds: Iterable[str]) -> str:
    return _.label("healthy: {processes}", processes=_.row(kinds))


def no_process(_: Translator) -> str:
    return _.label("no process of the bot works here, or it has only just begun")


def silent(_: Translator, kind: str, seconds: int) -> str:
    seconds_long = _.plural("{count} second", "{count} seconds", seconds)
    return _.label("{process}: no sign of life for {duration}", process=kind, duration=seconds_long)


def troubled(_: Translator, kind: str, trouble: str) -> str:
    """Say what a process knows to be wrong with it."""
    told = {
        "starting": _.label("is starting, and waits for Telegram"),
        "telegram": _.label("has not reached Telegram for minutes"),
        "webhook": _.label("the webhook at Telegram does not lead here"),
        "lock": _.label("does not come to its work"),
    }
    return f"{kind}: {told.get(trouble, trouble)}"
