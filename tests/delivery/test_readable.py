"""At the release every service that can be asked is asked, with an app there or without."""

from dataclasses import replace

import pytest
from django.conf import settings

from tests.delivery.night import UPC, Night
from tests.sandbox_process import Sandbox
from upbeat.campaigns.models import ServiceLink
from upbeat.delivery.source import look_around
from upbeat.providers.base import Token

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def night(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Night:
    """At an installation that has no app anywhere."""
    for name, has in settings.SERVICES.items():
        monkeypatch.setitem(settings.SERVICES, name, replace(has, client_id="", client_secret=Token("")))
    return Night(sandbox)


def _there() -> set[str]:
    return set(ServiceLink.objects.exclude(found_at=None).values_list("service", flat=True))


def test_without_any_app_the_released_page_has_the_services_that_answer_everybody(night: Night) -> None:
    assert night.campaign.opens_at is not None
    night.run(lambda: look_around(night.now))
    assert _there() == set()
    night.release()
    night.run(lambda: look_around(night.now))
    assert _there() == {"deezer", "apple_music"}


def test_what_is_not_the_announced_release_is_not_listed_without_a_word(
    night: Night, sandbox: Sandbox
) -> None:
    sandbox.turn("apple_music", lookup_titles=[f"{UPC}=Something Else"])
    night.release()
    night.run(lambda: look_around(night.now))
    assert _there() == {"deezer"}
    assert ServiceLink.objects.get(service="apple_music").is_held
