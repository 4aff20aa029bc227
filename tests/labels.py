"""Photos of waybills for tests: bar codes on a sheet, turned and blurred as a thumb holds a phone."""

import io
from collections.abc import Sequence

import zxingcpp
from PIL import Image, ImageFilter

F = zxingcpp.BarcodeFormat


def label(
    lines: Sequence[str], *, qr: Sequence[str] = (), turned: float = 0, blur: float = 0, form: str = "JPEG"
) -> bytes:
    """A sheet with a Code 128 a line, and QR codes beside them."""
    sheet = Image.new("L", (1200, 300 + 260 * len(lines) + 300 * len(qr)), 235)
    y = 80
    for text in lines:
        code = Image.fromarray(zxingcpp.create_barcode(text, F.Code128).to_image(scale=3)).convert("L")
        sheet.paste(code.resize((900, 160)), (120, y))
        y += 260
    for text in qr:
        sheet.paste(Image.fromarray(zxingcpp.create_barcode(text, F.QRCode).to_image(scale=8)).convert("L"), (120, y))
        y += 300
    if turned:
        sheet = sheet.rotate(turned, expand=True, fillcolor=200)
    if blur:
        sheet = sheet.filter(ImageFilter.GaussianBlur(blur))
    out = io.BytesIO()
    sheet.save(out, form, quality=70)
    return out.getvalue()


def empty(width: int = 400, height: int = 300, form: str = "PNG") -> bytes:
    """A picture of nothing; a large one is a few kilobytes."""
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, form)
    return out.getvalue()
