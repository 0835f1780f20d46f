"""People set apart: walked over every address of the dossier, so that a new page is held too."""

import io
import json
from datetime import date

import pypdf
import pytest

from domain.access import verification
from domain.common import rate_limits
from domain.taxes import consents
from models import Account, Invoice, PartnerContract, Payment, Person, Receipt
from settings import LIMITS
from tests.attacks.conftest import Ids, rules
from tests.factories import make_contract, make_invoice, make_person, make_tax_receipt
from tests.walker import Citizen

HERS = {
    "address": "77, chemin du Refuge",
    "phone": "819 555-0177",
    "email": "refuge@example.com",
    "postal_code": "J9Z 7R7",
}
PRINTED = {"payer": "G", "address": [HERS["address"]], "received_on": "2026-01-02", "reference": "P1", "issuer": ["V"]}
PRINTED |= {"place": "Magog", "signatory": "S", "rules": 2026}
DIGITS = "1881"  # of the simulator's second Visa


@pytest.fixture
def couple(citizen, app, simulator, paying):
    """A couple, each with an account; she paid an invoice of their household by card."""
    Person.update(**HERS).where(Person.id == citizen.person.id).execute()
    citizen.joins()
    other = Citizen(app.test_client(), citizen.household)
    other.person = make_person(citizen.household, first_name="Marc", birth_date=citizen.person.birth_date)
    other.joins(username="marc")
    invoice = make_invoice(citizen.household, person=citizen.person)
    payment = citizen.payment(citizen.pays(invoice))
    paying()
    Payment.update(card_last_four=DIGITS).where(Payment.id == payment.id).execute()
    printed = Receipt.get().printed.replace("1111", DIGITS)
    assert DIGITS in printed
    Receipt.update(printed=printed).execute()
    return citizen, other, Payment.get_by_id(payment.id)


def split(app, *cards_of) -> None:
    words = ["household", "split", *[one.person.card_number for one in cards_of]]
    assert app.test_cli_runner().invoke(args=words).exit_code == 0


def everything(app, citizen: Citizen, payment: Payment, tax: str = "D-0") -> dict[str, str]:
    """Return the text of all the pages, documents and downloads of someone's dossier, by address."""
    ids = Ids(
        number=Invoice.get().number,
        reference=payment.reference,
        person_id=citizen.person.id,
        receipt=Receipt.get().number,
        tax=tax,
    )
    addresses = [ids.fill(rule) for rule in rules(app, "GET") if rule.rule.startswith("/mon-dossier")]
    addresses += [f"/mon-dossier/recus/{Receipt.get().number}.pdf", f"/mon-dossier/paiements/{payment.reference}"]
    found = {}
    for address in addresses:
        answer = citizen.client.get(address, follow_redirects=True)
        found[address] = read(answer) if answer.status_code == 200 else ""
    assert sum(map(bool, found.values())) > 15
    return found


def read(answer) -> str:
    if answer.mimetype != "application/pdf":
        return answer.get_data(as_text=True)
    pages = pypdf.PdfReader(io.BytesIO(answer.data)).pages
    return " ".join("".join(page.extract_text() for page in pages).split())


def test_while_together_her_address_stands_on_her_own_copy_alone(couple, app):
    citizen, other, payment = couple
    path = f"/mon-dossier/recus/{Receipt.get().number}.pdf"
    mine, theirs = (read(one.client.get(path)) for one in (citizen, other))
    assert HERS["address"] in mine
    assert DIGITS in mine
    assert DIGITS in theirs, "a household knows its cards"
    for address, text in everything(app, other, payment).items():
        assert not [value for value in HERS.values() if value in text], address


def test_set_apart_the_other_reads_neither_where_she_lives_nor_her_card(couple, app):
    citizen, other, payment = couple
    split(app, citizen)
    other.comes_back("marc")
    pages = everything(app, other, payment)
    for address, text in pages.items():
        assert not [value for value in (*HERS.values(), DIGITS) if value in text], address
    assert "100,00" in pages[f"/mon-dossier/recus/{Receipt.get().number}.pdf"], "it is his household's invoice"


def test_set_apart_who_paid_opens_her_payment_and_her_receipt(couple, app):
    citizen, _other, payment = couple
    split(app, citizen)
    citizen.comes_back()
    receipt, invoice = Receipt.get(), Invoice.get()
    page = citizen.client.get_page(f"/mon-dossier/paiements/{payment.reference}")
    assert invoice.number in page
    assert f"/mon-dossier/comptes/{invoice.number}" not in page, "the invoice is the other household's"
    assert "data-balance-cents" not in page
    pdf = read(citizen.client.get(f"/mon-dossier/recus/{receipt.number}.pdf"))
    assert HERS["address"] in pdf
    assert DIGITS in pdf
    assert receipt.number in citizen.client.get_page("/mon-dossier/comptes/recus")
    assert receipt.number in citizen.client.get_page("/mon-dossier/comptes")
    assert citizen.client.get(f"/mon-dossier/comptes/{invoice.number}").status_code == 404


def test_set_apart_who_did_not_pay_opens_nothing_of_the_other_household(couple, app):
    citizen, other, payment = couple
    split(app, other)
    other.comes_back("marc")
    for path in (
        f"paiements/{payment.reference}",
        f"recus/{Receipt.get().number}.pdf",
        f"recus/{payment.reference}.pdf",
    ):
        assert other.client.get(f"/mon-dossier/{path}").status_code == 404, path
    assert Receipt.get().number not in other.client.get_page("/mon-dossier/comptes/recus")


def test_an_account_the_city_has_not_verified_reads_no_contact_details_of_the_file(citizen, app, simulator, paying):
    mine = {name: value for name, value in HERS.items() if name != "email"}
    Person.update(**mine).where(Person.id == citizen.person.id).execute()
    make_person(citizen.household, first_name="Zoé", birth_date=date(2018, 5, 1), **HERS)
    account = citizen.joins(verified=False)
    payment = citizen.payment(citizen.pays(make_invoice(citizen.household, person=citizen.person)))
    paying()
    tax = make_tax_receipt(citizen.person, printed=json.dumps(PRINTED))
    consents.give(account)
    contract = make_contract(citizen.person, citizen.household)
    said = json.loads(contract.printed) | {"consumer_address": [HERS["address"]]}
    PartnerContract.update(printed=json.dumps(said)).execute()
    path = f"/mon-dossier/activites/contrats/{contract.number}"
    for address in (f"{path}.pdf", f"{path}/resiliation.pdf"):
        assert HERS["address"] not in read(citizen.client.get(address)), address
    for address, text in everything(app, citizen, payment, tax=tax.number).items():
        assert not [value for value in HERS.values() if value in text], address
    verification.verify(account)
    assert HERS["address"] in read(citizen.client.get(f"{path}.pdf"))
    shown = " ".join(everything(app, citizen, payment, tax=tax.number).values())
    assert all(value in shown for value in HERS.values()), "once it is verified, she does"


def test_a_former_spouse_opens_no_account_in_her_name_without_a_code_from_the_counter(citizen, app):
    make_person(citizen.household, first_name="Marc")
    split(app, citizen)
    assert citizen.identifies().status_code == 303
    assert "code de la Ville" in citizen.client.get("/compte/identifiants").text
    for wrong in ("", "ABCDE-FGHJK"):
        answer = citizen.chooses(code=wrong)
        assert answer.status_code == 422
        assert "Ce code ne sert pas" in answer.text
    assert not Account.select().exists()
    said = app.test_cli_runner().invoke(args=["recovery-code", citizen.person.card_number]).output
    assert citizen.chooses(code=said.split()[0]).status_code == 303
    assert Account.get().person == citizen.person


def test_codes_are_not_guessed_for_ever(citizen, app):
    make_person(citizen.household)
    split(app, citizen)
    citizen.identifies()
    code = app.test_cli_runner().invoke(args=["recovery-code", citizen.person.card_number]).output.split()[0]
    for _ in range(LIMITS[rate_limits.WRONG_CODES[0]].most):
        citizen.chooses(code="ABCDE-FGHJK")
    assert citizen.chooses(code=code).status_code == 422
    assert not Account.select().exists()
