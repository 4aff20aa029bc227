"""What the shop says to WeCom, read off the wire; and whether a message has the form of a sample."""

import asyncio
import contextlib
import json
import re
from contextlib import asynccontextmanager

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

FREE = {
    "headers.req_id",
    "body.stream.id",
    "body.stream.content",
    "body.text.content",
    "body.markdown.content",
    "body.template_card.main_title.title",
    "body.template_card.task_id",
    "body.filename",
    "body.upload_id",
    "body.base64_data",
    "body.image.media_id",
}
"""Where a sample fixes no value: ids, and what is said. Everything else of a frame is the protocol's own."""
PLACEHOLDER = "REQ"
OWN_REQ_ID = re.compile(r"(\w+)_\d{13}_[0-9a-f]{8}")


@asynccontextmanager
async def tapped(address):
    """A way to a gateway that keeps every frame of the client's, in order; gives its address and the frames."""
    frames = []

    async def between(here):
        async with connect(address, compression=None, max_size=None) as there:
            back = asyncio.create_task(copy(there, here))
            with contextlib.suppress(ConnectionClosed):
                async for raw in here:
                    frames.append(json.loads(raw))
                    await there.send(raw)
            back.cancel()
            await asyncio.gather(back, return_exceptions=True)

    async with serve(between, "127.0.0.1", 0, compression=None, max_size=None) as server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/", frames


async def copy(there, here):
    with contextlib.suppress(ConnectionClosed):
        async for raw in there:
            await here.send(raw)
    await here.close()


def differences(sample, ours, at="", free=FREE):
    """Where a message of ours is not the sample: other keys, another type, another value where it is fixed."""
    if type(sample) is not type(ours):
        return [f"{at}: {type(ours).__name__}, not {type(sample).__name__}"]
    if isinstance(sample, dict):
        other = [f"{at}.{key}: {'is missing' if key in sample else 'is too much'}" for key in {*sample} ^ {*ours}]
        return other + [
            line for key in {*sample} & {*ours} for line in differences(sample[key], ours[key], f"{at}.{key}", free)
        ]
    if isinstance(sample, list):
        if len(sample) != len(ours):
            return [f"{at}: {len(ours)}, not {len(sample)}"]
        return [line for one, other in zip(sample, ours, strict=True) for line in differences(one, other, at, free)]
    if at.lstrip(".") in free:
        return [] if at != ".headers.req_id" else same_kind(sample, ours)
    return [] if sample == ours else [f"{at}: {ours!r}, not {sample!r}"]


def same_kind(sample, ours):
    """A command of its own has a name of its own, like the SDK's; the answer to a callback has the callback's."""
    if sample == PLACEHOLDER:
        return []
    named, own = OWN_REQ_ID.fullmatch(sample), OWN_REQ_ID.fullmatch(ours)
    if (named is None) is (own is None) and (named is None or named[1] == own[1]):
        return []
    return [f".headers.req_id: {ours!r}, not like {sample!r}"]
