"""The receipt to print: the invoice's number and what was paid, nothing that stands on it."""

import io

from pypdf import PdfReader

from tests.guest.conftest import PATH


def test_it_tells_who_paid_what_and_nothing_of_the_household(guest, invoice, paying):
    guest.finds(invoice)
    guest.pays(name="Club de hockey de Magog")
    reference = guest.payment().reference
    assert guest.client.get(f"{PATH}/recus/{reference}.pdf").status_code == 404, "not paid yet"
    paying()
    answer = guest.client.get(f"{PATH}/recus/{reference}.pdf")
    words = " ".join(PdfReader(io.BytesIO(answer.data)).pages[0].extract_text().split())
    for expected in ("Reçu R000001", "Club de hockey de Magog", f"Facture {invoice.number}", "100,00 $", reference):
        assert expected in words
    for secret in ("Zoé-Secrète", "Camp confidentiel", "Merry"):
        assert secret not in words
