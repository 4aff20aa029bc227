"""WeCom's callback crypto, from its description: sha1 over the sorted parts, AES-256-CBC, padded to 32 bytes."""

import base64
import hashlib
import secrets
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


@dataclass(frozen=True)
class Seal:
    """Token, EncodingAESKey (43 characters) and receive id of one callback URL."""

    token: str
    aes_key: str
    receive_id: str

    def encrypt(self, words: str) -> str:
        """16 random bytes, the length, the words, the receive id."""
        key, raw = base64.b64decode(self.aes_key + "="), words.encode()
        whole = secrets.token_bytes(16) + struct.pack(">I", len(raw)) + raw + self.receive_id.encode()
        pad = 32 - len(whole) % 32
        writer = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
        return base64.b64encode(writer.update(whole + bytes([pad]) * pad) + writer.finalize()).decode()

    def query(self, sealed: str, timestamp: int) -> dict[str, str]:
        """What stands in the address of a callback."""
        facts = {"timestamp": str(timestamp), "nonce": str(secrets.randbelow(10**10))}
        parts = "".join(sorted([self.token, facts["timestamp"], facts["nonce"], sealed]))
        return {"msg_signature": hashlib.sha1(parts.encode()).hexdigest(), **facts}
