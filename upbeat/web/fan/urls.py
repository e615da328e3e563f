"""A fan's addresses. The last ones to be asked: `/<slug>` fits any first word."""

from django.urls import path

from upbeat.web.fan import views

urlpatterns = [
    path("r/<str:key>", views.own_receipt),
    path("<slug:slug>", views.page),
    path("<slug:slug>/remind", views.remind),
    path("<slug:slug>/remind/sent", views.asked),
    path("<slug:slug>/calendar", views.calendar),
    path("<slug:slug>/calendar/<str:to>", views.calendar_form),
    path("<slug:slug>/release.ics", views.release_ics),
    path("<slug:slug>/to/<str:to>", views.way, {"kind": "to"}),
    path("<slug:slug>/play/<str:to>", views.way, {"kind": "play"}),
    path("<slug:slug>/<str:service>", views.sheet),
    path("<slug:slug>/<str:service>/<str:said>", views.became),
]
