"""What is held on someone: all of it, no secret, and of the others only their names; and closing her account."""

import json
from datetime import date
from pathlib import Path

import pytest

from city import load_city
from domain.access import credentials, refused_tries, sessions
from domain.billing import household_credits
from domain.billing.household_credits import Brought
from domain.billing.listener import Listener
from domain.common import audit, clock
from domain.common.money import Amounts
from domain.privacy import own_data
from domain.staff import counter
from domain.taxes import consents
from models import (
    Account,
    AuditEvent,
    ChangeRequest,
    EmergencyContact,
    KnownBrowser,
    Message,
    Payment,
    PaymentEvent,
    Person,
    Receipt,
    ReviewRequest,
    SavedCard,
    Session,
    write,
)
from tests.factories import (
    make_accompaniment,
    make_account,
    make_consent,
    make_contract,
    make_health_form,
    make_household,
    make_invoice,
    make_payment_under_way,
    make_person,
    make_registration,
    make_reservation,
    make_saved_card,
    make_staff,
    make_tax_receipt,
    make_visit,
    pay_elsewhere,
    pay_too_much,
    take_back,
)

PASSWORD = "chaloupe violette 27"


CITY, TODAY = load_city(Path("city.toml")), clock.today()
SEVEN = date(TODAY.year - 7, 1, 1)


def everything(account: Account) -> dict:
    return own_data.everything(account, CITY, TODAY)


def furnish(mark: str, home=None) -> Account:
    """Someone of whom every kind of thing is held, each bearing her mark."""
    home = home or make_household(f"D-{mark}")
    person = make_person(home, first_name=mark, phone=f"tel-{mark}", email=f"file-{mark}@example.com")
    address = {"email": f"{mark}@example.com", "email_key": f"{mark}@example.com", "email_confirmed_at": clock.now()}
    account = make_account(person, f"code-{mark}", password_hash=f"hash-{mark}", **address)
    EmergencyContact.create(person=person, household=home, name=f"urgence-{mark}", phone="819 843-1111")
    make_registration(person, code=f"I-{mark}")
    make_reservation(home, code=f"L-{mark}")
    Session.create(token_digest=f"jeton-{mark}", account=account, browser=f"Firefox-{mark}")
    card = {"number_key": f"empreinte-{mark}", "token": f"coffre-{mark}", "nonce": f"nonce-{mark}"}
    make_saved_card(account, reference=f"guichet-{mark}", **card)
    invoice = make_invoice(home, number=f"F-{mark}", person=person, description=f"cours-{mark}")
    payment = pay_elsewhere((invoice, invoice.balance_cents), reference=f"EXT-{mark}", payer=person)
    Receipt.create(number=f"R-{mark}", payment=payment, printed="{}")
    take_back(payment, 100, reason=f"rendu-{mark}")
    pay_too_much(invoice, 100, reference=f"EXT-2-{mark}")
    with write():
        amounts = Amounts(-100, 0, 0, -100)
        credit = Brought(f"NC-{mark}", home.id, clock.today(), amounts, [("4100", -100)], "[]")
        household_credits.bring(credit, Listener())
    make_contract(person, home, number=f"P-{mark}")
    make_consent(account, invoice, make_invoice(home, number=f"F2-{mark}", person=person))
    make_tax_receipt(person, number=f"G-{mark}")
    child = make_person(home, first_name=f"Petite-{mark}", birth_date=SEVEN)
    EmergencyContact.create(person=child, household=home, name=f"gardienne-{mark}", phone="819 843-2222")
    make_registration(child, code=f"IE-{mark}")
    make_health_form(child, home, allergies=f"noix-{mark}")
    make_accompaniment(child, home, words=f"aide-{mark}", decided_by=f"agente-3-{mark}")
    counter.open_file(make_visit(make_staff(f"commis-2-{mark}")), child.card_number)
    KnownBrowser.create(account=account, key_digest=f"empreinte-2-{mark}")
    refused_tries.note(refused_tries.Way.PASSWORD, account)
    consents.give(account)
    asked = {"kind": "correction", "person": person, "asked_by": person, "words": f"demande-{mark}"}
    ChangeRequest.create(**asked, decided_by=f"agente-{mark}")
    ReviewRequest.create(decision="card lost", person=person, phone="8198430000", words=f"revoir-{mark}")
    with write():
        audit.by_staff(make_staff(f"commis-{mark}"), "file opened", person, f"sujet-{mark}")
    return account


SECRETS = ("hash-", "jeton-", "empreinte-", "coffre-", "nonce-", "agente-", "commis-")


@pytest.fixture
def account(db) -> Account:
    return furnish("moi")


def test_every_section_holds_something_of_hers(account):
    held = everything(account)
    assert [name for name, items in held.items() if not items] == []
    text = json.dumps(held, ensure_ascii=False)
    kept = (
        "code-moi", "moi@example.com", "tel-moi", "urgence-moi", "I-moi", "L-moi", "Firefox-moi", "F-moi", "cours-moi",
        "EXT-moi", "guichet-moi", "R-moi", "rendu-moi", "G-moi", "NC-moi", "demande-moi", "sujet-moi",
        "Petite-moi", "gardienne-moi", "IE-moi", "noix-moi", "aide-moi", "Mamie Ginette",
    )  # fmt: skip
    assert [words for words in kept if words not in text] == []


def test_no_secret_of_the_house_is_in_it(account):
    text = json.dumps(everything(account))
    assert [secret for secret in SECRETS if secret in text] == []


def test_nothing_of_a_stranger_is_in_it(account):
    before = everything(account)
    furnish("autrui")
    assert everything(account) == before


def test_of_another_adult_at_home_only_the_name_and_what_the_household_shares(account):
    home = account.person.memberships.get().household
    furnish("Odile", home)
    held = everything(account)
    assert {member["name"] for member in held["household_members"]} == {
        "moi Trần",
        "Odile Trần",
        "Petite-moi Trần",
        "Petite-Odile Trần",
    }
    assert {invoice["number"] for invoice in held["invoices"]} == {"F-moi", "F2-moi", "F-Odile", "F2-Odile"}
    shared = {
        "household",
        "household_members",
        "contracts",
        "invoices",
        "invoice_lines",
        "reservations",
        "overpayments",
        "credits",
    }
    shared |= {name for name in held if name.startswith("children")}
    rest = json.dumps({name: items for name, items in held.items() if name not in shared}, ensure_ascii=False)
    assert "Odile" not in rest
    assert "tel-Odile" not in json.dumps(held)


def test_a_payment_by_her_account_is_hers_though_nobody_is_named_as_payer(account):
    invoice = make_invoice(make_household())
    made = make_payment_under_way(invoice, account=account, state=Payment.REFUSED)
    assert made.reference in [payment["reference"] for payment in everything(account)["payments"]]


def test_dates_are_iso_8601_and_names_stand_for_keys(account):
    held = everything(account)
    assert held["person"][0]["birth_date"] == "1984-02-29"
    assert held["registrations"][0]["activity"] == "Yoga du matin"
    assert held["invoice_lines"][0]["invoice"] == "F-moi"
    assert held["receipts"][0]["payment"] == held["credit_notes"][0]["payment"] == "EXT-moi"
    assert json.loads(json.dumps(held)) == held


def test_no_row_has_a_field_that_its_section_does_not_name(account):
    for name, section in own_data.sections(account, CITY, TODAY).items():
        assert {field for row in section.rows for field in row} <= set(section.fields), name


def test_taking_it_along_is_noted_in_her_file(account):
    own_data.note_download(account)
    event = audit.of(account.person)[0]
    assert (event.actor_kind, event.actor, event.action) == ("resident", str(account.id), "data downloaded")


@pytest.fixture
def closing(app, city):
    """Return what closes an account, and her who has one, with her address, a saved card and two browsers."""
    home = make_household()
    person = make_person(home, email="file@example.com")
    address = {"email": "g@example.com", "email_key": "g@example.com", "email_confirmed_at": clock.now()}
    account = make_account(person, password_hash=credentials.hash_password(PASSWORD), **address)
    make_person(home, first_name="Marc", email="marc@example.com")
    make_person(home, first_name="Léa", email="lea@example.com", birth_date=date(clock.today().year - 7, 1, 1))
    make_saved_card(account)
    for _ in range(2):
        sessions.start(account)

    def close(password: str = PASSWORD) -> None:
        own_data.close_account(account, password, app.extensions["portal"].letters, city)

    close.account = account
    return close


def test_an_account_closed_leaves_the_books_and_takes_the_way_in(closing):
    account = closing.account
    home = account.person.memberships.get().household
    payment = pay_elsewhere((make_invoice(home), 10_000), account=account, payer=account.person)
    PaymentEvent.create(payment=payment, name="imported", to_state="paid", cause="import")
    closing()
    assert not Account.select().exists()
    assert not Session.select().exists()
    kept = Payment.get()
    assert (kept.account_id, kept.payer_id, kept.amount_cents) == (None, account.person_id, 10_000)
    assert PaymentEvent.select().exists()
    assert Person.select().count() == 3


def test_the_vault_is_asked_to_forget_her_cards_and_nobody_elses(closing):
    other = make_saved_card(make_account())
    closing()
    assert {card.state for card in SavedCard.select().where(SavedCard.id != other.id)} == {SavedCard.REMOVING}
    assert SavedCard.get_by_id(other.id).state == SavedCard.KEPT


def test_her_addresses_and_the_other_adults_hear_of_it(closing):
    closing()
    assert sorted(message.recipient for message in Message.select()) == [
        "file@example.com",
        "g@example.com",
        "marc@example.com",
    ]
    event = AuditEvent.get()
    assert (event.action, event.person_id) == ("account closed", closing.account.person_id)


def refused(closing, error: type[Exception], password: str = PASSWORD) -> None:
    with pytest.raises(error):
        closing(password)
    assert Account.get_by_id(closing.account.id)
    assert Session.select().count() == 2
    assert SavedCard.get().state == SavedCard.KEPT
    assert not Message.select().exists()
    assert not AuditEvent.select().exists()


@pytest.mark.parametrize("password", ["", "autre chose 12", f"{PASSWORD} "])
def test_without_the_present_password_nothing_changes(closing, password):
    refused(closing, credentials.WrongCredentials, password)


@pytest.mark.parametrize("state", Payment.OPEN_STATES)
def test_not_while_one_of_her_payments_is_under_way(closing, state):
    payment = make_payment_under_way(make_invoice(make_household()), account=closing.account, state=state)
    refused(closing, own_data.PaymentUnderWay)
    Payment.update(state=Payment.REFUSED).where(Payment.id == payment.id).execute()
    make_payment_under_way(make_invoice(make_household()), account=make_account())
    closing()
