"""The numbered steps lead to the very schema that tables/ describes, and carry over what earlier ones held."""

import json
import shutil
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import pairwise
from pathlib import Path

import pytest
from peewee import Database, DateField, DateTimeField, TimeField
from peewee import Table as PlainTable

import models
from commands import schema
from domain.billing import ledger
from domain.common import numbering
from domain.operations import doctor
from tests import earlier
from tests.databases import ON_POSTGRES, Databases
from tests.field import Rows, rows

ON_SQLITE = ("SELECT tbl_name, type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",)
ON_A_SERVER = (
    # A column's rank: one that is dropped leaves its number to nobody.
    "SELECT table_name, rank() OVER (PARTITION BY table_name ORDER BY ordinal_position), column_name, data_type,"
    " character_maximum_length, is_nullable, column_default FROM information_schema.columns"
    " WHERE table_schema = 'public'",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
)

NOON = datetime(2026, 11, 23, 17)


def described(database: Database) -> set[tuple]:
    queries = ON_A_SERVER if ON_POSTGRES else ON_SQLITE
    rows = {tuple(row) for query in queries for row in database.execute_sql(query)}
    return {row for row in rows if row[0] != "schema_migration"}


def test_the_steps_and_the_models_agree(databases: Databases, tmp_path: Path):
    stepped = models.open_database(databases.empty(tmp_path, "stepped"))
    schema.upgrade()
    by_steps = described(stepped)
    stepped.close_all()
    direct = models.open_database(databases.empty(tmp_path, "direct"))
    direct.create_tables(models.TABLES)
    models.ensure_guards()
    by_models = described(direct)
    direct.close_all()
    databases.forget(tmp_path)
    assert by_steps - by_models == set()
    assert by_models - by_steps == set()


def test_no_step_looks_at_the_models():
    for step in schema.STEPS.glob("[0-9]*.py"):
        assert "models" not in step.read_text().split('"""', 2)[2]


def test_a_step_that_dies_half_way_leaves_the_schema_before_it(databases: Databases, tmp_path: Path):
    shutil.copytree(schema.STEPS, tmp_path / "steps", ignore=shutil.ignore_patterns("__pycache__"))
    database = models.open_database(databases.empty(tmp_path, "half"))
    schema.upgrade(tmp_path / "steps")
    before = described(database)
    step = tmp_path / "steps" / "9999_dies.py"
    create = "    db.execute_sql('CREATE TABLE half (x INTEGER)')\n"
    step.write_text(
        f"def up(migrator, db):\n{create}    db.execute_sql('DROP TABLE alert')\n"
        "    raise RuntimeError('the power went')\n"
    )
    with pytest.raises(RuntimeError):
        schema.upgrade(tmp_path / "steps")
    assert described(database) == before
    step.write_text(f"def up(migrator, db):\n{create}")
    assert schema.upgrade(tmp_path / "steps") == ["9999_dies"]
    database.close_all()
    databases.forget(tmp_path)


def steps_until(last: str, folder: Path) -> Path:
    """Return a folder with the steps up to one."""
    folder.mkdir()
    for step in schema.STEPS.glob("[0-9]*.py"):
        if step.stem <= last:
            shutil.copy(step, folder)
    return folder


def insert(database: Database, table: str, row: dict) -> None:
    """Put a row in a table as it was then."""
    PlainTable(table, list(row)).bind(database).insert(row).execute()


def test_staff_keep_what_their_place_on_the_ladder_opened(databases: Databases, tmp_path: Path):
    database = models.open_database(databases.empty(tmp_path, "ladder"))
    schema.upgrade(steps_until("0012_one_life", tmp_path / "steps"))
    blank = {"totp_secret": "s", "totp_last_step": 5, "created_at": NOON}
    for number, role in ((3, "agent"), (7, "finance"), (9, "admin")):
        row = {"id": number, "username": f"U{number}", "username_key": f"u{number}", "role": role}
        insert(database, "staff_account", {**blank, **row, "password_hash": f"hash{number}"})
        row = {"token_digest": f"t{number}", "staff_id": number, "created_at": NOON, "seen_at": NOON}
        insert(database, "staff_session", row)
    if ON_POSTGRES:
        database.execute_sql("SELECT setval('staff_account_id_seq', 9)")
    schema.upgrade()
    account = models.StaffAccount.get_by_id(7)
    assert (account.username, account.password_hash, account.totp_last_step) == ("U7", "hash7", 5)
    assert {one.id: one.roles for one in models.StaffAccount.select()} == {
        3: ("counter",),
        7: ("counter", "finance"),
        9: ("counter", "finance", "programming", "admin"),
    }
    assert [one.token_digest for one in account.sessions] == ["t7"]
    new = models.StaffAccount.create(username="neuve", username_key="neuve", password_hash="x")
    assert new.id == 10
    models.StaffRole.create(staff=new, role="counter")
    models.StaffAccount.delete().where(models.StaffAccount.id == 7).execute()
    assert models.StaffSession.select().count() == 2, "they still go with their account"
    database.close_all()
    databases.forget(tmp_path)


def test_households_made_by_a_separation_get_codes_of_ours_and_no_other_does(database: Database):
    earlier.apply("0015_import_runs")
    codes = {1: "H1", 2: "H1/1", 3: "H1/1/1", 4: "A/7", 5: "H2"}
    for number, code in codes.items():
        insert(database, "household", {"id": number, "code": code})
    person = {"card_number": "QMAGB1", "last_name": "T", "first_name": "Z", "birth_date": NOON.date(), "resident": True}
    person |= dict.fromkeys(("address", "city", "postal_code", "phone", "email"), "")
    insert(database, "person", {"id": 1, **person, "expires_on": NOON.date(), "status": "active"})
    for household, apart in ((1, 2), (2, 3), (5, 4)):
        row = {"person_id": 1, "household_id": household, "apart_id": apart, "stays": False, "at": NOON}
        insert(database, "separation", row)
    schema.upgrade()
    assert dict(models.Household.select(models.Household.id, models.Household.code).tuples()) == {
        1: "H1", 2: "P-000001", 3: "P-000002", 4: "A/7", 5: "H2"
    }  # fmt: skip
    assert numbering.own_code("household") == "P-000003"


def test_contacts_and_words_go_to_who_wrote_them_when_the_trail_tells(database: Database):
    earlier.apply("0022_previous_emails")
    for number, code in {1: "H1", 2: "H2"}.items():
        insert(database, "household", {"id": number, "code": code})
    person = {"last_name": "T", "first_name": "Z", "birth_date": NOON.date(), "resident": True, "status": "active"}
    person |= dict.fromkeys(("address", "city", "postal_code", "phone", "email"), "") | {"expires_on": NOON.date()}
    for number in (1, 2, 3, 4):  # a parent in each home, and two children of both
        insert(database, "person", {"id": number, "card_number": f"QMAGB{number}", **person})
    for home, member in ((1, 1), (2, 2), (1, 3), (2, 3), (1, 4), (2, 4)):
        insert(database, "membership", {"household_id": home, "person_id": member})
    for number, member in ((1, 3), (2, 4)):
        insert(database, "emergency_contact", {"id": number, "person_id": member, "name": f"C{number}", "phone": "",
                                               "relation": ""})  # fmt: skip
    asked = {"words": "a", "created_at": NOON, "decided_by": "", "decision": "", "answer": ""}
    insert(database, "change_request", {"id": 7, "kind": "correction", "person_id": 3, **asked})
    insert(database, "change_request", {"id": 8, "kind": "correction", "person_id": 3, **asked})
    insert(database, "change_request", {"id": 9, "kind": "member", "person_id": 1, **asked})
    event = {"at": NOON, "actor_kind": "resident", "actor": "5", "person_id": 2}
    insert(database, "audit_event", {**event, "action": "emergency contact", "subject": "3"})
    insert(database, "audit_event", {**event, "action": "correction asked", "subject": "7"})
    twice = {"activity_id": 1, "person_id": 3, "registered_on": NOON.date()}
    database.execute_sql(
        "INSERT INTO place (code, name, kind, address, city, phone, accessible, hours)"
        " VALUES ('a', 'A', 'ice', '', '', '', true, '')"
    )
    days = {"starts_on": NOON.date(), "ends_on": NOON.date(), "starts_at": time(9), "ends_at": time(10)}
    words = dict.fromkeys(("title", "season", "weekdays", "tax_code", "category", "provider", "bring"), "")
    insert(database, "activity", {"id": 1, "code": "a", "place_id": 1, "cancelled_on": "", **days, **words})
    for number, status in enumerate(("cancelled", "confirmed", "waiting", "confirmed"), start=1):
        insert(database, "registration", {"id": number, "code": f"I{number}", "status": status, **twice})
    schema.upgrade()
    statuses = models.Registration.select(models.Registration.code, models.Registration.status).tuples()
    assert dict(statuses) == {"I1": "cancelled", "I2": "confirmed", "I3": "cancelled", "I4": "cancelled"}
    contacts = models.EmergencyContact
    rows = contacts.select(contacts.name, contacts.household).order_by(contacts.id).tuples()
    assert list(rows) == [("C1", 2), ("C2", 1), ("C2", 2)]
    asked_by = models.ChangeRequest.select(models.ChangeRequest.id, models.ChangeRequest.asked_by).tuples()
    assert dict(asked_by) == {7: 2, 8: None, 9: 1}


# What a step means to do to rows: everything else is to come through as it was.


def forget_sessions(found: dict[str, Rows]) -> None:
    found["session"] = []


def one_life(found: dict[str, Rows]) -> None:
    for old, new in (("stray_charge", "unmatched_charge"), ("kept_form", "unsent_form")):
        found[new] = found.pop(old, [])
    for table in found.values():
        for row in table:
            for old in {"next_look_at", "next_try_at"} & set(row):
                row["due_at"] = row.pop(old)
    for charge in found["unmatched_charge"]:
        charge["state"] = "returned" if charge["returned_at"] else "owed"
    for row in found["payment"] + found["refund"]:
        if row["state"] == "created":
            row["due_at"] = row["created_at"]
    for alert in found["alert"]:
        alert["kind"] = "unmatched charge" if alert["kind"] == "stray charge" else alert["kind"]
    kept = ("receipt", "credit note", "series", "recover since", "tax receipts up to", "tax seen allocation")
    found["counter"] = [row for row in found["counter"] if row["name"] in kept]
    found["job"] = rows(
        "name every_seconds last_run_at done_until",
        ("reminders", "3600", "2026-03-07 08:59:00", None),
        ("retention", "86400", "2026-03-07 09:00:00", None),
        ("backup", "86400", "2026-01-19 05:20:00", None),
        ("daily match", "0", None, "2026-03-08"),
        ("daily tax receipts", "0", None, "2026-03-09"),
    )


def ladder(found: dict[str, Rows]) -> None:
    for account in found.get("staff_account", []):
        account.pop("role")


def nothing_to_ask(found: dict[str, Rows]) -> None:
    for row in found["payment"]:
        if row["state"] == "paid" and row["gateway_id"] is None:
            row["due_at"] = None


def keep_apart(found: dict[str, Rows]) -> None:
    """Share out contacts among the homes of each; nobody knows who wrote these, nor whose words requests are."""
    homes: dict[str, list[str]] = {}
    for row in found["membership"]:
        homes.setdefault(row["person_id"], []).append(row["household_id"])
    kept, found["emergency_contact"] = found.get("emergency_contact", []), []
    for row in kept:
        values = {name: value for name, value in row.items() if name != "id"}
        for home in homes.get(row["person_id"], []):
            found["emergency_contact"].append(values | {"household_id": home})
    for row in found.get("change_request", []):
        row["asked_by_id"] = row["person_id"] if row["kind"] == "member" else None


def count_anew(found: dict[str, Rows]) -> None:
    for table in {"attempt", "wrong_date"} & set(found):
        found[table] = []


MEANT = {
    "0026_retention": count_anew,
    "0023_apart": keep_apart,
    "0004_session_browsers": forget_sessions,
    "0012_one_life": one_life,
    "0013_staff_roles": ladder,
    "0016_indexes": nothing_to_ask,
}


@pytest.fixture(scope="module")
def newest(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> set[tuple]:
    """How a new database looks."""
    folder = tmp_path_factory.mktemp("newest")
    opened = models.open_database(databases.copy(folder, "newest"))
    looks = described(opened)
    opened.close_all()
    databases.forget(folder)
    return looks


@pytest.fixture
def database(databases: Databases, tmp_path: Path) -> Iterator[Database]:
    """A database without a table, in use."""
    opened = models.open_database(databases.empty(tmp_path, "earlier"))
    opened.connect()
    yield opened
    opened.close()
    opened.close_all()
    databases.forget(tmp_path)


@pytest.mark.parametrize("step", earlier.STEP_NAMES)
def test_a_filled_database_of_an_earlier_step_comes_through_whole(step: str, newest: set, database: Database):
    earlier.apply(step)
    earlier.fill(database)
    expected = earlier.contents(database)
    later = earlier.STEP_NAMES[earlier.STEP_NAMES.index(step) + 1 :]
    for name in later:
        MEANT.get(name, lambda found: None)(expected)
    upgrade(database)
    found = earlier.contents(database)
    assert {table: in_order(found[table], due) for table, due in expected.items()} == {
        table: in_order(due, due) for table, due in expected.items()
    }
    assert described(database) == newest  # and the guards are there again
    if not ON_POSTGRES:
        assert list(database.execute_sql("PRAGMA foreign_key_check")) == []
    assert [problem for table in models.TABLES for problem in unreadable(table)] == []
    assert ledger.imbalance_cents() == 0
    assert doctor.disagreeing() == []


def upgrade(database: Database, steps: Path = schema.STEPS) -> list[str]:
    """Do what the command does: it looks for broken links between tables itself."""
    database.close()
    try:
        return schema.upgrade(steps)
    finally:
        database.connect()


def in_order(found: Rows, expected: Rows) -> list[str]:
    """Return rows as lines in order, with the columns that are expected."""
    names = sorted(expected[0]) if expected else []
    return sorted(str([row[name] for name in names]) for row in found)


def unreadable(table: type[models.Table]) -> Iterator[str]:
    """Say which values of a table are not what today's models promise."""
    kinds = {DateTimeField: date, DateField: date, TimeField: time}
    for row in table.select():
        for field in table._meta.sorted_fields:
            value = getattr(row, field.object_id_name if hasattr(field, "rel_model") else field.name)
            if not (field.null if value is None else isinstance(value, kinds.get(type(field), object))):
                yield f"{table.__name__}.{field.name} {value!r}"


@pytest.mark.parametrize(("before", "step"), list(pairwise(earlier.STEP_NAMES)))
def test_a_step_killed_at_its_end_leaves_all_as_it_was(before: str, step: str, database: Database, tmp_path: Path):
    earlier.apply(before)
    earlier.fill(database)
    as_it_was = described(database), earlier.contents(database)
    dies = "\n\n_up = up\n\n\ndef up(migrator, db):\n    _up(migrator, db)\n    raise RuntimeError('the power went')\n"
    with pytest.raises(RuntimeError):
        upgrade(database, earlier.folder_of(tmp_path, step, then=dies))
    assert (described(database), earlier.contents(database)) == as_it_was
    assert upgrade(database)[0] == step


def test_old_receipts_say_who_paid_and_no_address_and_refunds_name_their_lines(database: Database):
    earlier.apply("0013_staff_roles")
    earlier.fill(database)
    upgrade(database)
    for receipt in models.Receipt.select():
        printed, payment = json.loads(receipt.printed), receipt.payment
        assert (printed["payer"], printed["payer_address"]) == (payment.payer.name if payment.payer else "", [])
        assert printed["total_cents"] == payment.amount_cents
        assert {invoice["number"] for invoice in printed["invoices"]} == {
            link.invoice.number for link in payment.invoice_links
        }
        assert all(invoice["lines"] for invoice in printed["invoices"])
    assert {refund.method for refund in models.Refund.select()} == {"card"}
    named = [sum(one.amount_cents for one in refund.lines) for refund in models.Refund.select().order_by(1)]
    assert named == [3_000, 1_000, 500, 500, 0, 0], "of the last two, one was refused and one has no credit note"
