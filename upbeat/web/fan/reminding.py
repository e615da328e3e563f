"""7: the sheet with the ways to be reminded."""

from datetime import datetime, timedelta

from upbeat.campaigns.listed import listed
from upbeat.campaigns.models import Campaign
from upbeat.core.channels import EMAIL, PUSH
from upbeat.core.hosts import label_of
from upbeat.core.ladder import Reason
from upbeat.delivery import channels
from upbeat.delivery.channels.vapid import public_key
from upbeat.web.fan import public
from upbeat.web.fan.mine import mine
from upbeat.web.pages.render import Rendered, render_remind
from upbeat.web.pages.view import RemindSheet
from upbeat.web.standing import installed, stand


def before_with_sheet(
    campaign: Campaign, now: datetime, cookies: dict[str, str], sheet: RemindSheet
) -> Rendered:
    """The page, and the sheet over it."""
    return render_remind(public.before(campaign, now, done=mine(campaign, cookies)), sheet)


def remind_sheet(
    campaign: Campaign, chosen: str, now: datetime, *, email: str = "", error: str = ""
) -> RemindSheet:
    """The e-mail form is there where this installation can send mail, the phone where it can notify."""
    by_mail, by_push = (channel in channels.usable() for channel in (EMAIL, PUSH))
    return RemindSheet(
        calendar_url=f"/{campaign.slug}/calendar",
        action=f"/{campaign.slug}/remind" if by_mail else "",
        services=services(campaign) if by_mail else (),
        chosen=leads_to(campaign, chosen),
        email=email,
        email_error=error,
        push_url=f"/{campaign.slug}/remind/push" if by_push else "",
        push_key=public_key() if by_push else "",
        keeps=keeps(campaign, chosen, now),
    )


def keeps(campaign: Campaign, service: str, now: datetime) -> tuple[str, str, int] | None:
    """The honest word to a fan who tapped a service whose permission would not live until the release."""
    if service not in listed(campaign) or stand(campaign, service, now).reason is not Reason.TOO_FAR:
        return None
    life = installed(service).grant_life or timedelta()
    in_days = life >= timedelta(days=1)
    count = life.days if in_days else int(life.total_seconds() // 3600)
    return label_of(service), "keeps_days" if in_days else "keeps_hours", count


def services(campaign: Campaign) -> tuple[tuple[str, str], ...]:
    """Where a reminder's link may lead: key and name."""
    return tuple((name, label_of(name)) for name in listed(campaign))


def leads_to(campaign: Campaign, service: str) -> str:
    """The service a reminder's link shall lead to; empty where it is none of the page's: then it leads to the page."""
    return service if service in listed(campaign) else ""
