"""The one module that knows wechatpy: callbacks opened, their XML read, the app's calls made (facts: WeCom 1).

wechatpy checks neither age nor repeats, compares signatures in varying time, takes keys that are a little wrong, and
answers damage with a dozen kinds of errors: all of it becomes Unreadable here. Its client waits for ever for a token
and repeats a refused one without end: its calls run in threads with a deadline of ours, and one repeat.
"""

import asyncio
import hmac
import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, cast

from wechatpy.enterprise import WeChatClient, parse_message
from wechatpy.enterprise.crypto import WeChatCrypto
from wechatpy.enterprise.exceptions import InvalidCorpIdException
from wechatpy.exceptions import WeChatClientException
from wechatpy.utils import WeChatSigner

from bot.fronts.wecom.faults import STALE_TOKEN, SYSTEM_BUSY, Rejected
from bot.fronts.wecom.shapes import Json
from core.errors import MaybeSent, Transient

T = TypeVar("T")

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

    def seal(self, words: str, nonce: str, timestamp: int) -> Json:
        """An answer as an aibot's URL mode wants it: JSON; wechatpy makes XML of the same four parts."""
        xml = self._crypto.encrypt_message(words, nonce, str(timestamp))
        sealed, signature = (_part(xml, name) for name in ("Encrypt", "MsgSignature"))
        return {"encrypt": sealed, "msgsignature": signature, "timestamp": timestamp, "nonce": nonce}

    def _check(self, query: Mapping[str, str], sealed: str) -> None:
        signature, timestamp, nonce = _facts(query)
        signer = WeChatSigner()
        signer.add_data(self._token, timestamp, nonce, sealed)
        if not hmac.compare_digest(signer.signature.encode(), signature.encode()):
            raise Unreadable("signature")


def _part(xml: str, name: str) -> str:
    found = re.search(rf"<{name}><!\[CDATA\[(.*?)\]\]></{name}>", xml)
    assert found is not None, f"wechatpy's envelope has no {name}"
    return found[1]


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
    """The fields of an XML message, known to wechatpy or not; entities are refused by its parser, and so is a DTD."""
    if "<!" in body.partition("<xml")[0]:
        raise Unreadable("format", "a DTD")
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


THREADS = 4


class _NoToken(Exception):
    """There is no token to be had now, so that nothing was asked with it."""


class _Client(WeChatClient):  # type: ignore[misc] # wechatpy has no types
    """wechatpy's client at an address of ours; a token is fetched by one thread at a time."""

    def __init__(self, corp_id: str, secret: str, api_url: str, timeout_s: float) -> None:
        super().__init__(corp_id, secret, timeout=timeout_s, auto_retry=False)
        self.API_BASE_URL = f"{api_url.rstrip('/')}/cgi-bin/"
        self._fetching = threading.Lock()

    @property
    def access_token(self) -> str:
        """The token, fetched when there is none; NoToken when that fails, whatever the reason but a refusal."""
        with self._fetching:
            try:
                return cast("str", super().access_token)
            except (OSError, WeChatClientException) as error:
                if isinstance(error, WeChatClientException) and error.errcode is not None:
                    raise
                raise _NoToken from None

    def fetch_access_token(self) -> object:
        """wechatpy's own asks without a deadline: four silent askings would hold every thread for good."""
        asked = {"corpid": self.corp_id, "corpsecret": self.secret}
        answer = self._http.get(f"{self.API_BASE_URL}gettoken", params=asked, timeout=self.timeout)
        found = self._decode_result(answer)
        if not isinstance(found, dict) or not (found.get("errcode") or found.get("access_token")):
            raise WeChatClientException(None, "no token", client=self)
        if found.get("errcode"):
            raise WeChatClientException(int(found["errcode"]), found.get("errmsg"), client=self)
        lives_s = int(found.get("expires_in", 7200))
        self.session.set(self.access_token_key, found["access_token"], lives_s)
        self.expires_at = int(time.time()) + lives_s
        return found

    def forget_token(self) -> None:
        self.session.delete(self.access_token_key)


class AppApi:
    """The calls of a self-built app.

    Raises Rejected(errcode), Transient when nothing can have happened, MaybeSent when no answer came to a call.
    """

    def __init__(self, corp_id: str, secret: str, api_url: str, *, deadline_s: float = 10.0) -> None:
        self._client = _Client(corp_id, secret, api_url, deadline_s)
        self._deadline_s = deadline_s
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="wecom-app")

    def close(self) -> None:
        """Begin nothing new."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def authorise(self) -> None:
        """Fetch a token anew: whether the corp and the secret are good. Rejected or Transient when not."""
        self._client.forget_token()
        await self._harmless(dict)

    async def call(self, path: str, body: Json) -> Json:
        """POST `path` below /cgi-bin/."""
        return await self._run(lambda: self._client.post(path, data=body))

    async def find(self, path: str, **query: str) -> Json:
        """GET `path` below /cgi-bin/: nothing happens by it, so that a missing answer is no doubt."""
        return await self._harmless(lambda: self._client.get(path, params=query))

    async def upload(self, kind: str, name: str, content: bytes) -> str:
        """A media_id, good for three days. The file is a tuple: a file object would be empty on the repeat."""
        files = {"media": (name, content)}
        found = await self._harmless(lambda: self._client.post("media/upload", params={"type": kind}, files=files))
        return str(found.get("media_id", ""))

    async def _harmless(self, work: Callable[[], object]) -> Json:
        """Something nobody sees: without an answer it counts as not done."""
        try:
            return await self._run(work)
        except MaybeSent:
            raise Transient("chat_unreachable") from None

    async def _run(self, work: Callable[[], object]) -> Json:
        for last in (False, True):
            try:
                return await self._once(work)
            except Rejected as error:
                if last or error.errcode not in (*STALE_TOKEN, SYSTEM_BUSY):
                    raise
                if error.errcode in STALE_TOKEN:
                    self._client.forget_token()
        raise AssertionError("the second try returns or raises")

    async def _once(self, work: Callable[[], object]) -> Json:
        begun = threading.Event()

        def begin() -> object:
            _ = self._client.access_token  # before the call itself begins: a token that does not come is no doubt
            begun.set()
            return work()

        running = asyncio.get_running_loop().run_in_executor(self._pool, begin)
        try:
            found = await asyncio.wait_for(running, self._deadline_s)
        except _NoToken:
            raise Transient("chat_unreachable") from None
        except WeChatClientException as error:
            if error.errcode is None:
                raise _unanswered(error.response) from None
            raise Rejected(int(error.errcode), str(error.errmsg)) from None
        except TimeoutError:
            raise (MaybeSent("no_answer") if begun.is_set() else Transient("chat_unreachable")) from None
        except OSError as error:  # requests' own errors are OSErrors; their words hold the address with its token
            raise (Transient("chat_unreachable") if _never_left(error) else MaybeSent("no_answer")) from None
        if not isinstance(found, dict):
            raise MaybeSent("no_answer")  # a page of somebody's on the way: who knows what it hides
        return found


def _unanswered(response: object) -> Transient:
    """What a status that is no answer means: an error of the server's may come after the effect."""
    status = getattr(response, "status_code", 500)
    return Transient("chat_unreachable") if status < 500 else MaybeSent("no_answer")


def _never_left(error: OSError) -> bool:
    """Whether no connection was made: a dropped one may have carried the message."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    kinds = {type(error).__name__, type(reason).__name__}
    return bool(kinds & {"ConnectTimeout", "NewConnectionError", "NameResolutionError"})
