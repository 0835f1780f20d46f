"""The PDFs of a partner's contract, and of the form that ends it (P-40.1, s. 190 and schedule 8)."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

from adapters.documents.pdf import LINE, beside_mark, letterhead, new, offer_help
from domain.activities.partner_contracts import ContractDocument
from domain.common.formats import dated, day, money, time_of_day

if TYPE_CHECKING:
    from fpdf import FPDF

# The statement that the Act's regulation prescribes for such contracts (P-40.1, r. 3). To be confirmed by counsel.
MENTION = (
    "(Contrat de service à exécution successive relatif à un enseignement, un entraînement ou une assistance)",
    "Le consommateur peut résilier le présent contrat sans frais ni pénalité avant que le commerçant n’ait commencé à "
    "exécuter son obligation principale, en envoyant la formule ci-annexée ou un autre avis écrit à cet effet au "
    "commerçant.",
    "Si le consommateur résilie le contrat après que le commerçant ait commencé à exécuter son obligation principale, "
    "le consommateur n’a à payer que\u00a0:",
    "1) le prix des services qui lui ont été fournis, calculé au taux stipulé dans le contrat; et",
    "2) la moins élevée des 2 sommes suivantes\u00a0: soit 50\u00a0$, soit une somme représentant au plus 10\u00a0% du "
    "prix des services qui ne lui ont pas été fournis.",
    "Le contrat est résilié, sans autre formalité, dès l’envoi de la formule ou de l’avis.",
    "Dans les 10 jours qui suivent la résiliation du contrat, le commerçant doit restituer au consommateur l’argent "
    "qu’il lui doit.",
    "Le consommateur aura avantage à consulter les articles 190 à 196 de la Loi sur la protection du consommateur "
    "(chapitre P-40.1) et, au besoin, à communiquer avec l’Office de la protection du consommateur.",
)


def contract_pdf(document: ContractDocument) -> bytes:
    """Draw a contract, what it printed when it was made."""
    printed = document.printed
    pdf = new(f"Contrat {document.number}", document)
    letterhead(pdf, document)
    pdf.line_of(f"Contrat {document.number}", "H1", size=20, bold=True)
    pdf.line_of(f"Conclu à distance, à {printed['made_in']}, le {dated(document.issued_at)}")
    _party(pdf, "Le commerçant", printed["partner"], printed["partner_address"])
    _party(pdf, "Le consommateur", printed["consumer"], printed["consumer_address"])
    _object(pdf, document)
    _price(pdf, document)
    pdf.ln(3)
    pdf.line_of("Mention exigée par la Loi sur la protection du consommateur", "H2", size=11, bold=True)
    for paragraph in MENTION:
        pdf.line_of(paragraph)
    pdf.ln(3)
    pdf.line_of("La formule de résiliation est jointe à ce contrat, dans Mes activités et dans le courriel reçu.")
    offer_help(pdf, document)
    return bytes(pdf.output())


def cancellation_form_pdf(document: ContractDocument) -> bytes:
    """Draw the form that ends a contract: to be dated, signed and sent by the consumer."""
    printed = document.printed
    pdf = new(f"Formule de résiliation – contrat {document.number}", document)
    with beside_mark(pdf, document.city):
        pdf.line_of("Formule jointe au contrat\u00a0: elle s’envoie au commerçant.", size=9, muted=True)
    pdf.line_of("Formule de résiliation", "H1", size=20, bold=True)
    pdf.line_of("(Loi sur la protection du consommateur, art. 190)", muted=True)
    pdf.ln(4)
    for label, value in (("À", ", ".join((printed["partner"], *printed["partner_address"]))), ("Date", "_" * 30)):
        pdf.line_of(f"{label}\u00a0: {value}")
    pdf.ln(4)
    pdf.line_of(
        "En vertu de l’article 193 de la Loi sur la protection du consommateur, je résilie le contrat "
        f"{document.number} conclu le {dated(document.issued_at)} à {printed['made_in']}, pour l’activité "
        f"«\u00a0{printed['title']}\u00a0» de {printed['person']}."
    )
    pdf.ln(4)
    for label, value in (
        ("Nom du consommateur", printed["consumer"]),
        ("Adresse", ", ".join(filter(None, printed["consumer_address"])) or "_" * 50),
        ("Signature", "_" * 40),
    ):
        pdf.line_of(f"{label}\u00a0: {value}")
        pdf.ln(3)
    return bytes(pdf.output())


def _party(pdf: FPDF, title: str, name: str, address: list[str]) -> None:
    pdf.ln(3)
    pdf.make_room(4 * LINE)
    pdf.line_of(title, "H2", size=11, bold=True)
    for line in filter(None, (name, *address)):
        pdf.line_of(line)


def _object(pdf: FPDF, document: ContractDocument) -> None:
    """Write what is given, to whom, when, where and how long."""
    printed = document.printed
    starts_at, ends_at = (time_of_day(time.fromisoformat(printed[name])) for name in ("starts_at", "ends_at"))
    pdf.ln(3)
    pdf.make_room(6 * LINE)
    pdf.line_of("L’activité", "H2", size=11, bold=True)
    pdf.line_of(f"{printed['title']}, pour {printed['person']}")
    if printed["description"]:
        pdf.line_of(printed["description"])
    first, last = (day(date.fromisoformat(printed[name])) for name in ("starts_on", "ends_on"))
    pdf.line_of(f"Du {first} (début des services) au {last}, {printed['days']} jours, de {starts_at} à {ends_at}")
    pdf.line_of(f"Lieu\u00a0: {printed['place']}")


def _price(pdf: FPDF, document: ContractDocument) -> None:
    """Write the rate, the total and when it is paid."""
    printed = document.printed
    pdf.ln(3)
    pdf.make_room(8 * LINE)
    pdf.line_of("Le prix et les versements", "H2", size=11, bold=True)
    pdf.row("Taux à la journée, avant taxes", money(printed["day_cents"]))
    pdf.row("Prix avant taxes", money(printed["net_cents"]))
    if printed["tps_cents"] or printed["tvq_cents"]:
        pdf.row("TPS", money(printed["tps_cents"]), muted=True)
        pdf.row("TVQ", money(printed["tvq_cents"]), muted=True)
    pdf.row("Total à payer", money(document.contract.total_cents), bold=True)
    for number, (due_on, cents) in enumerate(document.schedule, 1):
        pdf.row(f"Versement {number}, le {day(due_on)}", money(cents))
    pdf.line_of("Rien n’est à payer avant le début des services.")
