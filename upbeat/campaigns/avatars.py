"""Small pictures of those a fan may follow, on our own host: a fan page loads nothing from elsewhere."""

import asyncio
import hashlib
import io
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageOps

from upbeat.core.outcome import Outcome
from upbeat.providers import http
from upbeat.providers.base import Entity

SIZE = 160
PATIENCE_SECONDS = 4.0
_MOST_PIXELS = 25_000_000


async def fetch(entity: Entity) -> str:
    """Fetch the entity's picture and keep it. Its path below the media folder; empty if none came in time."""
    if not entity.image_url:
        return ""
    door = http.Door(entity.service.title(), allow_private=settings.SANDBOX)
    try:
        got = await asyncio.wait_for(door.fetch_image(entity.image_url), PATIENCE_SECONDS)
    except TimeoutError:
        return ""
    finally:
        await http.close()
    return "" if isinstance(got, Outcome) else await asyncio.to_thread(keep, got)


def keep(body: bytes) -> str:
    """A square JPEG of `SIZE` pixels in `avatars/`; empty for what is no picture."""
    try:
        with Image.open(io.BytesIO(body)) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                return ""
            square = ImageOps.fit(picture.convert("RGB"), (SIZE, SIZE))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return ""
    path = f"avatars/{hashlib.sha256(body).hexdigest()}-{SIZE}.jpg"
    full = Path(settings.MEDIA_ROOT) / path
    full.parent.mkdir(parents=True, exist_ok=True)
    square.save(full, "JPEG", quality=82)
    return path
