"""Addresses of a release's fans, of their exports and of the report."""

from django.urls import path

from upbeat.web.dashboard import everyone, exports, fan_story, fans, report

_R = "dashboard/releases/<int:id>"
_CSV, _JSON = {"kind": "csv"}, {"kind": "json"}

urlpatterns = [
    path("dashboard/fans", everyone.everyone, name="everyone"),
    path(f"{_R}/fans", fans.fans, name="fans"),
    path(f"{_R}/fans.csv", exports.export_fans, _CSV, name="export_fans"),
    path(f"{_R}/fans.json", exports.export_fans, _JSON, name="export_fans_json"),
    path(f"{_R}/consents.csv", exports.export_consents, _CSV, name="export_consents"),
    path(f"{_R}/consents.json", exports.export_consents, _JSON, name="export_consents_json"),
    path(f"{_R}/fans/<str:code>", fan_story.fan_story, name="fan_story"),
    path(f"{_R}/fans/<str:code>/data.json", fan_story.fan_data, name="fan_data"),
    path(f"{_R}/fans/<str:code>/again", fan_story.try_fan_now, name="try_fan_now"),
    path(f"{_R}/report", report.report_page, name="report"),
    path(f"{_R}/report.csv", report.export_report, _CSV, name="export_report_csv"),
    path(f"{_R}/report.json", report.export_report, _JSON, name="export_report_json"),
    path(f"{_R}/report/links", report.make_report_link, name="make_report_link"),
    path(f"{_R}/report/links/<int:link_id>", report.revoke_report_link, name="revoke_report_link"),
    path("report/<str:key>", report.public_report, name="public_report"),
    path("report/<str:key>/report.<str:kind>", report.public_report_file, name="public_report_file"),
]
