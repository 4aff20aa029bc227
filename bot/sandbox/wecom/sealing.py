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

    def decrypt(self, sealed: str) -> str:
        """The words of an answer; ValueError for another receive id."""
        key = base64.b64decode(self.aes_key + "=")
        reader = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        whole = reader.update(base64.b64decode(sealed)) + reader.finalize()
        (length,) = struct.unpack(">I", whole[16:20])
        if whole[20 + length : -whole[-1]].decode() != self.receive_id:
            raise ValueError("another receive id")
        return whole[20 : 20 + length].decode()

    def sign(self, timestamp: str, nonce: str, sealed: str) -> str:
        """The signature over the sorted parts."""
        return hashlib.sha1("".join(sorted([self.token, timestamp, nonce, sealed])).encode()).hexdigest()

    def query(self, sealed: str, timestamp: int) -> dict[str, str]:
        """What stands in the address of a callback."""
        facts = {"timestamp": str(timestamp), "nonce": str(secrets.randbelow(10**10))}
        return {"msg_signature": self.sign(facts["timestamp"], facts["nonce"], sealed), **facts}
