"""`actions.toml` is refused if an address, a receiver or a number in it does something else than it seems to."""

from typing import Any

import pytest

from chatbot.petition.actions.actions_file import read_actions
from chatbot.petition.campaign_file import CampaignError

WORDS: dict[str, Any] = {"id": "act", "label": {"en": "Act"}, "text": {"en": "Act now."}}
MAIL: dict[str, Any] = WORDS | {"kind": "mail", "subject": {"en": "Free"}, "body": {"en": "Please."}}
LINK: dict[str, Any] = WORDS | {"kind": "link"}
CALL: dict[str, Any] = WORDS | {"kind": "call"}


@pytest.mark.parametrize(
    "action",
    [
        *(
            LINK | {"url": url}
            for url in (
                "javascript:alert(1)",
                "data:text/html,x",
                "tg://resolve?domain=x",
                "http://example.org",
                "https://user@example.org/",
                "https://example.org/\u202egpj",
                "https://example.org/" + "a" * 1000,
            )
        ),
        *(
            MAIL | {"to": to}
            for to in (
                "office@example.org?bcc=mallory@example.org",
                "a?bcc=mallory,office@example.org",
                "mallory@example.com,office@example.org",
                "office@example.org\nBcc: mallory@example.com",
                "x%0abcc=mallory;office@example.org",
                "<office@example.org",
                "\u202eoffice@example.org",
            )
        ),
        *(CALL | {"phone": phone} for phone in ("*#06#", "**21*0900123#", "tel:123", "1\n23", "12,34")),
        MAIL | {"to": "office@example.org", "subject": {"en": "Free\r\nBcc: mallory@example.com"}},
        LINK | {"url": "https://example.org", "label": {"en": "\u202eAct"}},
    ],
)
def test_reading_refuses_a_trap(action: dict[str, Any]) -> None:
    with pytest.raises(CampaignError):
        read_actions({"actions": [action]}, ["en"])


@pytest.mark.parametrize("to", ["office@example.org", "o'neill+act@mail.example.co.kr", "민원@예시.한국"])
def test_reading_accepts_usual_mail_addresses(to: str) -> None:
    [action] = read_actions({"actions": [MAIL | {"to": to}]}, ["en"])
    assert action.to == to


def test_reading_accepts_usual_links_and_numbers() -> None:
    """Traps are refused for what they are, and not for something that all of them lack."""
    link, call = LINK | {"url": "https://example.org/"}, CALL | {"id": "phone", "phone": "+82 2-123-4567"}
    assert len(read_actions({"actions": [link, call]}, ["en"])) == 2
