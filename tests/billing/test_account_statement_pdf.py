"""The statement as a PDF."""

import io

from pypdf import PdfReader

from domain.common import clock
from tests.factories import make_household, make_invoice, pay_elsewhere

PATH = "/mon-dossier/comptes/releve.pdf"


def test_it_is_tagged_in_french_and_small_with_every_line(citizen):
    citizen.joins()
    for number in range(60):
        make_invoice(citizen.household, 1_000, number=f"F8{number:03}", issued_on=clock.today())
    pay_elsewhere((make_invoice(citizen.household, 500), 200))
    other = make_invoice(make_household())
    answer = citizen.client.get(PATH)
    assert answer.mimetype == "application/pdf"
    assert len(answer.data) <= 40_000
    reader = PdfReader(io.BytesIO(answer.data))
    assert reader.trailer["/Root"]["/Lang"] == "fr-CA"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.metadata.title.startswith("Relevé de compte")
    words = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    for expected in ("Relevé de compte", "Famille de Geneviève Trần", "facture F8059", "−2,00 $", "603,00 $"):
        assert expected in words, expected
    assert other.number not in words


def test_a_wrong_period_is_not_found(citizen):
    citizen.joins()
    assert citizen.client.get(f"{PATH}?du=hier").status_code == 404
