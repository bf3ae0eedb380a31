"""Pictures of people: whatever is sent becomes a small square WebP with nothing else in it."""

from __future__ import annotations

import hashlib
from io import BytesIO

from PIL import Image, ImageOps

from server.domain.errors import Invalid

SIDE = 256
LARGEST_BYTES = 5_000_000
MOST_PIXELS = 50_000_000
FORMATS = ("PNG", "JPEG", "WEBP")


def square(data: bytes) -> bytes:
    """*data* (PNG, JPEG or WebP) as a square WebP without metadata. Raises Invalid."""
    try:
        fitted = _fitted(data)
    except Invalid:
        raise
    except Image.DecompressionBombError:
        raise Invalid("picture", "picture_pixels") from None
    except Exception:  # noqa: BLE001  # a broken file can make any decoder fail in any way
        raise Invalid("picture", "not_a_picture") from None
    target = BytesIO()
    # A fresh image carries no EXIF, no colour profile and no comments along.
    clean = Image.new(fitted.mode, fitted.size)
    clean.paste(fitted)
    clean.save(target, "WEBP", quality=84, method=4)
    return target.getvalue()


def _fitted(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data), formats=FORMATS) as picture:
        # The size stands in the header: a bomb is refused before it unfolds.
        if picture.width * picture.height > MOST_PIXELS:
            raise Invalid("picture", "picture_pixels")
        picture.draft("RGB", (SIDE * 2, SIDE * 2))
        upright = ImageOps.exif_transpose(picture)
        kind = "RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB"
        return ImageOps.fit(upright.convert(kind), (SIDE, SIDE), Image.Resampling.LANCZOS)


def digest(data: bytes) -> str:
    """What the picture is called: a hash of its content."""
    return hashlib.sha256(data).hexdigest()[:32]
