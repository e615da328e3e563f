"""The glossary is kept: a word we never say names none of our models, modules, tables or URLs."""

import re
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).parents[2]
NEVER = {
    "account", "client_user", "product", "drop", "project", "site", "microsite", "lead", "customer", "subscriber",
    "optin", "signup", "order", "dsp", "platform", "hit", "job",
}  # fmt: skip
OURS = ("artists", "campaigns", "fans", "delivery", "clicks")


def test_no_model_or_table_carries_a_word_we_never_say() -> None:
    names = {model.__name__.lower() for label in OURS for model in apps.get_app_config(label).get_models()}
    tables = {model._meta.db_table for label in OURS for model in apps.get_app_config(label).get_models()}
    words = names | {word for table in tables for word in table.split("_")}
    assert len(names) > 15
    assert not words & NEVER


def test_no_module_of_ours_carries_a_word_we_never_say() -> None:
    modules = {path.stem for path in (ROOT / "upbeat").rglob("*.py")}
    assert not modules & NEVER


def test_the_glossary_explains_every_model() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").lower()
    for label in OURS:
        for model in apps.get_app_config(label).get_models():
            words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", model.__name__).lower()
            assert words in glossary, f"docs/glossary.md does not say what a {words} is"
