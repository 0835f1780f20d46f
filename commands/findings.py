"""What `flask reconcile`, `flask restore` and `flask match` print of what they found at the gateway."""

from commands import terminal
from domain.common.facts import Fact
from domain.payments.findings import Finding
from views.messages import facts
from views.messages.values import filled

REFUND_STATES = {
    "created": "à faire",
    "submitted": "demandé, sans réponse encore",
    "unknown": "issue inconnue",
    "done": "fait",
    "refused": "refusé",
    "declined": "refusé par la banque après coup",
}
UNMATCHED_STATES = {"owed": "à rendre", "returned": "rendu", "held": "retenu, une personne décide"}
FINDINGS = {
    Finding.CHARGE: "%(reference)s : retrouvé, %(amount)s pour %(invoices)s",
    Finding.CHARGE_STANDS: "%(reference)s : %(standing)s",
    Finding.PAYMENT_STANDS: "%(reference)s : %(state)s",
    Finding.REFUND: "%(reference)s : remboursement retrouvé, %(amount)s",
    Finding.REFUND_STANDS: "%(reference)s : remboursement de %(amount)s, %(state)s",
    Finding.UNMATCHED_STANDS: "%(reference)s : débit de %(amount)s qui ne paie rien, %(state)s",
    Finding.MADE_AND_VOIDED: "%(reference)s : %(amount)s, payé puis annulé depuis la copie : rien n’en est gardé ici",
}
STATES = {Finding.REFUND_STANDS: REFUND_STATES, Finding.UNMATCHED_STANDS: UNMATCHED_STATES}


def tell(fact: Fact) -> str:
    """Say what was found; what stands in À traiter too is said as there."""
    if fact.key not in FINDINGS:
        return terminal.line(facts.tell(fact))
    states = STATES.get(fact.key, facts.PAYMENT_STATES)
    return filled(FINDINGS[fact.key], fact.values, state=states, standing=facts.STANDINGS)
