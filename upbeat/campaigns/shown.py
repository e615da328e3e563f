"""What the fields of a question show: what was typed and does not hold yet, else the settled answer."""

from upbeat.campaigns.models import Campaign
from upbeat.core import release_clock
from upbeat.core.identifiers import spaced


def shown(campaign: Campaign, question: str) -> dict[str, str]:
    """The text of each of the question's fields. Switches are "on" or empty."""
    kept = campaign.unsettled.get(question)
    if kept is not None:
        return dict(kept["values"])
    release = campaign.release
    match question:
        case "when":
            return _when(campaign)
        case "artist":
            return {"artist": release.artist.name}
        case "upc":
            return {"upc": spaced(release.upc) if release.upc else ""}
        case "title" | "kind" | "isrc":
            return {question: getattr(release, question)}
        case "slug" | "language":
            return {question: getattr(campaign, question) or ""}
        case "offers_playlist" | "offers_email" | "strict":
            return {question: "on" if getattr(campaign, question) else ""}
    raise KeyError(question)


def _when(campaign: Campaign) -> dict[str, str]:
    day, at = campaign.day, campaign.time
    twice = day is not None and at is not None and release_clock.twice(day, at, campaign.zone) is not None
    return {
        "day": day.isoformat() if day else "",
        "time": f"{at:%H:%M}" if at else "",
        "zone": campaign.zone,
        "fold": str(campaign.fold) if twice else "",
    }
