"""Addresses of what Django answers. Health, files, callbacks and what waits on services: `web.outer.app`."""

from django.urls import include, path

urlpatterns = [
    path("", include("upbeat.web.dashboard.urls")),
    path("", include("upbeat.web.fan.urls")),
]

handler400 = "upbeat.web.fan.errors.bad_request"
handler403 = "upbeat.web.fan.errors.forbidden"
handler404 = "upbeat.web.fan.errors.not_found"
handler500 = "upbeat.web.fan.errors.broken"
