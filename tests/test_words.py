"""A key that someone ends up reading is declared once, has French words, and no sentence stands in domain/."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters import machine
from adapters.spreadsheets import LONGEST_TITLE
from city import load_city
from commands import check, exports, findings
from domain.access.credentials import Weakness
from domain.access.refused_tries import Way
from domain.activities.pricing import Why
from domain.billing import account_statement, overpayments
from domain.common import clock
from domain.common.alerts import Kind
from domain.common.audit import Act
from domain.imports.outcome import Reason
from domain.operations import city_names, gateway_check
from domain.operations.doctor import Wrong
from domain.payments import card_consents, gateway, lifecycle, reconciliation, refunds, saved_cards, unmatched_charges
from domain.payments.findings import Finding
from domain.people.asked_fields import FIELDS, Standing
from domain.privacy import own_data
from domain.taxes import rl24, tax_ages, tax_content
from models import (
    Accompaniment,
    Activity,
    AuditEvent,
    ChangeRequest,
    HealthForm,
    Invoice,
    InvoiceLine,
    Person,
    Refund,
    Registration,
    Reservation,
    ReviewRequest,
    StaffRole,
    TaxReceipt,
    UnmatchedCharge,
)
from tests.factories import make_account
from views.messages import (
    access,
    billing,
    dossier,
    facts,
    family,
    held_words,
    imports,
    instalments,
    paying,
    privacy,
    registering,
    reviews,
    staff,
)

ROOT = Path(__file__).parent.parent
CODED = {  # the keys that a value of a download may be, where no other list has them
    "person.status": (Person.ACTIVE, Person.LOST, Person.DECEASED),
    "person.school": Activity.SCHOOL_LEVELS,
    "person.price_class": ("resident", "non_resident", "organisation", "other_organisation"),
    "registrations.status": (Registration.CONFIRMED, Registration.WAITING, Registration.CANCELLED),
    "reservations.status": (Reservation.CONFIRMED, Reservation.REQUESTED, Reservation.CANCELLED),
    "invoices.status": (Invoice.OPEN, Invoice.CANCELLED),
    "invoice_lines.tax_code": (InvoiceLine.TAXABLE, InvoiceLine.EXEMPT),
    "invoice_lines.category": InvoiceLine.CATEGORIES,
    "overpayments.state": overpayments.TRANSITIONS,
    "saved_cards.state": saved_cards.TRANSITIONS,
    "children_health_forms.swimming": HealthForm.SWIMMING,
    "children_accompaniments.decision": Accompaniment.DECISIONS,
    "requests.kind": (ChangeRequest.CORRECTION, ChangeRequest.MEMBER, ChangeRequest.FIELDS),
    "requests.decision": (ChangeRequest.ACCEPTED, ChangeRequest.REFUSED, ChangeRequest.REPLACED),
    "reviews.outcome": (ReviewRequest.KEPT, ReviewRequest.CHANGED),
    "file_events.by": (AuditEvent.RESIDENT, AuditEvent.STAFF, AuditEvent.SYSTEM),
}
WORDS = {  # what is declared, and the words there are
    "alerts": (Kind, facts.HEADINGS),
    "what alerts say": (Kind, facts.ALERTS),
    "acts": (Act, staff.ACTS),
    "how a field that is asked stands": (Standing, family.STANDINGS),
    "fields that are asked": (FIELDS, family.FIELDS),
    "roles": (StaffRole.ROLES, staff.ROLES),
    "findings": (Finding, findings.FINDINGS),
    "states of payments": (lifecycle.TRANSITIONS, facts.PAYMENT_STATES),
    "states of refunds": (refunds.TRANSITIONS, findings.REFUND_STATES),
    "states of unmatched charges": (unmatched_charges.TRANSITIONS, findings.UNMATCHED_STATES),
    "standings at the gateway": (gateway.STANDINGS, facts.STANDINGS),
    "why a charge pays nothing": (UnmatchedCharge.REASONS, facts.UNMATCHED),
    "why a refund is refused": (Refund.REFUSALS, facts.REFUND_REFUSALS),
    "differences": (reconciliation.Mismatch, facts.MISMATCHES),
    "why a payment is refused": ([*gateway.Refusal, *lifecycle.Unsent], paying.REFUSALS),
    "why a card is not kept": ([*gateway.OF_THE_CARD, *saved_cards.Unkept], paying.NOT_KEPT),
    "what a way in refuses": (Way, access.REFUSED),
    "why a password is refused": (Weakness, access.WEAK),
    "import problems": (Reason, imports.REASONS),
    "movements": (account_statement.KINDS, billing.MOVEMENTS),
    "tax receipts": (TaxReceipt.KINDS, dossier.TAX_KINDS),
    "what a tax receipt lacks": (tax_content.GAPS, dossier.TAX_GAPS),
    "why there is no tax receipt": (tax_ages.Unfit, dossier.NO_TAX_RECEIPT),
    "what is wrong": (Wrong, check.WRONG),
    "what is wrong in the city's file": (city_names.Wrong, check.WRONG_IN_THE_CITYS_FILE),
    "what is wrong at the gateway": (gateway_check.Wrong, check.WRONG_AT_THE_GATEWAY),
    "what is wrong on the machine": (machine.Wrong, check.WRONG_ON_THE_MACHINE),
    "caveats of the worksheet": (rl24.Caveat, exports.CAVEATS),
    "why a price is what it is": (Why, registering.WHY),
    "what is kept": (privacy.Kind, privacy.SERIES),
    "why it is kept": (privacy.Kind, privacy.HELD),
    "how it ends": (privacy.Kind, privacy.ENDS),
    "what a machine refuses": (reviews.Decision, reviews.REFUSED),
    "what it used": (reviews.Decision, reviews.USED),
    "what one agrees to have charged": ([card_consents.WORDS], instalments.CONSENTS),
    **{f"in a download: {name}": (declared, held_words.CODES[name]) for name, declared in CODED.items()},
}
# How Quebec writes dates and hours; what a receipt printed is kept as it was printed.
EXCUSED = {"common/formats.py", "billing/receipts.py"}
FRENCH = re.compile(
    r"[à-ÿÀ-ÖØ-Ýœ«»’]|(?i:\b(?:le|la|les|du|des|une|et|est|sont|pas|dans|par|pour|avec|cette?|autres?)\b)(?=.* )"
)
KEY_STANDS_AT = {
    "raise_alert": 0,
    "list_once": 0,
    "settle": 0,
    "by_system": 0,
    "by_staff": 1,
    "look": 1,
    "by_resident": 1,
}


@pytest.mark.parametrize("family", WORDS)
def test_each_declared_key_has_words_and_no_words_are_without_a_key(family: str):
    declared, words = WORDS[family]
    assert set(words) == set(declared)


def test_each_field_of_the_download_has_a_heading_and_no_heading_is_without_a_field(db):
    held = own_data.sections(make_account(), load_city(ROOT / "city.toml"), clock.today())
    fields = {(name, field) for name, section in held.items() for field in section.fields}
    fields -= {tuple(left.split(".")) for left in held_words.LEFT_TO_MACHINES}
    assert set(held_words.SECTIONS) == set(held)
    asked = {f"{name}.{field}" if f"{name}.{field}" in held_words.FIELDS else field for name, field in fields}
    assert asked == set(held_words.FIELDS)


def test_a_sheet_is_called_by_its_own_title():
    titles = [str(title) for title in held_words.SECTIONS.values()]
    assert [title for title in titles if len(title) > LONGEST_TITLE or set(title) & set("[]:*?/\\")] == []
    assert len({title.casefold() for title in titles}) == len(titles)


@pytest.mark.parametrize("family", WORDS)
def test_no_words_are_the_key_itself(family: str):
    assert not [key for key, words in WORDS[family][1].items() if str(words) == key]


def literals(tree: ast.Module) -> Iterator[str]:
    """Yield the texts of a module but its docstrings."""
    said = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def domain_files() -> list[str]:
    return [path.relative_to(ROOT / "domain").as_posix() for path in (ROOT / "domain").rglob("*.py")]


@pytest.mark.parametrize("place", sorted(set(domain_files()) - EXCUSED))
def test_no_french_sentence_stands_in_domain(place: str):
    tree = ast.parse((ROOT / "domain" / place).read_text(encoding="utf-8"))
    assert not [text for text in literals(tree) if FRENCH.search(text)]


@pytest.mark.parametrize("text", ["l’année n’est pas finie", "le lieu {} est inconnu", "la carte ", " se termine par "])
def test_a_french_sentence_is_known_by_its_look(text: str):
    assert FRENCH.search(f"{text} x")


@pytest.mark.parametrize("place", domain_files())
def test_whoever_raises_or_notes_names_a_declared_key(place: str):
    tree = ast.parse((ROOT / "domain" / place).read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    keys = [(getattr(call.func, "attr", ""), call.args) for call in calls]
    told = [args[KEY_STANDS_AT[name]] for name, args in keys if name in KEY_STANDS_AT]
    assert not [ast.unparse(key) for key in told if isinstance(key, ast.Constant | ast.JoinedStr)]
