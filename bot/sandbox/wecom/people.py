"""The people of the pretend WeCom: they write in groups and private chats, press buttons, and see what stands there."""

import itertools

from bot.sandbox.wecom.gateway import Gateway
from bot.sandbox.wecom.office import Office
from bot.sandbox.wecom.things import Callback, Json, ShownCard

CAMEL = {"card_type": "CardType", "event_key": "EventKey", "task_id": "TaskId", "selected_items": "SelectedItems"}


class People:
    """Plays people. Every act returns whether a robot was there to hear it."""

    def __init__(self, office: Office, gateway: Gateway, bot_id: str) -> None:
        self._office = office
        self._gateway = gateway
        self._bot_id = bot_id
        self._numbers = itertools.count(1)

    async def type(self, chat_id: str, user_id: str, words: str, *, mention: bool = True, quote: str = "") -> bool:
        """Write in a group, @-ing the robot (else it hears nothing), or in one's private chat (`chat_id` = own id)."""
        chat = self._office.chats.get(chat_id) or self._office.private(chat_id)
        text = f"@{self._office.bot_name} {words}" if chat.kind == "group" and mention else words
        self._office.note("typed", chat=chat_id, user=user_id, text=text)
        if chat.kind == "group" and not mention:
            return False
        chat.spoken = True
        body: Json = {"msgtype": "text", "text": {"content": text}}
        if quote:
            body["quote"] = {"msgtype": "text", "text": {"content": quote}}
        return await self.say(chat_id, user_id, body)

    async def say(self, chat_id: str, user_id: str, body: Json) -> bool:
        """Send a message of any shape."""
        callback = Callback("", "message", chat_id, self._office.real(), user_id)
        whole = {**self._head(chat_id, user_id), **body}
        return await self._gateway.deliver(self._bot_id, "aibot_msg_callback", whole, callback) is not None

    async def send_file(self, user_id: str, name: str, content: bytes) -> bool:
        """Send a file in the private chat: its address is good for a while, its bytes are sealed with its own key."""
        self._office.private(user_id).spoken = True
        link, key = self._office.put_down(name, content)
        return await self.say(user_id, user_id, {"msgtype": "file", "file": {"url": link, "aeskey": key}})

    async def send_picture(self, user_id: str, content: bytes, *, chat_id: str = "", words: str = "") -> bool:
        """Send a picture alone in the private chat; with words it is a mixed message, as groups have it too."""
        link, key = self._office.put_down("picture.jpg", content)
        picture: Json = {"msgtype": "image", "image": {"url": link, "aeskey": key}}
        if not words:
            self._office.private(user_id).spoken = True
            return await self.say(user_id, user_id, picture)
        text: Json = {"msgtype": "text", "text": {"content": words}}
        return await self.say(chat_id or user_id, user_id, {"msgtype": "mixed", "mixed": {"msg_item": [text, picture]}})

    async def click(self, task_id: str, key: str, user_id: str) -> bool:
        """Press a button of a card, by its key; LookupError when the person sees no such button."""
        card = self.card(task_id, user_id)
        if key not in [button["key"] for button in card.get("button_list", [])]:
            raise LookupError(f"no button {key} on {task_id} for {user_id}")
        self._office.note("clicked", task_id=task_id, key=key, user=user_id)
        return await self.forge_click(self._office.cards[task_id].chat_id, task_id, key, user_id, card["card_type"])

    async def forge_click(
        self, chat_id: str, task_id: str, key: str, user_id: str, card_type: str = "button_interaction"
    ) -> bool:
        """A click with any facts, whether there is such a button or not."""
        facts: Json = {"card_type": card_type, "event_key": key, "task_id": task_id}
        callback = Callback("", "click", chat_id, self._office.real(), user_id, task_id)
        body = {**self._head(chat_id, user_id), "msgtype": "event", "event": self._event("template_card_event", facts)}
        body["create_time"] = int(self._office.now().timestamp())
        faults = self._office.faults
        command = "aibot_msg_callback" if faults.strikes("click_as_message", "") else "aibot_event_callback"
        return await self._gateway.deliver(self._bot_id, command, body, callback) is not None

    async def enter(self, user_id: str) -> bool:
        """Open the private chat for the first time of the day."""
        self._office.private(user_id)
        self._office.note("entered", user=user_id)
        callback = Callback("", "enter", user_id, self._office.real(), user_id)
        body = {**self._head(user_id, user_id), "msgtype": "event", "event": {"eventtype": "enter_chat"}}
        return await self._gateway.deliver(self._bot_id, "aibot_event_callback", body, callback) is not None

    def card(self, task_id: str, user_id: str = "") -> Json:
        """A card as a person sees it now."""
        shown = self._office.cards[task_id]
        return shown.seen_by.get(user_id, shown.card)

    def cards(self, chat_id: str) -> list[ShownCard]:
        """The cards that stand in a chat, oldest first."""
        return [card for card in self._office.cards.values() if card.chat_id == chat_id]

    def messages(self, chat_id: str) -> list[Json]:
        """Everything a robot put into a chat, oldest first: the bodies as sent, a stream as it last was."""
        found: list[Json] = []
        for entry in self._office.noted("sent", "replied", "welcomed", "stream"):
            if entry["chat"] != chat_id:
                continue
            if entry["kind"] == "stream":
                found = [body for body in found if body.get("stream", {}).get("id") != entry["id"]]
                found.append({"msgtype": "stream", "stream": {"id": entry["id"], "content": entry["content"]}})
            else:
                found.append(entry["body"])
        return found

    def _event(self, kind: str, facts: Json) -> Json:
        faults = self._office.faults
        if faults.strikes("camel_event", ""):
            facts = {CAMEL.get(key, key): value for key, value in facts.items()}
        flat = faults.strikes("flat_event", "") is not None
        return {"eventtype": kind, **facts} if flat else {"eventtype": kind, kind: facts}

    def _head(self, chat_id: str, user_id: str) -> Json:
        group = self._office.chats[chat_id].kind == "group"
        head: Json = {"msgid": f"MSG{next(self._numbers):06d}=", "aibotid": self._bot_id, "from": {"userid": user_id}}
        return head | ({"chatid": chat_id, "chattype": "group"} if group else {"chattype": "single"})
