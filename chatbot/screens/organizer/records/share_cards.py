"""Words of a picture to be shared; `chatbot.documents.share_card` draws it."""

from typing import Any

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.exports.share_card import CardShape
from chatbot.petition.lifecycle import PetitionEnding
from chatbot.petition.model import CampaignWords
from chatbot.screens.organizer.records.charts import divide_figure


def describe(
    _: Translator, words: CampaignWords, total: int, ending: PetitionEnding | None, shape: CardShape, link: str
) -> dict[str, Any]:
    """Describe the picture. No date is on it: it is passed on for weeks."""
    hashtag = words.hashtag
    title = words.title.removesuffix(hashtag).rstrip(" -–—:·,") if hashtag else words.title
    return {
        "kind": "card",
        "direction": _.direction,
        "shape": shape,
        "title": title or words.title,
        # Why it matters, while something can be done about it.
        "lead": words.lead or "" if shape == "portrait" and ending is None else "",
        "figure": _describe_total(_, total, ending),
        "call": _call(_, ending),
        "scan": _.label("Point your phone's camera at the code, or open:"),
        "link": link,
        "address": link.removeprefix("https://").partition("?")[0],
        "hashtag": "" if title == words.title and hashtag in title else hashtag,
    }


def _describe_total(_: Translator, total: int, ending: PetitionEnding | None) -> tuple[str, str, str]:
    if not total and ending is None:
        return "", _.label("Be the first to sign"), ""
    text = _.plural("{count} person has signed", "{count} people have signed", total)
    return divide_figure(text, _.number(total))


def _call(_: Translator, ending: PetitionEnding | None) -> str:
    if ending == "victory":
        return _.label("We did it.\nRead about it in Telegram.")
    if ending == "closed":
        return _.label("Signing has closed.\nRead on in Telegram.")
    return _.label("Sign too, in Telegram.\nIt takes a minute.")


def caption(_: Translator, words: CampaignWords, total: int, ending: PetitionEnding | None, link: str) -> Markup:
    """Write the caption, which is passed on with the picture: the words for sharing, and the link to tap."""
    texts = {None: words.share_text, "closed": words.share_text_closed, "victory": words.share_text_won}
    text = texts[ending].replace("{count}", _.number(total)) if ending else texts[ending]
    return Markup("{}\n\n{}").format(text, link)
