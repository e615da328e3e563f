"""What the fields of a question show: what was typed and does not hold yet, else the settled answer."""

from upbeat.campaigns.models import Campaign
from upbeat.core import release_clock
from upbeat.core.identifiers import spaced


def shown(campaign: Campaign, question: str) -> dict[str, str]:
    """The text of each of the question's fields. Switches are "on" or empty."""
    kept = campaign.unsettled.get(question)
    if kept is not None:
        return dict(kept["values"])
    if question == "when":
        return _when(campaign)
    release = campaign.release
    values = {
        "title": release.title,
        "artist": release.artist.name,
        "kind": release.kind,
        "upc": spaced(release.upc) if release.upc else "",
        "isrc": release.isrc,
        "slug": campaign.slug or "",
        "language": campaign.language,
        "offers_playlist": _on(campaign.offers_playlist),
        "offers_email": _on(campaign.offers_email),
        "strict": _on(campaign.strict),
    }
    return {question: values[question]}


def _on(switch: bool) -> str:
    return "on" if switch else ""


def _when(campaign: Campaign) -> dict[str, str]:
    day, at = campaign.day, campaign.time
    twice = (
        None if campaign.local or day is None or at is None else release_clock.twice(day, at, campaign.zone)
    )
    return {
        "day": day.isoformat() if day else "",
        "time": f"{at:%H:%M}" if at else "",
        "zone": campaign.zone,
        "fold": str(campaign.fold) if twice else "",
        "local": "1" if campaign.local else "0",
    }
