"""Photos and documents: sizes, shapes, and what goes up comes down."""

import pytest

from bot.sandbox.telegram.pictures import measure
from tests.contract.telegram_bot import Said, counter, png


async def sends(place, method, name, data, **params):
    return await place.bot(method, files={name: ("f.bin", data)}, chat_id=str(place.group), **params)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"not a picture", "IMAGE_PROCESS_FAILED"),
        (png(40, 30)[:60], "IMAGE_PROCESS_FAILED"),
        (png(9999, 2), "PHOTO_INVALID_DIMENSIONS"),
        (png(4, 81), "PHOTO_INVALID_DIMENSIONS"),
        (png(20, 20) + b"x" * (10 << 20), "is too big for a photo"),
        (b"", "file must be non-empty"),
    ],
)
async def test_what_is_no_good_photo_is_refused(data, words):
    async with counter() as place:
        with pytest.raises(Said, match=words):
            await sends(place, "sendPhoto", "photo", data)
        assert place.world.screen.from_bot(place.group) == []


async def test_a_photo_of_the_largest_shape_is_kept_with_its_bytes():
    async with counter() as place:
        picture = png(9500, 475)
        sent = await sends(place, "sendPhoto", "photo", picture, caption="<b>今天</b>", parse_mode="HTML")
        assert [(one["width"], one["height"]) for one in sent["photo"]] == [(320, 16), (9500, 475)]
        assert (sent["caption"], sent["caption_entities"][0]["type"]) == ("今天", "bold")
        (shown,) = place.world.screen.from_bot(place.group)
        assert shown.photo.data == picture
        again = await place.bot("sendPhoto", chat_id=place.group, photo=sent["photo"][-1]["file_id"])
        assert again["photo"] == sent["photo"]


async def test_a_caption_has_1024_units():
    async with counter() as place:
        await sends(place, "sendDocument", "document", b"x", caption="长" * 1024)
        with pytest.raises(Said, match="message caption is too long"):
            await sends(place, "sendDocument", "document", b"x", caption="长" * 1025)


async def test_a_picture_is_changed_in_place():
    async with counter() as place:
        sent = await sends(place, "sendPhoto", "photo", png(64, 36), caption="今天")
        at = {"chat_id": str(place.group), "message_id": str(sent["message_id"])}
        media = '{"type":"photo","media":"attach://week","caption":"7 天"}'
        edited = await place.bot("editMessageMedia", files={"week": ("w.png", png(30, 20))}, **at, media=media)
        assert (edited["photo"][-1]["width"], edited["caption"]) == (30, "7 天")
        with pytest.raises(Said, match="no text in the message"):
            await place.bot("editMessageText", **at, text="x")
        with pytest.raises(Said, match="not modified"):
            await place.bot("editMessageCaption", **at, caption="7 天")
        with pytest.raises(Said, match="there is no gone in the request"):
            await place.bot("editMessageMedia", **at, media='{"type":"photo","media":"attach://gone"}')


async def test_an_upload_is_fetched_until_20_mb():
    async with counter() as place:
        people = place.world.people
        people.upload(place.owner, place.group, "库存.csv", "甲,1".encode("gbk"), caption="导入", mime="text/csv")
        people.upload(place.owner, place.group, "big.bin", b"x" * ((20 << 20) + 1))
        small, big = [one["message"]["document"] for one in await place.bot.updates()]
        assert (small["file_name"], small["mime_type"]) == ("库存.csv", "text/csv")
        path = (await place.bot("getFile", file_id=small["file_id"]))["file_path"]
        url = f"{place.world.api_url}/file/bot{place.world.token}/{path}"
        assert (await place.bot.http.get(url)).content.decode("gbk") == "甲,1"
        assert (await place.bot.http.get(f"{url}x")).status_code == 404
        wrong = url.replace(place.world.token, "1:" + "x" * 35)
        assert (await place.bot.http.get(wrong)).status_code == 401
        assert (await place.bot.refuses("getFile", file_id=big["file_id"])).words == "Bad Request: file is too big"
        assert (await place.bot.refuses("getFile", file_id="x")).words == "Bad Request: invalid file_id"


async def test_a_photo_of_a_person_has_sizes_too():
    async with counter() as place:
        place.world.people.upload(place.owner, place.group, "p.png", png(800, 400), as_photo=True, caption="看图")
        (update,) = await place.bot.updates()
        assert (update["message"]["photo"][-1]["width"], update["message"]["caption"]) == (800, "看图")


def test_pictures_of_every_kind_are_measured():
    jpeg = b"\xff\xd8\xff\xe0\x00\x04JF\xff\xc0\x00\x0b\x08\x00\x10\x00\x20\x01\x01\x11\x00\xff\xd9"
    gif = b"GIF89a\x07\x00\x05\x00\x00"
    webp = b"RIFF\x00\x00\x00\x00WEBPVP8 " + b"\0" * 10 + b"\x09\x00\x03\x00" + b"\0" * 4
    assert [measure(one) for one in (png(3, 4), jpeg, gif, webp)] == [(3, 4), (32, 16), (7, 5), (9, 3)]
    assert [measure(one) for one in (b"", b"%PDF-1.7", jpeg[:10], b"\x89PNG\r\n\x1a\nxx")] == [None] * 4
