"""What `restore` asks before it replaces the database, and says afterwards. Plain text."""

from pathlib import Path
from typing import Final

from chatbot.i18n import Translator

YES: Final = "yes"
"""The word to type, in every language."""


def describe(_: Translator, file: Path, after: tuple[int, int], before: tuple[int, int] | None) -> list[str]:
    """Say what is in the copy, and what would be lost. The numbers are signatures and subscriptions."""
    lines = [
        _.label(
            "{file} is whole: {signatures}, {subscriptions}.",
            file=file,
            signatures=_.plural("{count} signature", "{count} signatures", after[0]),
            subscriptions=_.plural("{count} subscription", "{count} subscriptions", after[1]),
        )
    ]
    if before is None:
        return lines
    return [
        *lines,
        _.label("Signatures: {before} → {after}", before=_.number(before[0]), after=_.number(after[0])),
        _.label("Subscriptions: {before} → {after}", before=_.number(before[1]), after=_.number(after[1])),
        _.label(
            "What was done after the copy was made is lost: whoever signed since has to sign again, and whoever "
            "withdrew, unsubscribed or was erased since is in it as before."
        ),
    ]


def ask(_: Translator) -> str:
    return _.label("Type “{yes}” to replace the database by this copy: ", yes=YES)


def not_confirmed(_: Translator) -> str:
    return _.label("Nothing has changed.")


def restored(_: Translator, kept: Path | None) -> list[str]:
    lines = [_.label("The copy is in place. Start the bot.")]
    if kept is not None:
        lines.append(
            _.label(
                "What it replaced is {file}, with people's names: delete it when all is well.",
                file=kept,
            )
        )
    return lines
