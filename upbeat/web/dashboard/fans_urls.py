"""Addresses of the fans of a release, their exports and the report."""

from django.urls import path

from upbeat.web.dashboard import exports, fan_story, fans

_R = "dashboard/releases/<int:id>"

urlpatterns = [
    path(f"{_R}/fans", fans.fans, name="fans"),
    path(f"{_R}/fans.csv", exports.export_fans, {"kind": "csv"}, name="export_fans"),
    path(f"{_R}/fans.json", exports.export_fans, {"kind": "json"}, name="export_fans_json"),
    path(f"{_R}/consents.csv", exports.export_consents, {"kind": "csv"}, name="export_consents"),
    path(f"{_R}/consents.json", exports.export_consents, {"kind": "json"}, name="export_consents_json"),
    path(f"{_R}/fans/<str:code>", fan_story.fan_story, name="fan_story"),
    path(f"{_R}/fans/<str:code>/data.json", fan_story.fan_data, name="fan_data"),
    path(f"{_R}/fans/<str:code>/again", fan_story.try_fan_now, name="try_fan_now"),
]
