"""Who reads a page without being a fan: search engines, link previews, monitors. They are counted apart."""

import re

_CRAWLER = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|facebookexternalhit|facebookcatalog|whatsapp|telegram|embedly|discord"
    r"|skypeuripreview|vkshare|pinterest/|mediapartners|lighthouse|pagespeed|headlesschrome|monitor|uptime|pingdom"
    r"|python-requests|python-urllib|aiohttp|curl/|wget/|go-http-client|okhttp|java/|libwww|httpclient|scrapy",
    re.IGNORECASE,
)


def is_crawler(user_agent: str) -> bool:
    """Whether this User-Agent is a program's own. No User-Agent at all is a program's, too."""
    return not user_agent or _CRAWLER.search(user_agent[:400]) is not None
