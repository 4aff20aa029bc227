"""The one module that knows wechatpy: callbacks sealed and opened, their XML read (facts: WeCom 1).

wechatpy checks neither age nor repeats, compares signatures in varying time, takes keys that are a little wrong, and
answers damage with a dozen kinds of errors: all of it becomes Unreadable here.
"""

import hmac
import json
import re
from collections.abc import Mapping
from typing import cast

from wechatpy.enterprise import parse_message
from wechatpy.enterprise.crypto import WeChatCrypto
from wechatpy.enterprise.exceptions import InvalidCorpIdException
from wechatpy.utils import WeChatSigner

from bot.fronts.wecom.shapes import Json

KEY = re.compile(r"[A-Za-z0-9+/]{43}")
"""An EncodingAESKey: 43 characters; wechatpy would take one with a sign too many."""


class Unreadable(Exception):
    """A callback that is refused. `reason`: key, format, signature, receiver, damaged."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


class Envelope:
    """Opens and seals callbacks of one app or robot; `receive_id` is the corp's id, empty for an aibot."""

    def __init__(self, token: str, aes_key: str, receive_id: str) -> None:
        """Unreadable("key") when the key is none."""
        if not KEY.fullmatch(aes_key):
            raise Unreadable("key", f"{len(aes_key)} characters")
        try:
            self._crypto = WeChatCrypto(token, aes_key, receive_id)
        except (ValueError, AssertionError) as error:
            raise Unreadable("key") from error
        self._token = token

    def open(self, query: Mapping[str, str], sealed: str) -> str:
        """The words inside; `query` holds msg_signature, timestamp and nonce. Their age is the caller's to judge."""
        self._check(query, sealed)
        try:
            words = self._crypto.decrypt_message({"Encrypt": sealed}, *_facts(query))
        except InvalidCorpIdException as error:
            raise Unreadable("receiver") from error
        except Exception as error:  # whatever damage makes of it: struct, index, padding, unicode
            raise Unreadable("damaged", type(error).__name__) from error
        return cast("str", words)

    def _check(self, query: Mapping[str, str], sealed: str) -> None:
        signature, timestamp, nonce = _facts(query)
        signer = WeChatSigner()
        signer.add_data(self._token, timestamp, nonce, sealed)
        if not hmac.compare_digest(signer.signature.encode(), signature.encode()):
            raise Unreadable("signature")


def sealed_part(body: str) -> str:
    """The encrypted part of a callback's body: `encrypt` of JSON, `Encrypt` of XML. Unreadable("format")."""
    found = read_json(body) if body.lstrip().startswith("{") else _read_xml(body)
    sealed = found.get("encrypt") or found.get("Encrypt")
    if not isinstance(sealed, str):
        raise Unreadable("format", "no Encrypt")
    return sealed


def read_event(words: str) -> Json | None:
    """A callback's words as fields; None for what is neither JSON nor XML (the echo of a URL check)."""
    text = words.lstrip()
    if text.startswith("{"):
        return read_json(words)
    return _read_xml(words) if text.startswith("<") else None


def read_json(body: str) -> Json:
    """A JSON object; Unreadable("format") for anything else."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable("format", "no JSON") from error
    if not isinstance(found, dict):
        raise Unreadable("format", "no object")
    return cast("Json", found)


def _read_xml(body: str) -> Json:
    """The fields of an XML message, known to wechatpy or not; entities are refused by its parser."""
    whole = body if "<MsgType>" in body else body.replace("<xml>", "<xml><MsgType>sealed</MsgType>", 1)
    try:
        found = parse_message(whole)
    except Exception as error:  # ExpatError, TypeError, KeyError, ValueError: whatever is wrong with it
        raise Unreadable("format", type(error).__name__) from error
    fields = getattr(found, "_data", None)
    if not isinstance(fields, dict):
        raise Unreadable("format", "no fields")
    return {key: value for key, value in fields.items() if value != "sealed"}


def _facts(query: Mapping[str, str]) -> tuple[str, str, str]:
    found = tuple(query.get(name) for name in ("msg_signature", "timestamp", "nonce"))
    if not all(isinstance(one, str) and one for one in found):
        raise Unreadable("format", "msg_signature, timestamp or nonce is missing")
    return cast("tuple[str, str, str]", found)
