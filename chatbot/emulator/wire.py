"""Types of the data on the wire."""

from typing import Any

Json = dict[str, Any]
"""An object of the Bot API, in JSON."""
