"""Countries as readers see them."""

from chatbot.i18n import Translator
from chatbot.petition.countries.find import country_flag


def flagged(_: Translator, code: str) -> str:
    return _.direct(f"{country_flag(code)} {_.country(code)}")
