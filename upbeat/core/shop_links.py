"""Pre-orders and other services' own pages, added by pasting their existing address (S8 to S10)."""

from dataclasses import dataclass

from upbeat.core.addresses import read_address
from upbeat.core.hosts import Verb, site_of
from upbeat.core.links import parse_link
from upbeat.core.problem import Problem

LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class ShopLink:
    """A button to be: `label` and `verb` are guesses the team may change. `service` is empty for an unknown store."""

    service: str
    label: str
    verb: Verb
    url: str


def shop_link(text: str) -> ShopLink | Problem:
    """What a pasted address leads to. Only public web addresses, and apps' own that stand for one; nothing is asked of
    the network."""
    link = parse_link(text)
    address = read_address(text)
    if isinstance(address, Problem) and not isinstance(link, Problem):
        address = read_address(link.url)
    if isinstance(address, Problem):
        return address
    site = site_of(address)
    if site is None:
        return ShopLink("", address.site[:LONGEST_LABEL], Verb.PRE_ORDER, address.url)
    return ShopLink(site.service, site.label, site.verb, address.url)
