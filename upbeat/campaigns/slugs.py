"""The short public address of a page: what it may be, and a free one to suggest."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain, count

from upbeat.campaigns.models import Campaign
from upbeat.core.problem import Problem

LONGEST = 60
RESERVED = frozenset(
    # First parts of addresses this installation answers itself, now or one day, and names people would mistake.
    """
    about account accounts admin api apple-app-site-association assets blog calendar callback connect
    consent contact cookies css dashboard data delete demo dev docs download e email embed error export
    f fan fans favicon feed first-run fonts go health help home icon img impressum imprint index js l
    legal link links login logout mail manage manifest media metrics new oauth offer page pages password
    ping play post preview privacy public qr r receipt receipts register releases remind report reset
    robots rss s sandbox search security services set-up settings share shop sign-in sign-out sign-up
    sitemap start static status stop store support sw t team terms test undo unsubscribe upbeat upload
    user users webhook webhooks well-known widget www
    """.split()  # noqa: SIM905 - a list of a hundred words reads best as words
)
_SHAPE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SPELT = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "ø": "o",
        "œ": "oe",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "&": " and ",
        "ı": "i",
    }
)


def read(text: str) -> str | Problem:
    """The address as it is kept, or what is wrong with it. Spaces around and capitals are forgiven."""
    slug = text.strip().strip("/").lower()
    if len(slug) > LONGEST:
        return Problem("slug_long", f"The address has {len(slug)} letters.", f"Use {LONGEST} at the most.")
    if not _SHAPE.fullmatch(slug):
        return Problem(
            "slug_shape",
            "The address can only have the letters a to z, digits, and single hyphens between them.",
            "Like night-ferry-north.",
        )
    if slug in RESERVED:
        return Problem(
            "slug_reserved", f"{slug} is kept for this installation itself.", "Choose another address."
        )
    return slug


def is_free(slug: str, campaign: Campaign | None = None) -> bool:
    """Whether no other campaign has it."""
    others = Campaign.objects.filter(slug=slug)
    return not (others.exclude(pk=campaign.pk) if campaign else others).exists()


def suggest(*words: str, campaign: Campaign | None = None) -> str:
    """A free address made of the first of `words` that gives one (the title, then the artist)."""
    slugs = [slug for word in words if (slug := spell(word))] or ["release"]
    plain = chain(slugs, ["-".join(slugs)[:LONGEST].strip("-")])
    for slug in chain(plain, _numbered(slugs[0])):
        if slug not in RESERVED and is_free(slug, campaign):
            return slug
    raise AssertionError("numbers do not end")


def spell(words: str) -> str:
    """The words in the letters an address may have; empty where none is left (emoji, other scripts)."""
    plain = unicodedata.normalize("NFKD", words.lower().translate(_SPELT))
    ascii_only = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return "-".join(re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", ascii_only)))[:LONGEST].strip("-")


def _numbered(slug: str) -> Iterator[str]:
    return (f"{slug[: LONGEST - 5]}-{number}" for number in count(2))
