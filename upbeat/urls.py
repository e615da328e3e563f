"""Addresses. The web helper completes this file."""

urlpatterns: list[object] = []
