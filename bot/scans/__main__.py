"""The worker: a picture on standard input becomes a JSON list of its bar codes on standard output. It lives for one.

zxing-cpp reads them (Apache-2.0, wheels for every platform, alive); Pillow opens the picture. A picture is looked at
before it is unpacked: its format, its pixels; memory and time of the process are limited besides, since what a stranger
forwards may be made to break a decoder.
"""

import io
import json
import os
import resource
import sys

NICE = 10
"""The shop comes first."""
FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 50_000_000
"""A telephone's largest photo; a hundred times as much fits into a file of a few kilobytes."""
LARGEST_SIDE = 4096
"""Bigger pictures are made smaller: bar codes of a label stay readable, and reading takes a second."""
MOST_MEMORY = 2 << 30
MOST_CPU_S = 10
MOST_CODES = 20
LONGEST_CODE = 100


def main() -> int:
    """Read, and end; 2 when it is no picture that can be read, 3 when it is too large."""
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # looked at below, before anything is unpacked
    try:
        with Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return 3
            picture.draft("L", (LARGEST_SIDE, LARGEST_SIDE))
            plain = ImageOps.exif_transpose(picture).convert("L")
    except (OSError, ValueError, SyntaxError, MemoryError):
        return 2
    plain.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    sys.stdout.write(json.dumps(read(plain)))
    return 0


def read(picture: object) -> list[str]:
    """The texts of the bar codes, each once, in no order."""
    import zxingcpp

    found = zxingcpp.read_barcodes(picture)
    texts = dict.fromkeys(code.text.strip() for code in found if 0 < len(code.text.strip()) <= LONGEST_CODE)
    return [*texts][:MOST_CODES]


if __name__ == "__main__":
    sys.exit(main())
