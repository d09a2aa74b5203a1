"""Keys of sealed names. Only the private key opens them, and the bot never has it.

A text is put into one sealed box (https://libsodium.gitbook.io/doc/public-key_cryptography/sealed_boxes: X25519 and
XSalsa20-Poly1305) for each public key, so that each holder of a private key can open it alone. It is first padded to
a multiple of `_BLOCK` bytes, so that a box does not reveal the length of the name in it.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, Self

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from chatbot.petition.sealing.envelope import is_sealed, pack, unpack
from chatbot.problem import Problem, ProblemError

_BLOCK: Final = 64
_CHECK: Final = 4
"""Bytes of checksum in a written key. Names sealed with a mistyped key could never be opened."""
Half = Literal["public", "private"]


class KeyRefusedError(ProblemError, ValueError):
    """A text is not a key of this kind; the message says why and never repeats the text."""


class NotOpenedError(ValueError):
    """None of the private keys opens the text."""


@dataclass(frozen=True, slots=True)
class Seal:
    """Seals texts. `keys` are the public keys, at least one."""

    keys: tuple[PublicKey, ...]

    @classmethod
    def read(cls, text: str) -> Self:
        """Read public keys, separated by commas. Raises `KeyRefusedError`."""
        written = [part.strip() for part in text.split(",") if part.strip()]
        if not written:
            raise KeyRefusedError(Problem("there is no key in it"))
        return cls(tuple(PublicKey(_read(part, "public")) for part in dict.fromkeys(written)))

    def close(self, text: str) -> str:
        """Seal `text`; the result differs each time. A sealed text is returned as it is."""
        if is_sealed(text):
            return text
        filled = _fill_up(text.encode())
        return pack({_name(bytes(key)): _write(SealedBox(key).encrypt(filled)) for key in self.keys})


@dataclass(frozen=True, slots=True)
class Opener:
    """Opens texts that were sealed for any of its private keys."""

    keys: tuple[PrivateKey, ...]

    @classmethod
    def read(cls, texts: Iterable[str]) -> Self:
        """Read private keys as `make_pair` wrote them, each with or without the comment lines around it.

        Raises `KeyRefusedError`.
        """
        keys = []
        for text in texts:
            lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
            if len(lines) != 1:
                raise KeyRefusedError(Problem("there must be one line with the private key in it"))
            keys.append(PrivateKey(_read(lines[0], "private")))
        return cls(tuple(keys))

    def open(self, text: str) -> str:
        """Open a sealed text; any other text is returned as it is. Raises `NotOpenedError`."""
        if not is_sealed(text):
            return text
        boxes = unpack(text)
        for key in self.keys:
            box = boxes.get(_name(bytes(key.public_key)))
            if box is not None:
                try:
                    return SealedBox(key).decrypt(_unwrite(box)).rstrip(b"\0").decode()
                except (CryptoError, ValueError):  # truncated or changed since
                    continue
        raise NotOpenedError


def make_pair() -> tuple[str, str]:
    """Make a new pair of keys: the public one for the bot, and the private one for the people who may read names."""
    private = PrivateKey.generate()
    return _spell(bytes(private.public_key), "public"), _spell(bytes(private), "private")


def _spell(key: bytes, half: Half) -> str:
    return f"{half}-{_write(key + _check(key, half))}"


def _read(text: str, half: Half) -> bytes:
    if half == "public" and text.startswith("private-"):
        raise KeyRefusedError(Problem("that is a private key, and the bot must never see it: make a new pair"))
    if half == "private" and text.startswith("public-"):
        problem = Problem("that is the public key; the private one is in the file that `keys` wrote")
        raise KeyRefusedError(problem)
    try:
        raw = _unwrite(text.removeprefix(f"{half}-"))
    except (ValueError, binascii.Error):
        raw = b""
    key, check = raw[:-_CHECK], raw[-_CHECK:]
    if not text.startswith(f"{half}-") or len(key) != PublicKey.SIZE or check != _check(key, half):
        if half == "public":
            problem = Problem("that is no public key, or not the whole of it; it looks like public-AbC…")
        else:
            problem = Problem("that is no private key, or not the whole of it; it looks like private-AbC…")
        raise KeyRefusedError(problem)
    return key


def _check(key: bytes, half: Half) -> bytes:
    return hashlib.blake2b(key, digest_size=_CHECK, person=half.encode()).digest()


def _name(public_key: bytes) -> str:
    """Return the name of a key: eight hex digits."""
    return hashlib.sha256(public_key).hexdigest()[:8]


def _fill_up(text: bytes) -> bytes:
    return text + b"\0" * (-len(text) % _BLOCK)


def _write(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _unwrite(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
