"""All of the sandbox's state: the music, the clock, and each service with its people, grants and switches."""

import time
from collections import deque
from collections.abc import Container
from datetime import datetime, timedelta
from typing import Any

from upbeat_sandbox import ids
from upbeat_sandbox.catalogue import Album, Artist, Catalogue, Track
from upbeat_sandbox.clock import Clock
from upbeat_sandbox.facts import Facts
from upbeat_sandbox.faults import Faults
from upbeat_sandbox.grants import Client, Grants
from upbeat_sandbox.ledger import Ledger
from upbeat_sandbox.mail.letters import PostOffice
from upbeat_sandbox.people import Account, Entry, Playlist
from upbeat_sandbox.played import SERVICES
from upbeat_sandbox.push.store import Push
from upbeat_sandbox.switches import Switches, defaults

CLIENT_NAME = "Upbeat"


class Service:
    """One streaming service: who has an account, who may act for whom, and how it behaves just now."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.name, self.label = facts.name, facts.label
        self.grants = Grants(facts)
        self.accounts: dict[str, Account] = {}
        self.playlists: dict[str, Playlist] = {}
        self.switches: Switches = defaults(facts.switches)
        self._by_name: dict[str, Account] = {}
        self._windows: dict[str, deque[float]] = {}
        self.spent: dict[tuple[str, str, str], int] = {}
        """What each application has used up of a day's quota: by its id, the quota and the day."""
        self.client = self.register(CLIENT_NAME)

    def register(self, name: str) -> Client:
        """Registers an application; its id looks like the service's."""
        words = ("client", self.name, len(self.grants.clients), name)
        client = Client(self.facts.new_client_id(*words), self.facts.new_secret(*words), name)
        self.grants.clients[client.id] = client
        return client

    def account_named(self, name: str) -> Account | None:
        """By name, whatever its case and spaces, or by id."""
        return self._by_name.get(ids.fan_key(name)) or self.accounts.get(name)

    def open_account(self, name: str, now: datetime) -> Account:
        """The account of this name; made if there is none: any fan name is an account."""
        known = self._by_name.get(ids.fan_key(name))
        if known is not None:
            return known
        key = ids.fan_key(name)
        account = Account(
            self._free_id(self.accounts, "account", self.name, key),
            " ".join(name.split()),
            ids.hex_id("account id", key),
            now,
        )
        self.accounts[account.id] = self._by_name[key] = account
        return account

    def new_playlist(self, owner: Account, name: str, now: datetime, **more: Any) -> Playlist:
        """A playlist in its owner's collection; names need not be unique."""
        made = self._free_id(self.playlists, "playlist", owner.id, name, len(self.playlists))
        playlist = Playlist(made, name, owner, now, **more)
        self.playlists[playlist.id] = playlist
        owner.followed["playlist"] = {playlist: now} | owner.followed["playlist"]
        return playlist

    def _free_id(self, taken: Container[str], kind: str, *words: object) -> str:
        """An id nothing has yet, made from the words."""
        salt = 0
        while (made := self.facts.new_id(kind, *words, salt)) in taken:
            salt += 1
        return made

    def over_limit(self, client_id: str) -> int | None:
        """Counts a call in the application's rolling window; the seconds to wait if that is one too many."""
        limit, span = self.switches["calls_per_window"], self.switches["window_seconds"]
        if limit is None:
            return None
        window, moment = self._windows.setdefault(client_id, deque()), time.monotonic()
        while window and window[0] <= moment - span:
            window.popleft()
        if len(window) >= limit:
            return int(window[0] + span - moment) + 1 if window else int(span)
        window.append(moment)
        return None


class World:
    """Everything; `reset` starts it over."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.started_at = self.clock.now()
        self.faults = Faults()
        self.ledger = Ledger()
        self.catalogue = Catalogue()
        self.push = Push()
        self.post_office = PostOffice()
        self.services = {name: Service(facts) for name, facts in SERVICES.items()}

    def find(self, service: str, kind: str, item_id: str) -> Artist | Album | Track | None:
        return self.catalogue.find(service, kind, item_id, self.clock.now())


def give_starter_playlists(world: World, service: Service, account: Account) -> None:
    """What a fan who comes by the consent page already owns: two playlists with music that is out."""
    now = world.clock.now()
    tracks = [track for album in world.catalogue.shown_albums(service.name, now) for track in album.tracks]
    for name, count in (("Evening walks", 4), ("Kitchen, loud", 3)):
        playlist = service.new_playlist(account, name, now - timedelta(days=count * 30))
        offset = ids.number_from(account.id, name) % max(1, len(tracks))
        picked = (tracks[offset:] + tracks[:offset])[: count * 5 : 5]
        playlist.entries = [Entry(track, playlist.created_at, account) for track in picked]
