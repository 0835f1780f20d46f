"""docs/attacks.md names tests that exist, and every attack of the list."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "attacks.md").read_text(encoding="utf-8")


def test_every_test_named_exists():
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT)
    assert len(named) > 60
    for file, test in named:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        found = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert not test or test in found, (file, test)


def test_every_attack_is_there():
    numbers = [int(n) for row in re.findall(r"^\| ([\d, ]+) \|", TEXT, re.MULTILINE) for n in row.split(",")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 88
