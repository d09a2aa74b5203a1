"""What every test may ask for: the bundled campaign and its words."""

from collections.abc import Mapping

import pytest

from chatbot.i18n import Translator, load_translators
from chatbot.petition.campaign import load_campaign
from chatbot.petition.model import LANGUAGES, Campaign
from chatbot.settings import BUNDLED_LOCALES


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    """The bundled petition."""
    return load_campaign(BUNDLED_LOCALES)


@pytest.fixture(scope="session")
def translators() -> Mapping[str, Translator]:
    """The bundled words."""
    return load_translators(LANGUAGES, [BUNDLED_LOCALES])
