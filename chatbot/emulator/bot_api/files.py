"""Photos and other files, stored in memory and found by file_id."""

import hashlib
import struct
from dataclasses import dataclass

from chatbot.emulator.bot_api import limits
from chatbot.emulator.bot_api.refusal import bad_request
from chatbot.emulator.wire import Json


@dataclass(slots=True)
class StoredFile:
    """A file. `kind` is the Bot API field it is sent in: photo, video, animation, document …"""

    file_id: str
    unique_id: str
    kind: str
    content: bytes
    name: str
    mime: str
    width: int = 0
    height: int = 0

    def as_file(self, *, path: bool = False) -> Json:
        """Return a Bot API File; `path` adds the path, as getFile does."""
        shown: Json = {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.content)}
        if path:
            shown["file_path"] = f"{self.kind}s/{self.unique_id}{self._suffix()}"
        return shown

    def as_fields(self) -> Json:
        """Return the fields of a Message with this file."""
        if self.kind == "photo":
            sizes = [self._size(limit) for limit in (90, 320) if max(self.width, self.height) > limit]
            return {"photo": [*sizes, self._size(1280)]}
        named = self.as_file() | {"file_name": self.name, "mime_type": self.mime}
        if self.kind == "document":
            return {"document": named}
        moving = named | {"width": self.width or 640, "height": self.height or 360, "duration": 1}
        return {"animation": moving, "document": named} if self.kind == "animation" else {self.kind: moving}

    def _suffix(self) -> str:
        if self.kind == "photo":
            return ".jpg"
        return "." + self.name.rpartition(".")[2] if "." in self.name else ""

    def _size(self, limit: int) -> Json:
        """Return a PhotoSize with sides up to `limit` pixels. All sizes share the bytes of the original."""
        scale = min(1.0, limit / max(self.width, self.height, 1))
        mark = "" if limit == 1280 else f"-{limit}"
        return {
            "file_id": self.file_id + mark,
            "file_unique_id": self.unique_id + mark,
            "width": max(1, round(self.width * scale)),
            "height": max(1, round(self.height * scale)),
            "file_size": len(self.content),
        }


class Files:
    """All files the emulator knows."""

    def __init__(self) -> None:
        self.kept: dict[str, StoredFile] = {}

    def keep(self, kind: str, content: bytes, name: str = "", mime: str = "") -> StoredFile:
        """Store an upload. Refuses files that are too big, and photos that are not images."""
        if not content:
            raise bad_request("file must be non-empty")
        if len(content) > limits.UPLOAD_BYTES:
            raise bad_request("file is too big")
        width, height = picture_size(content) if kind in ("photo", "animation") else (0, 0)
        if kind == "photo":
            if len(content) > limits.PHOTO_BYTES:
                size = len(content)
                raise bad_request(
                    f"file of size {size} bytes is too big for a photo; the maximum size is 10485760 bytes"
                )
            if not width or not height:
                raise bad_request("IMAGE_PROCESS_FAILED")
            if width + height > limits.PHOTO_SIDES or max(width, height) > 20 * min(width, height):
                raise bad_request("PHOTO_INVALID_DIMENSIONS")
        digest = hashlib.sha256(kind.encode() + content).hexdigest()
        unique_id = f"AQAD{digest[:12]}"
        stored = StoredFile(f"AgAC{digest}", unique_id, kind, content, name or kind, mime or "", width, height)
        stored.mime = stored.mime or ("image/jpeg" if kind == "photo" else "application/octet-stream")
        self.kept[stored.file_id] = stored
        return stored

    def find(self, file_id: str) -> StoredFile | None:
        """Find a file by its file_id, or that of any size of a photo."""
        return self.kept.get(file_id.partition("-")[0])

    def at(self, path: str) -> StoredFile | None:
        """Find a file by the path from getFile."""
        return next((stored for stored in self.kept.values() if stored.as_file(path=True)["file_path"] == path), None)


def picture_size(content: bytes) -> tuple[int, int]:
    """Return width and height of a PNG, GIF, JPEG or WebP in pixels; (0, 0) for other files."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content.startswith((b"GIF87a", b"GIF89a")) and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    if content.startswith(b"RIFF") and content[8:16] == b"WEBPVP8X" and len(content) >= 30:
        return int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1
    if content.startswith(b"RIFF") and content[8:16] == b"WEBPVP8 " and len(content) >= 30:
        width, height = struct.unpack("<HH", content[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return _jpeg_size(content) if content.startswith(b"\xff\xd8") else (0, 0)


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """Walk the segments of a JPEG to the frame header, which has the size."""
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return 0, 0
