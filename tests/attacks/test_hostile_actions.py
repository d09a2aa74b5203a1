"""A trap in `actions.toml`: an address, a receiver or a number that does something else than it says is refused."""

from typing import Any

import pytest

from chatbot.petition.actions.actions_file import read_actions
from chatbot.petition.campaign_file import CampaignError

WORDS: dict[str, Any] = {"id": "act", "label": {"en": "Act"}, "text": {"en": "Act now."}}
MAIL: dict[str, Any] = WORDS | {"kind": "mail", "subject": {"en": "Free"}, "body": {"en": "Please."}}


@pytest.mark.parametrize(
    "action",
    [
        *(
            WORDS | {"kind": "link", "url": url}
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
        *(
            WORDS | {"kind": "call", "phone": phone}
            for phone in ("*#06#", "**21*0900123#", "tel:123", "1\n23", "12,34")
        ),
        MAIL | {"subject": {"en": "Free\r\nBcc: mallory@example.com"}},
        WORDS | {"kind": "link", "url": "https://example.org", "label": {"en": "\u202eAct"}},
    ],
)
def test_trap_is_refused(action: dict[str, Any]) -> None:
    with pytest.raises(CampaignError):
        read_actions({"actions": [action]}, ["en"])


@pytest.mark.parametrize("to", ["office@example.org", "o'neill+act@mail.example.co.kr", "민원@예시.한국"])
def test_usual_mail_address_is_taken(to: str) -> None:
    [action] = read_actions({"actions": [MAIL | {"to": to}]}, ["en"])
    assert action.to == to
