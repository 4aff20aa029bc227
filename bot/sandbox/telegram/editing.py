"""The methods by which a bot changes, removes, pins or marks what was said."""

from bot.sandbox.serving import Json
from bot.sandbox.telegram import keyboards
from bot.sandbox.telegram.access import find_any, find_own, writable_chat
from bot.sandbox.telegram.cloud import Cloud
from bot.sandbox.telegram.formatting import Formatted
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.refusal import bad
from bot.sandbox.telegram.sending import Sending, read_caption, read_text
from bot.sandbox.telegram.things import Chat, Kind, Message, StoredFile
from bot.sandbox.telegram.wire import message_json

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
DELETE_WITHIN_S = 48 * 3600
REACTIONS = frozenset(
    "👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾🤷😡"
)
"""Those of one character; a bot may use no other emoji."""


class Editing:
    """editMessage…, deleteMessage, pinChatMessage, setMessageReaction."""

    def __init__(self, cloud: Cloud, sending: Sending) -> None:
        self._cloud = cloud
        self._sending = sending

    def edit_text(self, params: Params) -> Json:
        """`editMessageText`."""
        message = self._own(params)
        if message.photo or message.document:
            raise bad("there is no text in the message to edit")
        return self._change(message, params, read_text(params))

    def edit_caption(self, params: Params) -> Json:
        """`editMessageCaption`."""
        message = self._own(params)
        if not (message.photo or message.document):
            raise bad("there is no caption in the message to edit")
        return self._change(message, params, read_caption(params))

    def edit_markup(self, params: Params) -> Json:
        """`editMessageReplyMarkup`."""
        message = self._own(params)
        return self._change(message, params, Formatted(message.words, message.entities))

    def edit_media(self, params: Params) -> Json:
        """`editMessageMedia`: photos and documents."""
        message = self._own(params)
        media = params.json("media")
        if not isinstance(media, dict) or media.get("type") not in ("photo", "document"):
            raise bad("can't parse InputMedia: type of the media is not played here")
        caption = read_caption(Params(media))
        if media["type"] == "photo":
            photo = self._sending.photo(params, media.get("media"), "media")
            return self._change(message, params, caption, photo=photo)
        document = self._sending.document(params, media.get("media"))
        return self._change(message, params, caption, document=document)

    def _own(self, params: Params) -> Message:
        chat = writable_chat(self._cloud, params)
        return find_own(self._cloud, chat, params, "edit")

    def _change(
        self,
        message: Message,
        params: Params,
        words: Formatted,
        photo: StoredFile | None = None,
        document: StoredFile | None = None,
    ) -> Json:
        """Without a keyboard in the request the message loses the one it had."""
        cloud = self._cloud
        markup = keyboards.check(params.json("reply_markup"))
        photo, document = (photo, document) if photo or document else (message.photo, message.document)
        now = (words.text, words.entities, markup, photo, document)
        if now == (message.words, message.entities, message.markup, message.photo, message.document):
            raise bad(NOT_MODIFIED)
        cloud.pace.check(message.chat_id)
        message.history.append({"words": message.words, "labels": message.labels})
        message.words, message.entities, message.markup, message.photo, message.document = now
        message.edit_date, message.version = cloud.now_s(), cloud.touch()
        cloud.note("edited", chat=message.chat_id, message=message.id, text=words.text, markup=markup)
        return message_json(cloud, message)

    def delete(self, params: Params) -> bool:
        """`deleteMessage`: the bot's own for 48 hours, others' as an admin of the group."""
        cloud, chat = self._cloud, writable_chat(self._cloud, params)
        message = find_any(cloud, chat, params, "delete")
        fresh = cloud.now_s() - message.date < DELETE_WITHIN_S
        own = message.sender == cloud.bot.id or chat.kind is Kind.private
        if not ((own and fresh) or chat.is_admin(cloud.bot.id)):
            raise bad("message can't be deleted")
        message.deleted, message.version = True, cloud.touch()
        cloud.note("deleted", chat=chat.id, message=message.id)
        return True

    def pin(self, params: Params) -> bool:
        """`pinChatMessage`."""
        chat = self._pinnable(params)
        message = find_any(self._cloud, chat, params, "pin")
        chat.pinned = [*(one for one in chat.pinned if one != message.id), message.id]
        return self._pinned(chat, message.id, "pinned")

    def unpin(self, params: Params) -> bool:
        """`unpinChatMessage`: the named one, or the newest."""
        chat = self._pinnable(params)
        message_id = params.integer("message_id") or (chat.pinned or [0])[-1]
        if message_id not in chat.pinned:
            raise bad("message to unpin not found")
        chat.pinned.remove(message_id)
        return self._pinned(chat, message_id, "unpinned")

    def _pinnable(self, params: Params) -> Chat:
        chat = writable_chat(self._cloud, params)
        if chat.kind is not Kind.private and not chat.is_admin(self._cloud.bot.id):
            raise bad("not enough rights to manage pinned messages in the chat")
        return chat

    def _pinned(self, chat: Chat, message_id: int, kind: str) -> bool:
        cloud, message = self._cloud, self._cloud.find_message(chat.id, message_id)
        if kind == "pinned" and message is not None:
            told = {"pinned_message": message_json(cloud, message, deep=False)}
            cloud.add(Message(cloud.new_message_id(chat), chat.id, cloud.bot.id, cloud.now_s(), service=told))
        cloud.touch()
        self._cloud.note(kind, chat=chat.id, message=message_id)
        return True

    def react(self, params: Params) -> bool:
        """`setMessageReaction`: a bot has one reaction; an empty list takes it back."""
        cloud, chat = self._cloud, writable_chat(self._cloud, params)
        message = find_any(cloud, chat, params, "react")
        wish = params.array("reaction")
        emoji = [str(one.get("emoji", "")).removesuffix("\ufe0f") for one in wish if isinstance(one, dict)]
        if len(emoji) > 1:
            raise bad("REACTIONS_TOO_MANY")
        if len(emoji) != len(wish) or not set(emoji) <= REACTIONS:
            raise bad("REACTION_INVALID")
        message.reactions.pop(cloud.bot.id, None)
        message.reactions |= dict.fromkeys([cloud.bot.id] if emoji else [], "".join(emoji))
        message.version = cloud.touch()
        cloud.note("reacted", chat=chat.id, message=message.id, emoji="".join(emoji))
        return True
