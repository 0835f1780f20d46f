"""The house keeps its shape: who may import whom, and one name for one thing."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = (
    "domain",
    "adapters",
    "views",
    "commands",
    "demo",
    "models",
    "tables",
    "settings",
    "settings_reader",
    "city",
    "city_registration",
    "city_retention",
    "city_words",
    "app",
)
# Each room, and the rooms it may import.
MAY_IMPORT = {
    "tables": {"tables"},
    "models": {"tables"},  # the one face over them
    "city": {"city_registration", "city_retention", "city_words"},
    "city_registration": set(),
    "city_retention": set(),
    "city_words": set(),
    "settings": {"city", "settings_reader"},
    "settings_reader": {"city"},
    "domain": {"domain", "models", "city", "city_registration", "city_retention", "settings"},
    "adapters": {"adapters", "domain", "city", "settings"},
    "views": {
        "views",
        "domain",
        "models",
        "city",
        "city_retention",
        "settings",
    },  # models: names and constants, no query
    "commands": {"commands", "domain", "models", "city", "settings", "adapters", "views"},  # of views the words only
    "app": {"views", "commands", "domain", "adapters", "models", "settings"},
    "demo": {"demo"},
}
# The packages of domain, the lowest first: each imports only what stands before it, and itself.
PACKAGES = (
    "common",
    "people",
    "billing",
    "access",
    "payments",
    "cart",
    "activities",
    "care",
    "rentals",
    "exports",
    "imports",
    "taxes",
    "staff",
    "privacy",
    "operations",
)
OUTSIDE = {  # third parties only one room may know
    "braintree": {"adapters/braintree/gateway.py", "adapters/braintree/failures.py"},
    "fpdf": {"adapters/documents/"},
    "flask": {"app.py", "views", "commands", "demo"},
}
NO_PAGE = {
    "access.receipts_attached",
    "family.put_first",
    "family.remove_contact",
    "care.confirm",
    "access.cancel_email",
    "calendar_link.days",
    "calendar_link.stop",
    "cart.confirmation",
    "cart.household",
    "cart.order",
    "cart.prolong",
    "cart.remove",
    "cart.take",
    "cart.take_again",
    "registering.calendar",
    "registering.open_data",
    "staff.attention.send_again",
    "access.close_others",
    "access.reminders",
    "staff.attention.settle_alert",
    "staff.attention.hand_back",
    "staff.changes.decide",
    "staff.entry.sign_out",
    "webhooks.braintree",
    "account.sign_out",
    "account.link",
    "account.stay",
    "privacy.download",
    "staff.entry.stay",
    "payment.receipt",
    "activities.calendar",
    "activities.contract",
    "activities.cancellation_form",
    "billing.account_statement_pdf",
    "billing.invoice_pdf",
    "guest.receipt",
    "health.status",
    "home.manifest",
    "rentals.calendar",
    "taxes.consent",
    "taxes.receipt",
    "vault.make_default",
}
NOT_OURS = {"simulator"}


def python_files() -> list[Path]:
    return [path for path in ROOT.rglob("*.py") if path.relative_to(ROOT).parts[0].removesuffix(".py") in ROOMS]


def imports(path: Path) -> set[str]:
    """Return what a file imports, each name with the module it comes from."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def domain_modules() -> dict[str, Path]:
    """Return the modules of domain by their dotted names."""
    files = [path for path in (ROOT / "domain").rglob("*.py") if path.name != "__init__.py"]
    return {path.relative_to(ROOT).with_suffix("").as_posix().replace("/", "."): path for path in files}


def domain_imports(path: Path) -> set[str]:
    """Return the modules of domain that a file imports."""
    wanted = imports(path)
    return {name for name in domain_modules() if any(f"{one}.".startswith(f"{name}.") for one in wanted)}


@pytest.mark.parametrize("path", python_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_each_room_imports_only_what_it_may(path: Path):
    room = path.relative_to(ROOT).parts[0].removesuffix(".py")
    wanted = {name.split(".")[0] for name in imports(path)} & set(ROOMS)
    assert wanted <= MAY_IMPORT[room]


@pytest.mark.parametrize("room", ["commands", "views/messages"])
def test_words_are_all_that_commands_and_words_themselves_know_of_views(room: str):
    for path in (ROOT / room).rglob("*.py"):
        of_views = {name for name in imports(path) if name.split(".")[0] == "views"}
        assert all(name.startswith("views.messages") for name in of_views), path


@pytest.mark.parametrize("path", python_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_neighbour_is_known_to_one_room(path: Path):
    place = path.relative_to(ROOT).as_posix()
    for name in {name.split(".")[0] for name in imports(path)} & set(OUTSIDE):
        assert any(place.startswith(allowed) for allowed in OUTSIDE[name]), f"{place} imports {name}"


@pytest.mark.parametrize("name", domain_modules())
def test_a_package_knows_nothing_of_those_above_it(name: str):
    package = name.split(".")[1]
    above = set(PACKAGES[PACKAGES.index(package) + 1 :])
    assert not {other for other in domain_imports(domain_modules()[name]) if other.split(".")[1] in above}


def test_no_module_of_domain_leads_back_to_itself():
    left = {name: domain_imports(path) for name, path in domain_modules().items()}
    while at_the_end := [name for name, wanted in left.items() if not wanted & left.keys()]:
        for name in at_the_end:
            del left[name]
    assert not left, "a circle"


@pytest.mark.parametrize("name", domain_modules())
def test_a_rule_has_the_test_file_of_its_name(name: str):
    package, module = name.split(".")[1:]
    assert (ROOT / "tests" / "domain" / package / f"test_{module}.py").exists()


def test_view_template_and_test_bear_one_name(app):
    for rule in app.url_map.iter_rules():
        area, _, name = rule.endpoint.rpartition(".")
        if area in NOT_OURS:
            continue
        folder = area.replace(".", "/")
        view = app.view_functions[rule.endpoint]
        assert view.__name__ == name
        assert view.__module__ == f"views.{area}"
        if rule.endpoint not in NO_PAGE:
            assert (ROOT / "templates" / folder / f"{name}.html").exists(), rule.endpoint
        assert (ROOT / "tests" / folder / f"test_{name}.py").exists(), rule.endpoint


def test_files_stay_readable():
    long = [p for p in python_files() if len(p.read_text().splitlines()) > 300]
    assert not long
    assert not [p for p in (ROOT / "templates").rglob("*.html") if len(p.read_text().splitlines()) > 60]
