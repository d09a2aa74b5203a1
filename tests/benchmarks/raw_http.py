"""HTTP for the fake Telegram of the benchmarks, with as little work as possible."""

import asyncio


class HttpProtocol(asyncio.Protocol):
    """Reads HTTP messages with a Content-Length, or without a body."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self.data += data
        while (end := self.data.find(b"\r\n\r\n")) >= 0:
            head = bytes(self.data[:end])
            lowered = head.lower()
            at = lowered.find(b"content-length:")
            length = (
                int(lowered[at + 15 : lowered.find(b"\r", at) if b"\r" in lowered[at:] else None]) if at >= 0 else 0
            )
            if len(self.data) < end + 4 + length:
                return
            body = bytes(self.data[end + 4 : end + 4 + length])
            del self.data[: end + 4 + length]
            self.take(head, body)

    def take(self, head: bytes, body: bytes) -> None:
        """Handle a complete message."""
        raise NotImplementedError

    def write(self, data: bytes) -> None:
        """Send bytes, unless the other side has closed the connection."""
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(data)
