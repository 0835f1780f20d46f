"""The border is typed: no `object`, no `Any` in what is public, and views name models without asking the database."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import models
from tables.database import Table

ROOT = Path(__file__).parent.parent
FILES = [path for room in ("domain", "views") for path in sorted((ROOT / room).rglob("*.py"))]
VAGUE = {"object", "Any"}
# Where a public signature may be vague, and why.
VAGUE_ALLOWED = {
    "domain/common/batches.py: columns_among": "Peewee tells no types of the columns that a query selects",
    "views/web/rendering.py: page": "a template's context is anything",
    "domain/payments/looking.py: __getattr__": "stands in for each question of the gateway, by its name",
    "views/forms/base.py: bind_field": "WTForms hands a field what it was declared with",
}
TABLES = {name for name, value in vars(models).items() if isinstance(value, type) and issubclass(value, Table)}
ASKS = {  # what a model, a row or a query does at the database
    "bulk_create", "bulk_update", "create", "delete", "delete_by_id", "delete_instance", "dicts", "execute", "exists",
    "filter", "first", "get", "get_by_id", "get_or_create", "get_or_none", "insert", "insert_from", "insert_many",
    "join", "noop", "prefetch", "raw", "replace", "replace_many", "save", "scalar", "scalars", "select", "set_by_id",
    "truncate_table", "tuples", "update", "where",
}  # fmt: skip
NEVER = ("peewee", "playhouse", "tables")  # but for what they raise
# Of those, what nothing else in a view does: a dict has get and update, a text join and replace.
ROW_ASKS = ASKS - {"create", "filter", "get", "insert", "join", "replace", "update"}


def vague(source: str) -> Iterator[str]:
    """Yield the public functions and methods whose signature says `object` or `Any`."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef) or (node.name.startswith("_") and not node.name.startswith("__")):
            continue
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
        said = [one.annotation for one in given if one and one.annotation] + [node.returns] * bool(node.returns)
        if any(names(one) & VAGUE for one in said):
            yield node.name


def names(annotation: ast.expr) -> set[str]:
    """Return the names in an annotation, those of one written as text too."""
    found = set()
    for node in ast.walk(annotation):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= names(ast.parse(node.value, mode="eval").body)
    return found


def queries(source: str) -> Iterator[str]:
    """Yield what asks the database in a view's module: something of a model, or of a row, that reads or writes."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and any(name.name.split(".")[0] in ("models", "tables") for name in node.names):
            yield "import models"
        elif isinstance(node, ast.ImportFrom) and node.module == "models":
            yield from (name.name for name in node.names if name.name not in TABLES and name.name != "Value")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in (
            "peewee",
            "playhouse",
            "tables",
        ):
            yield from (name.name for name in node.names if not name.name.endswith(("Error", "Exception")))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ASKS:
            whose = node.func.value
            if isinstance(whose, ast.Name) and whose.id in TABLES:
                yield f"{whose.id}.{node.func.attr}"
            elif node.func.attr in ROW_ASKS:
                yield f".{node.func.attr}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_public_says_of_what_kind_it_takes_and_gives(path: Path):
    place = path.relative_to(ROOT).as_posix()
    assert not {f"{place}: {name}" for name in vague(path.read_text())} - VAGUE_ALLOWED.keys()


def test_what_may_be_vague_still_is():
    found = {f"{path.relative_to(ROOT).as_posix()}: {name}" for path in FILES for name in vague(path.read_text())}
    assert found == VAGUE_ALLOWED.keys()


@pytest.mark.parametrize(
    "planted",
    [
        "def f(x: object): ...",
        "def f() -> 'list[Any]': ...",
        "def f(*, x: typing.Any | None = None): ...",
        "class C:\n    def __init__(self, **values: object): ...",
    ],
)
def test_a_vague_signature_is_seen(planted):
    assert list(vague(planted)) in (["f"], ["__init__"])


VIEWS = sorted((ROOT / "views").rglob("*.py"))


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_view_asks_the_database_nothing(path: Path):
    assert not list(queries(path.read_text()))


@pytest.mark.parametrize(
    "planted",
    [
        "from models import Payment\nPayment.select()",
        "from models import Payment\nPayment.get_or_none(Payment.id == 1)",
        "from models import Payment\nPayment.create(reference='P')",
        "from models import Payment\nPayment.update(state='paid').execute()",
        "def f(payment):\n    payment.save()",
        "def f(payment):\n    payment.delete_instance()",
        "def f(payment):\n    return payment.refunds.where(True)",
        "def f(payment):\n    return payment.receipts.first()",
        "from models import write",
        "from models import hold",
        "import models",
        "from peewee import fn",
    ],
)
def test_a_query_in_a_view_is_seen(planted):
    assert list(queries(planted))


IGNORED = "# type" + ": ignore"
CHECKED = [ROOT / "app.py", ROOT / "city.py", ROOT / "settings.py", *FILES, *sorted((ROOT / "tables").rglob("*.py"))]


@pytest.mark.parametrize("path", CHECKED, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_mypy_is_told_to_ignore_has_its_reason_on_the_line(path: Path):
    for line in path.read_text().splitlines():
        if IGNORED in line:
            assert re.search(r"# type: ignore\[[a-z-]+\]  # \w", line), line
