"""A grant that is dead is buried once, and everybody who was told so believes it."""

from datetime import timedelta

import pytest

from tests.delivery import books
from tests.delivery.books import NOW
from upbeat.fans.models import Connection
from upbeat.fans.tokens import bury, keep_tokens
from upbeat.providers.base import Grant, Token

pytestmark = pytest.mark.django_db


def connection() -> Connection:
    return Connection.objects.get(pk=books.fan(books.campaign()).connection_id)


def test_two_who_were_told_of_the_same_death_at_once_both_believe_it() -> None:
    """A save and a follow of one fan meet the dead grant together: neither is to be tried again."""
    dead = connection()
    assert bury(dead.pk, dead.token_version, NOW)
    assert bury(dead.pk, dead.token_version, NOW)


def test_a_permission_given_meanwhile_is_not_buried() -> None:
    alive = connection()
    again = Grant(Token("new access"), Token("new refresh"), timedelta(hours=1), frozenset())
    assert keep_tokens(alive.pk, alive.token_version, again, NOW)
    assert not bury(alive.pk, alive.token_version, NOW)
    alive.refresh_from_db()
    assert alive.dead_at is None
    assert bytes(alive.sealed_refresh)


def test_after_a_new_permission_the_news_of_the_old_death_changes_nothing() -> None:
    dead = connection()
    assert bury(dead.pk, dead.token_version, NOW)
    dead.refresh_from_db()
    again = Grant(Token("new access"), Token("new refresh"), timedelta(hours=1), frozenset())
    assert keep_tokens(dead.pk, dead.token_version, again, NOW)
    assert not bury(dead.pk, dead.token_version - 1, NOW)
