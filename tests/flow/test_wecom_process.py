"""The shop and the pretend WeCom as two processes: a person is answered through the command line, and after a crash."""

import asyncio
import json
import socket
import tomllib
from contextlib import asynccontextmanager

import httpx2

from tests.mortal import mortal

CHAT = "wrkPretendGROUP"
CONFIG = """\
[shop]
data_dir = "{folder}/data"

[wecom.aibot]
bot_id = "{wecom_bot_id}"
secret = "{wecom_secret}"
ws_url = "{wecom_ws}"

[wecom.webhook]
url = "{wecom_webhook}"

[wecom.app]
corp_id = "{wecom_corp_id}"
agent_id = {wecom_agent_id}
secret = "{wecom_app_secret}"
token = "{wecom_app_token}"
aes_key = "{wecom_app_aes_key}"
api_url = "{wecom_api}"

[wecom.http]
port = {port}
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


@asynccontextmanager
async def process(folder, *words):
    with (folder / "log").open("ab") as log:
        one = await asyncio.create_subprocess_exec(*mortal("bot", *words), stdout=asyncio.subprocess.PIPE, stderr=log)
    try:
        yield one
    finally:
        if one.returncode is None:
            one.terminate()
            await one.communicate()


async def until(http, path, done):
    async with asyncio.timeout(20):
        while True:
            found = (await http.get(path)).json()
            if done(found):
                return found
            await asyncio.sleep(0.05)


@asynccontextmanager
async def sandbox(folder):
    async with process(folder, "sandbox") as world:
        addresses = json.loads(await asyncio.wait_for(world.stdout.readline(), 20))
        (folder / "config.toml").write_text(CONFIG.format(folder=folder, port=free_port(), **addresses), "utf-8")
        async with httpx2.AsyncClient(base_url=addresses["wecom_control"]) as http:
            yield http, addresses


async def test_a_person_in_wecom_is_answered_by_a_running_shop_and_by_the_next_one(tmp_path):
    async with sandbox(tmp_path) as (http, addresses):
        run = ("run", "--headless", "--config", str(tmp_path / "config.toml"))
        asked = {"chat_id": CHAT, "user_id": "ZhangSan", "words": "我是谁"}
        for n in (1, 2):
            async with process(tmp_path, *run) as shop:
                await until(http, "/state", lambda found: found["connected"])
                assert (await http.post("/type", json=asked)).json() == {"heard": True}
                found = await until(http, f"/messages/{CHAT}", lambda found, n=n: len(found["messages"]) >= n)
                assert "wecom:ZhangSan" in found["messages"][-1]["markdown"]["content"]
                shop.kill()
                await shop.communicate()
            await until(http, "/state", lambda found: not found["connected"])
        async with process(tmp_path, *run):
            await until(http, "/state", lambda found: found["connected"])
            port = tomllib.loads((tmp_path / "config.toml").read_text("utf-8"))["wecom"]["http"]["port"]
            url = {"url": f"http://127.0.0.1:{port}/wecom/callback"}
            assert (await http.post("/app/url", json=url)).json()["status"] == 200
            assert (await http.post("/app/type", json={"user_id": "LiSi", "words": "我是谁"})).json() == {"status": 200}
            found = await until(http, "/messages/LiSi", lambda found: found["messages"])
            assert "wecomapp:LiSi" in found["messages"][-1]["markdown"]["content"]
        record = (await http.get("/record")).json()["entries"]
        assert [entry["kind"] for entry in record].count("pushed") >= 1, "unbound, the shop is heard by the push robot"
        log = (tmp_path / "log").read_text("utf-8")
        assert "WeCom" in log
        assert not [
            name
            for name in ("wecom_secret", "wecom_webhook", "wecom_app_secret", "wecom_app_aes_key")
            if addresses[name] in log
        ]
