"""How Telegram says no: a code, a description word for word as Telegram writes it, and sometimes parameters."""


class RefusalError(Exception):
    """A Bot API error: `code` is the HTTP status, `parameters` is Telegram's ResponseParameters object."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def envelope(self) -> dict[str, object]:
        """The JSON body of the answer, in the order Telegram writes it."""
        body: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(reason: str) -> RefusalError:
    """A 400 with Telegram's prefix before `reason`."""
    return RefusalError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> RefusalError:
    """A 403 with Telegram's prefix before `reason`."""
    return RefusalError(403, f"Forbidden: {reason}")


def flood(seconds: int) -> RefusalError:
    """A 429 that tells the bot to wait that many whole seconds."""
    return RefusalError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
