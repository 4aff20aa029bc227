"""The methods by which a bot says something new."""

from bot.sandbox.serving import Json
from bot.sandbox.telegram import keyboards
from bot.sandbox.telegram.access import find_reply, find_topic, writable_chat
from bot.sandbox.telegram.cloud import Cloud
from bot.sandbox.telegram.formatting import Formatted, read, units
from bot.sandbox.telegram.params import Params, Upload
from bot.sandbox.telegram.refusal import Refusal, bad
from bot.sandbox.telegram.things import Chat, Message, StoredFile
from bot.sandbox.telegram.wire import message_json

MAX_TEXT, MAX_CAPTION = 4096, 1024
MAX_PHOTO, MAX_DOCUMENT = 10 * 1024 * 1024, 50 * 1024 * 1024
MAX_SIDES, MAX_RATIO = 10000, 20
ACTIONS = (
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
)  # fmt: skip


def read_text(params: Params) -> Formatted:
    """`text`, at most 4096 units once parsed, and not empty."""
    found = read(params.text("text") or "", params.text("parse_mode"), params.array("entities"))
    if not found.text:
        raise bad("message text is empty")
    if units(found.text) > MAX_TEXT:
        raise bad("message is too long")
    return found


def read_caption(source: Params) -> Formatted:
    """`caption`, at most 1024 units once parsed."""
    found = read(source.text("caption") or "", source.text("parse_mode"), source.array("caption_entities"))
    if units(found.text) > MAX_CAPTION:
        raise bad("message caption is too long")
    return found


class Sending:
    """sendMessage, sendPhoto, sendDocument, sendChatAction."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def send_message(self, params: Params) -> Json:
        """`sendMessage`."""
        chat = writable_chat(self._cloud, params)
        return self._put(chat, params, read_text(params))

    def send_photo(self, params: Params) -> Json:
        """`sendPhoto`."""
        chat = writable_chat(self._cloud, params)
        caption = read_caption(params)
        return self._put(chat, params, caption, photo=self.photo(params, params.values.get("photo"), "photo"))

    def send_document(self, params: Params) -> Json:
        """`sendDocument`."""
        chat = writable_chat(self._cloud, params)
        caption = read_caption(params)
        return self._put(chat, params, caption, document=self.document(params, params.values.get("document")))

    def send_chat_action(self, params: Params) -> bool:
        """`sendChatAction`: seen by people until the bot's next message."""
        chat = writable_chat(self._cloud, params)
        if params.text("action") not in ACTIONS:
            raise bad("wrong parameter action in request")
        chat.typing = params.text("action") or ""
        self._cloud.touch()
        return True

    def _put(
        self,
        chat: Chat,
        params: Params,
        words: Formatted,
        photo: StoredFile | None = None,
        document: StoredFile | None = None,
    ) -> Json:
        cloud = self._cloud
        markup = keyboards.check(params.json("reply_markup"))
        reply_to, topic = find_reply(cloud, chat, params), find_topic(chat, params, cloud)
        cloud.pace.check(chat.id)
        message = Message(cloud.new_message_id(chat), chat.id, cloud.bot.id, cloud.now_s(), words.text, words.entities)
        message.photo, message.document, message.markup = photo, document, markup
        message.reply_to, message.topic = reply_to, topic
        message.silent, message.protected = params.flag("disable_notification"), params.flag("protect_content")
        chat.last_bot, chat.typing = cloud.bot.id, ""
        cloud.add(message)
        file = photo or document
        cloud.note("sent", chat=chat.id, message=message.id, topic=topic, text=words.text, markup=markup,
                   reply_to=reply_to, file=file.name if file else None, silent=message.silent)  # fmt: skip
        return message_json(cloud, message)

    def photo(self, params: Params, wish: object, name: str) -> StoredFile:
        """A picture Telegram can show, uploaded or known by its file id."""
        found = self._file(params, wish, name)
        if isinstance(found, StoredFile):
            return found
        if len(found.data) > MAX_PHOTO:
            raise bad(f"File of size {len(found.data)} bytes is too big for a photo")
        file = self._cloud.store(found.name, "image/jpeg", found.data, "photos")
        if not file.width or not file.height:
            raise bad("IMAGE_PROCESS_FAILED")
        sides = sorted((file.width, file.height))
        if sum(sides) > MAX_SIDES or sides[1] > MAX_RATIO * sides[0]:
            raise bad("PHOTO_INVALID_DIMENSIONS")
        return file

    def document(self, params: Params, wish: object) -> StoredFile:
        """Any file, uploaded or known by its file id."""
        found = self._file(params, wish, "document")
        if isinstance(found, StoredFile):
            return found
        if len(found.data) > MAX_DOCUMENT:
            raise Refusal(413, "Request Entity Too Large")
        return self._cloud.store(found.name, found.mime, found.data, "documents")

    def _file(self, params: Params, wish: object, name: str) -> StoredFile | Upload:
        """What a file parameter means: a part of that name, `attach://part`, or a file id. No address is fetched."""
        if isinstance(wish, str) and wish.startswith("attach://"):
            name = wish.removeprefix("attach://")
            wish = None
        if not wish and name in params.uploads:
            upload = params.uploads[name]
            if not upload.data:
                raise bad("file must be non-empty")
            return upload
        if not wish:
            raise bad(f"there is no {name} in the request")
        if str(wish) not in self._cloud.files:
            raise bad("wrong file identifier/HTTP URL specified")
        return self._cloud.files[str(wish)]
