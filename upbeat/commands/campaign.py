"""`upbeat campaign create FILE`: a campaign from a file, by the rules of the form."""

import argparse
import asyncio
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from upbeat.campaigns.describe import Described
    from upbeat.campaigns.file import Plan
    from upbeat.campaigns.models import Campaign
    from upbeat.providers.base import Entity


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("campaign", help="create a campaign from a file")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    create = actions.add_parser(
        "create", help="create one from a TOML file (docs/reference/campaign-file.md)"
    )
    create.add_argument("file", type=Path, metavar="FILE")
    create.add_argument("--publish", action="store_true", help="publish it at once")
    create.add_argument(
        "--owner", default="", metavar="EMAIL", help="whose team it belongs to; the first owner's without it"
    )
    create.add_argument(
        "--set",
        dest="changes",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="page.address=other, when.day=…",
    )
    create.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    import django

    django.setup()
    from upbeat.campaigns.file import read_file

    changes = [tuple(change.partition("=")[::2]) for change in arguments.changes]
    plan = read_file(arguments.file, changes)
    if isinstance(plan, list):
        return _refuse(plan)
    return _create(plan, owner=arguments.owner, publish=arguments.publish)


def _create(plan: "Plan", *, owner: str, publish: bool) -> int:
    from django.conf import settings
    from django.db import transaction

    from upbeat import clock
    from upbeat.artists.models import Member
    from upbeat.campaigns import file
    from upbeat.campaigns.publish import publish as go_out
    from upbeat.delivery import plan as deliveries

    owners = Member.objects.filter(role=Member.OWNER).order_by("id").select_related("team", "person")
    member = (owners.filter(person__email=owner.strip().lower()) if owner else owners).first()
    if member is None:
        who = f"Nobody here has the address {owner}." if owner else "This installation has no owner yet."
        return _refuse([f"{who} Open {settings.PUBLIC_URL} and create the account first."])
    described, entities = asyncio.run(_ask(plan))
    now = clock.now()
    with transaction.atomic():
        campaign, wrong = file.create(
            plan, member.team, zone=member.person.zone, now=now, described=described, entities=entities
        )
        if campaign is not None and publish:
            wrong = [file.Wrong(one.question, one.problem) for one in go_out(campaign, now)]
            deliveries.replan(campaign, now)
    if campaign is None or wrong:
        return _refuse(wrong)
    asyncio.run(_keep_pictures(campaign, entities))
    print(_told(campaign, settings.PUBLIC_URL))
    return 0


async def _ask(plan: "Plan") -> "tuple[Described | None, dict[str, Entity]]":
    """What the services know about the release and those to follow. Who is silent is left out: the file may say it."""
    from upbeat.campaigns.describe import Source, catalogues, describe, in_time
    from upbeat.core.link import Link
    from upbeat.providers.base import Entity, Kind

    source = plan.source
    entities = {}
    async with catalogues() as providers:
        described = await describe(source, providers) if isinstance(source, Source) else None
        for _, _, link in plan.links_to_follow():
            if isinstance(link, Link) and link.service in providers:
                provider = providers[link.service]
                answer = await in_time(provider, provider.entity(Kind(link.kind.value), link.id))
                if isinstance(answer, Entity):
                    entities[link.url] = answer
    return described, entities


async def _keep_pictures(campaign: "Campaign", entities: "dict[str, Entity]") -> None:
    """Our own copies of the pictures of those to follow."""
    from asgiref.sync import sync_to_async

    from upbeat.campaigns import avatars, follow_targets

    targets = await sync_to_async(lambda: {one.service_id: one for one in campaign.follow_targets.all()})()
    for entity in entities.values():
        path = await avatars.fetch(entity)
        if path and entity.id in targets:
            await sync_to_async(follow_targets.keep_picture)(targets[entity.id], path)


def _refuse(wrong: Iterable[object]) -> int:
    for one in wrong:
        print(f"upbeat campaign: {one}", file=sys.stderr)
    return 2


def _told(campaign: "Campaign", url: str) -> str:
    from upbeat.web.dashboard.moments import in_words

    when = in_words(campaign)
    if campaign.state == campaign.PUBLISHED:
        return f"{campaign.release} is live at {url}/{campaign.slug}. It opens {when}."
    return f"{campaign.release} is a draft at {url}/dashboard/releases/{campaign.pk}/page. It opens {when}."
