"""The end of the appeal: the sign button first, then links in as few rows as their labels allow."""

from dataclasses import replace

from chatbot.petition.model import Campaign, PlatformLink
from chatbot.screens.context import ReaderContext
from chatbot.screens.supporter.appeal import appeal

LABELS = ("X", "Facebook", "Our own page, with pictures", "Instagram", "Blog", "Shop")


def test_short_labels_share_a_row(campaign: Campaign, translators) -> None:
    links = tuple(PlatformLink(label, "https://example.org") for label in LABELS)
    words = replace(campaign.words["en"], links=links)
    last = appeal(translators["en"], words, 999, ReaderContext(is_open=True))
    rows = [[button.label for button in row] for row in last.rows]
    assert rows == [
        ["✍️ Sign the petition"],
        ["X", "Facebook"],
        ["Our own page, with pictures"],
        ["Instagram", "Blog"],
        ["Shop"],
        ["‹ Previous", "🏠 Home"],
    ]
