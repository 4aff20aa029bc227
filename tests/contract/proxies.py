"""Two small real proxies on loopback, HTTP and SOCKS5, that remember whom they were asked for.

Whatever name they are asked for, they connect to this machine: so an account that is given names nobody can look up
works by its proxy or not at all.
"""

import asyncio
import struct
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit


class Proxy:
    """Counts what passes. `login` is the (user, password) it wants, if any."""

    def __init__(self, login=None):
        self.login = login
        self.asked = []
        self.port = 0
        self._tasks = set()

    async def serve(self, reader, writer):
        task = asyncio.current_task()
        self._tasks.add(task)
        try:
            with suppress(OSError, asyncio.IncompleteReadError, ValueError):
                await self.answer(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def tunnel(self, reader, writer, port, first=b""):
        """Bytes both ways until one side hangs up."""
        there, back = await asyncio.open_connection("127.0.0.1", port)
        back.write(first)
        ways = [asyncio.create_task(pump(reader, back)), asyncio.create_task(pump(there, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            back.close()

    async def close(self):
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


class HttpProxy(Proxy):
    """CONNECT for sockets; plain requests are passed on one by one."""

    scheme = "http"

    async def answer(self, reader, writer):
        method, target, _ = (await reader.readline()).decode().split(" ", 2)
        headers = [line async for line in lines_of(reader)]
        if method == "CONNECT":
            host, _, port = target.rpartition(":")
            self.asked.append(host)
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            await self.tunnel(reader, writer, int(port))
        else:
            await self._pass_on(method, urlsplit(target), headers, reader, writer)

    async def _pass_on(self, method, url, headers, reader, writer):
        """One request of one connection, its target made a path."""
        self.asked.append(url.hostname)
        length = next((int(h.split(b":")[1]) for h in headers if h.lower().startswith(b"content-length:")), 0)
        kept = [h for h in headers if not h.lower().startswith((b"connection:", b"proxy-"))]
        there, back = await asyncio.open_connection("127.0.0.1", url.port)
        request = f"{method} {url.path or '/'}{'?' + url.query if url.query else ''} HTTP/1.1\r\nConnection: close\r\n"
        back.write(request.encode() + b"".join(kept) + b"\r\n" + await reader.readexactly(length))
        await pump(there, writer)
        back.close()


class SocksProxy(Proxy):
    """SOCKS5 with names looked up by the proxy."""

    scheme = "socks5h"

    async def answer(self, reader, writer):
        _, methods = await reader.readexactly(2)
        await reader.readexactly(methods)
        writer.write(b"\x05\x02" if self.login else b"\x05\x00")
        if self.login and not await self._admits(reader, writer):
            return
        kind = (await reader.readexactly(4))[3]
        assert kind == 3, "names are not to be looked up here"
        host = await reader.readexactly((await reader.readexactly(1))[0])
        (port,) = struct.unpack(">H", await reader.readexactly(2))
        self.asked.append(host.decode())
        writer.write(b"\x05\x00\x00\x01\x7f\x00\x00\x01" + struct.pack(">H", port))
        await self.tunnel(reader, writer, port)

    async def _admits(self, reader, writer):
        await reader.readexactly(1)
        user = await reader.readexactly((await reader.readexactly(1))[0])
        password = await reader.readexactly((await reader.readexactly(1))[0])
        right = (user.decode(), password.decode()) == self.login
        writer.write(b"\x01\x00" if right else b"\x01\x01")
        return right


async def lines_of(reader):
    while (line := await reader.readline()) not in (b"\r\n", b""):
        yield line


async def pump(reader, writer):
    while data := await reader.read(1 << 16):
        writer.write(data)
        await writer.drain()


@asynccontextmanager
async def proxying(proxy):
    """The proxy's address while it listens."""
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    login = f"{proxy.login[0]}:{proxy.login[1]}@" if proxy.login else ""
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield f"{proxy.scheme}://{login}127.0.0.1:{proxy.port}"
    finally:
        server.close()
        await proxy.close()
