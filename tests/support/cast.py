"""The people in the tests, and the time of the tests."""

from datetime import UTC, datetime
from typing import Any, Final

HANA: Final = 1001
SAM: Final = 1002
YUNA: Final = 3003
"""An organizer, and the owner if there is a team."""
MALLORY: Final = 6000
"""Abuses the bot; her other accounts have the ids that follow."""

NOW: Final = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
"""Noon in Seoul."""

PROFILES: Final[dict[str, dict[str, Any]]] = {
    "하나": {"first_name": "하나", "language_code": "ko", "username": "hana_kim"},
    "Sam": {"first_name": "Sam", "last_name": "Taylor", "language_code": "en-CA", "username": "sam_taylor"},
    "유나": {"first_name": "유나", "language_code": "ko"},
    "Mallory": {"first_name": "Mallory"},
}
"""Their Telegram profiles, by their names in stories."""
