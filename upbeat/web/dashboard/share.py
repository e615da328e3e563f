"""It is live: the one link, ready to be posted."""

import io

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from upbeat import clock
from upbeat.campaigns.models import Campaign, Release
from upbeat.core.zones import city
from upbeat.web.dashboard import moments, shell, words
from upbeat.web.dashboard.access import campaign_or_404, signed_in

_PNG_SCALE = 24
_MUSIC = {Release.ALBUM: "album", Release.EP: "EP", Release.SINGLE: "song"}
_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


@signed_in
@require_safe
def share(request: HttpRequest, id: int) -> HttpResponse:
    """The link, its QR code and words to post. A draft has none yet."""
    campaign = campaign_or_404(request, id)
    if campaign.state != Campaign.PUBLISHED:
        return redirect("set_up", id)
    now = clock.now()
    local = moments.team_reading(campaign)
    where = "by each fan’s own clock" if campaign.local else f"in {city(campaign.zone)}"
    day = f"{local.day} {local:%B}"
    return shell.release_page(
        request,
        "dashboard/share.html",
        campaign,
        "share",
        out=campaign.is_out(now),
        turns=f"{local:%a} {day}, {local:%H:%M} {where}",
        qr=mark_safe(qr_svg(campaign)),  # noqa: S308 - drawn by segno from our own address
        posts=_posts(campaign, day, campaign.is_out(now)),
    )


@signed_in
@require_safe
def qr(request: HttpRequest, id: int, kind: str) -> HttpResponse:
    """The QR code as a file: black on white, with its quiet zone."""
    campaign = campaign_or_404(request, id)
    if campaign.state != Campaign.PUBLISHED or kind not in _TYPES:
        raise Http404
    out = io.BytesIO()
    _code(campaign).save(out, kind=kind, scale=_PNG_SCALE if kind == "png" else 10, border=4, light="#fff")
    name = f"{campaign.slug}-qr.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(out.getvalue(), content_type=_TYPES[kind], headers=headers)


def qr_svg(campaign: Campaign) -> str:
    """The QR code for the page itself, without a size of its own."""
    title = f"QR code of {public_url(campaign)}"
    return _code(campaign).svg_inline(
        border=0, light="#fff", omitsize=True, title=title, svgclass="qr", lineclass=None
    )


def public_url(campaign: Campaign) -> str:
    return f"{settings.PUBLIC_URL}/{campaign.slug}"


def _code(campaign: Campaign) -> segno.QRCode:
    return segno.make(public_url(campaign), error="m", micro=False)


def _posts(campaign: Campaign, day: str, out: bool) -> list[str]:
    """Two ways to say it, to be copied and changed."""
    release, url = campaign.release, public_url(campaign)
    title, artist = release.title, release.artist.name
    if out:
        return [f"“{title}” is out. Listen where you like: {url}", f"New from {artist}: “{title}”. {url}"]
    what = "One song" if release.kind == Release.SINGLE else "The whole " + _MUSIC.get(release.kind, "album")
    if release.kind != Release.SINGLE and release.track_count:
        what = f"{words.number_word(release.track_count)} songs"
    return [
        f"“{title}” is out on {day}. Pre-save it on your service, and it is there when you wake up: {url}",
        f"{what}, {day}. One tap now, in your library that moment. {url}",
    ]
