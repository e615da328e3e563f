"""What the papers say is what the code does: settings, version, providers' facts."""

import re
import tomllib
from datetime import date
from pathlib import Path

import upbeat
from upbeat.providers import registry

ROOT = Path(__file__).parents[2]
A_YEAR = 366


def _settings_read() -> set[str]:
    source = (ROOT / "upbeat" / "settings.py").read_text(encoding="utf-8")
    return set(re.findall(r"\"(UPBEAT_[A-Z_]+)\"", source))


def _credentials() -> set[str]:
    """The settings of each service's credential."""
    called = {name: registry.credential(name) for name in registry.names()}
    parts = {name: (one.id, one.secret, one.key_id) for name, one in called.items()}
    return {f"UPBEAT_{name.upper()}_{part}" for name, some in parts.items() for part in some if part}


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    assert len(_settings_read()) > 5
    for name in _settings_read() | _credentials():
        assert f"`{name}`" in page, f"docs/reference/settings.md does not explain {name}"


def test_no_document_explains_a_setting_that_does_not_exist() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    endings = ("API_URL", "AUTHORIZE_URL", "TOKEN_URL", "OPEN_URL")
    endings += ("API_KEY", "UNITS_A_DAY", "LOOKUP_URL", "MUSICKIT_URL")
    real = (
        _settings_read()
        | _credentials()
        | {f"UPBEAT_{service.upper()}_{end}" for service in registry.names() for end in endings}
    )
    explained = {name.removesuffix("_FILE") for name in re.findall(r"`(UPBEAT_[A-Z_]+)`", page)}
    assert explained <= real


def test_the_changelog_knows_this_version() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert declared == upbeat.__version__
    assert f"## {declared}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_provider_says_where_its_facts_are_from_and_when_they_were_checked() -> None:
    for name in registry.names():
        facts = (ROOT / "upbeat" / "providers" / name / "FACTS.md").read_text(encoding="utf-8")
        checked = re.search(r"(\d{4})-(\d{2})-(\d{2})", facts)
        assert checked, f"{name}/FACTS.md has no date"
        age = (date.today() - date(*map(int, checked.groups()))).days  # noqa: DTZ011 - a paper's age in days
        assert age < A_YEAR, f"{name}/FACTS.md was checked {age} days ago"


def test_the_layer_contract_names_every_provider() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    independent = next(c for c in contracts if c["name"] == "Providers do not know each other")
    assert {module.rpartition(".")[2] for module in independent["modules"]} == set(registry.names())
