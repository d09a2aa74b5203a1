"""Why an answer is refused: what is wrong with a name or a reason."""

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.signing.names import MAX_NAME_LENGTH, NameProblem
from chatbot.petition.signing.reasons import MAX_REASON_LENGTH, ReasonProblem


def profile_unusable(_: Translator) -> Markup:
    """Say why the name of the Telegram profile is not offered."""
    return _("Your Telegram name can't be used here, so please type one.")


def name_refused(_: Translator, problem: NameProblem, signs: str = "") -> Markup:
    """Say why a name is refused. `signs` are those that it may not have."""
    match problem:
        case NameProblem.TOO_LONG:
            return _("That's longer than {most} characters. A shorter form is fine.", most=_.number(MAX_NAME_LENGTH))
        case NameProblem.LINK:
            return _("A name can't have a link or an address in it.")
        case NameProblem.FORMULA:
            return _("A name can't begin with = + - @ or /.")
        case NameProblem.DISGUISED:
            return _("There are hidden characters in it. Please type the name yourself.")
        case NameProblem.STACKED:
            return _("There are too many marks on one letter. Please type the name without them.")
        case NameProblem.SIGNS if signs:
            return _("A name can't have <code>{signs}</code> in it. Please type it without.", signs=" ".join(signs))
        case NameProblem.SIGNS:
            return _("That looks like code. Please type just the name.")
        case NameProblem.DIGITS:
            return _("That looks like a number. Please type the name in letters.")
        case NameProblem.EMPTY | NameProblem.NO_LETTER:
            return _("Please type a name with at least one letter.")


def reason_refused(_: Translator, problem: ReasonProblem, length: int) -> Markup:
    """Say why a reason of `length` characters is refused."""
    if problem is ReasonProblem.TOO_LONG:
        return _(
            "That's {length} characters. Please shorten it to {most}.",
            length=_.number(length),
            most=_.number(MAX_REASON_LENGTH),
        )
    if problem is ReasonProblem.LINK:
        return _("There's a link or an address in it. Please leave it out; your own words are enough.")
    if problem is ReasonProblem.CODE:
        return _("That looks like code. Please write it in your own words, without tags, braces or backslashes.")
    return _("There are no words in it. Type your reason, or skip it.")
