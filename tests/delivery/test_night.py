"""The release night, end to end: what we promised against what is in the services' libraries."""

import pytest

from tests.delivery.night import Night, states
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)

ALBUM = "Night Ferry North"


@pytest.fixture
def night(transactional_db: None, sandbox: Sandbox) -> Night:
    return Night(sandbox)


def saved(night: Night, name: str, service: str = "spotify") -> list[str]:
    return [album["name"] for album in night.sandbox.fan(name, service)["albums"]]


def test_a_pre_save_becomes_an_album_in_the_fans_library(night: Night) -> None:
    night.fan("Ada")
    night.deliver()
    assert saved(night, "Ada") == []
    night.release()
    night.deliver()
    assert states() == [("save", "delivered", "done")]
    assert saved(night, "Ada") == [ALBUM]
