"""Who may act for whom: client applications, codes, approvals and the tokens made from them, for one service."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from upbeat_sandbox.facts import Facts
from upbeat_sandbox.people import Account

CODE_LIFE = timedelta(minutes=10)


@dataclass(eq=False, slots=True)
class Client:
    """An application registered with the service. With no redirect URIs listed, any loopback address is accepted."""

    id: str
    secret: str
    name: str
    redirect_uris: list[str] = field(default_factory=list)
    key_id: str = ""  # of the key it signs with, where it registered one of its own


@dataclass(eq=False, slots=True)
class Approval:
    """A fan's yes to one client; scopes add up with every further yes."""

    client_id: str
    account: Account
    scopes: set[str]
    revoked: bool = False


@dataclass(eq=False, slots=True)
class AccessToken:
    value: str
    client_id: str
    scopes: frozenset[str]
    expires_at: datetime | None  # None: never (Deezer with offline_access)
    approval: Approval | None = None  # None: the application itself, no fan

    @property
    def account(self) -> Account | None:
        return self.approval.account if self.approval else None


@dataclass(eq=False, slots=True)
class RefreshToken:
    value: str
    approval: Approval
    authorized_at: datetime
    public: bool  # made by PKCE without a secret: works once
    dies_at: datetime | None = None
    spent: bool = False

    def dead(self, now: datetime) -> bool:
        over = self.dies_at is not None and now >= self.dies_at
        return self.spent or self.approval.revoked or over


@dataclass(eq=False, slots=True)
class Code:
    value: str
    client_id: str
    redirect_uri: str
    account: Account
    scopes: frozenset[str]
    issued_at: datetime
    challenge: str = ""
    method: str = "S256"
    offline: bool = True  # whether it brings a refresh token (Google gives one only to those who ask)
    used: bool = False

    def expired(self, now: datetime) -> bool:
        return now >= self.issued_at + CODE_LIFE


class Grants:
    """The permissions given on one service, in memory."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.clients: dict[str, Client] = {}
        self.codes: dict[str, Code] = {}
        self.access: dict[str, AccessToken] = {}
        self.refresh: dict[str, RefreshToken] = {}
        self.approvals: dict[tuple[str, str], Approval] = {}

    def approval_of(self, client_id: str, account: Account) -> Approval | None:
        """The approval now in force, if any."""
        approval = self.approvals.get((client_id, account.id))
        return None if approval is None or approval.revoked else approval

    def approve(self, client_id: str, account: Account, scopes: frozenset[str]) -> Approval:
        """Records a yes; a yes given before and not revoked grows by the new scopes."""
        approval = self.approval_of(client_id, account)
        if approval is None:
            approval = Approval(client_id, account, set())
            self.approvals[client_id, account.id] = approval
        approval.scopes |= scopes
        return approval

    def new_code(self, code: Code) -> Code:
        self.codes[code.value] = code
        return code

    def new_access(self, client_id: str, approval: Approval | None, now: datetime) -> AccessToken:
        """For a fan who agreed, or for the application itself."""
        scopes = frozenset(approval.scopes) if approval else frozenset()
        life = self.facts.access_life(scopes)
        token = AccessToken(fresh("BQ"), client_id, scopes, None if life is None else now + life, approval)
        self.access[token.value] = token
        return token

    def new_refresh(self, approval: Approval, authorized_at: datetime, *, public: bool) -> RefreshToken:
        dies_at = self.facts.dies_at(authorized_at)
        token = RefreshToken(fresh("AQ"), approval, authorized_at, public, dies_at)
        self.refresh[token.value] = token
        return token

    def revoke(self, account: Account, client_id: str | None = None) -> int:
        """What a fan does on the service's own page: all tokens are dead. Says how many approvals that were."""
        mine = [one for one in self.approvals.values() if one.account is account and not one.revoked]
        mine = [one for one in mine if client_id in (None, one.client_id)]
        for approval in mine:
            approval.revoked = True
        return len(mine)


def fresh(prefix: str) -> str:
    """An unguessable token that looks like the service's."""
    return prefix + secrets.token_urlsafe(48)
