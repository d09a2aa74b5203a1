"""Errors of the Bot API: a code, Telegram's exact description, and sometimes parameters."""


class RefusalError(Exception):
    """A Bot API error: `code` is the HTTP status, `parameters` is Telegram's ResponseParameters object."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def envelope(self) -> dict[str, object]:
        """Return the JSON body of the answer, in Telegram's order."""
        body: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(reason: str) -> RefusalError:
    """Make a 400 with Telegram's prefix before `reason`."""
    return RefusalError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> RefusalError:
    """Make a 403 with Telegram's prefix before `reason`."""
    return RefusalError(403, f"Forbidden: {reason}")


def flood(seconds: int) -> RefusalError:
    """Make a 429 that asks the bot to wait so many seconds."""
    return RefusalError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
