"""Secrets at rest: what must not be read from the file alone is sealed with a key that lies beside it (law 11)."""

import hashlib
import hmac
import os
from collections.abc import Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from core.errors import BadConfig

KEY_FILE = "key"


class Vault:
    """Seals and opens bytes and texts. The first key seals; every key opens, so keys can be rotated.

    `names` tell keys apart without revealing them.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        fernets = [Fernet(key) for key in keys]
        self._newest, self._fernet = fernets[0], MultiFernet(fernets)
        self.names = tuple(hashlib.sha256(b"name" + key).hexdigest()[:16] for key in keys)
        self._print_key = hashlib.sha256(b"fingerprint" + keys[-1]).digest()

    @classmethod
    def at(cls, data_dir: Path) -> "Vault":
        """The vault of a data folder; makes the key file (0600, one key a line) at the first start."""
        path = data_dir / KEY_FILE
        if not path.exists():
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(Fernet.generate_key() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        return cls.read(path)

    @classmethod
    def read(cls, path: Path) -> "Vault":
        """The vault of a key file; BadConfig when there is none, or no key in it."""
        try:
            return cls(path.read_bytes().split())
        except FileNotFoundError as error:
            raise BadConfig(
                f"{path}: no key file; put the one this shop was started with there: what `zhanggui key export` printed"
            ) from error
        except (ValueError, IndexError) as error:
            raise BadConfig(f"{path}: no usable key in it; restore the key file this shop was started with") from error

    def seal(self, text: str | bytes) -> bytes:
        """Encrypt."""
        return self._newest.encrypt(text.encode() if isinstance(text, str) else text)

    def open(self, sealed: bytes) -> bytes:
        """Decrypt; BadConfig when the key is not the one it was sealed with."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken as error:
            raise BadConfig("the key file does not fit this database; restore the one it was made with") from error

    def text(self, sealed: bytes) -> str:
        """Decrypt a text."""
        return self.open(sealed).decode()

    def fingerprint(self, secret: str) -> str:
        """A name for a secret that tells equal ones without revealing them (survives rotation: the oldest key)."""
        return hmac.new(self._print_key, secret.encode(), hashlib.sha256).hexdigest()
