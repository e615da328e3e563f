"""Addresses of the dashboard. Nothing with a POST has just two parts: those are fans' addresses."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from upbeat.web.dashboard import (
    confirming,
    cover,
    entrance,
    fans_can,
    fans_urls,
    follows,
    jump,
    links,
    overview,
    preflight,
    preview,
    rehearse,
    releases,
    set_up,
    share,
    start,
    suggestion,
)
from upbeat.web.dashboard.delivery import answers, page

_R = "dashboard/releases/<int:id>"

urlpatterns = [
    path("", entrance.home, name="home"),
    path("first-run", entrance.first_run, name="first_run"),
    path("sign-in", entrance.SignIn.as_view(), name="sign_in"),
    path("sign-out", LogoutView.as_view(), name="sign_out"),
    path("dashboard", releases.releases, name="releases"),
    path("dashboard/services", fans_can.fans_can, name="fans_can"),
    path("dashboard/services/look/again", fans_can.look_again, name="look_again"),
    path("dashboard/releases/new", start.new, name="new"),
    path(f"{_R}", overview.overview, name="overview"),
    path(f"{_R}/page", set_up.set_up, name="set_up"),
    path(f"{_R}/answer", set_up.answer, name="answer"),
    path(f"{_R}/page/move", set_up.move, name="move"),
    path(f"{_R}/page/withdraw", set_up.withdraw, name="withdraw"),
    path(f"{_R}/source", set_up.source, name="source"),
    path(f"{_R}/found/<str:service>/link", confirming.add_found, name="add_found"),
    path(f"{_R}/found/<str:service>", confirming.answer_found, name="answer_found"),
    path(f"{_R}/cover", cover.cover, name="cover"),
    path(f"{_R}/suggestion", suggestion.suggestion, name="suggestion"),
    path(f"{_R}/links", links.add_link, name="add_link"),
    path(f"{_R}/links/<int:offer_id>", links.change_link, name="change_link"),
    path(f"{_R}/services/<str:service>", links.switch_service, name="switch_service"),
    path(f"{_R}/follows", follows.add_follow, name="add_follow"),
    path(f"{_R}/follows/<int:target_id>", follows.change_follow, name="change_follow"),
    path(f"{_R}/publish", set_up.publish, name="publish"),
    path(f"{_R}/preview", preview.previews, name="previews"),
    path(f"{_R}/preview/<str:which>", preview.preview, name="preview"),
    path(f"{_R}/share", share.share, name="share"),
    path(f"{_R}/qr.<str:kind>", share.qr, name="qr"),
    path(f"{_R}/delivery", page.delivery, name="delivery"),
    path(f"{_R}/delivery/figures", page.moving, name="figures"),
    path(f"{_R}/delivery/right", answers.right, name="right"),
    path(f"{_R}/delivery/link", answers.link, name="link"),
    path(f"{_R}/delivery/look", answers.look, name="look"),
    path(f"{_R}/delivery/check", preflight.preflight_now, name="preflight_now"),
    path(f"{_R}/rehearse", rehearse.rehearse, name="rehearse"),
    path(f"{_R}/jump", jump.jump, name="jump"),
    *fans_urls.urlpatterns,
]
