"""Files stay under 300 lines and functions short: one idea each."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for folder in ("upbeat", "upbeat_sandbox", "bench")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)
FILE_LINES, FUNCTION_LINES = 300, 40
FORBIDDEN_NAMES = {"services.py", "utils.py", "helpers.py", "managers.py", "common.py", "misc.py"}


def _functions(path: Path) -> list[tuple[str, int]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        (node.name, (node.end_lineno or node.lineno) - node.lineno + 1)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_there_is_something_to_measure() -> None:
    assert len(SOURCES) > 50


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_holds_one_idea(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= FILE_LINES, f"{path.name} has {lines} lines; split it by idea"
    too_long = [(name, size) for name, size in _functions(path) if size > FUNCTION_LINES]
    assert not too_long, f"split these functions: {too_long}"


def test_nine_functions_in_ten_fit_on_a_small_screen() -> None:
    sizes = sorted(size for path in SOURCES for _, size in _functions(path))
    assert sizes[int(len(sizes) * 0.9)] <= 30


def test_every_file_names_the_thing_it_holds() -> None:
    assert not [path for path in SOURCES if path.name in FORBIDDEN_NAMES]
