"""Words that an organizer may have sent for the wrong language."""

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.language_guess import guess_written_language
from chatbot.petition.languages import Language


def looks_like_another(_: Translator, texts: Mapping[Language, Markup], languages: Iterable[Language]) -> list[Markup]:
    """List the texts whose script is that of another language of the campaign."""
    known = list(languages)
    guessed = {language: guess_written_language(text, known) for language, text in texts.items()}
    return [
        _(
            "⚠️ The {language} version looks like {other}.",
            language=_.language_name(language),
            other=_.language_name(other),
        )
        for language, other in guessed.items()
        if other and other != language
    ]
