"""What a person at the city must know, in words: alerts, on the staff page and in `flask attention`."""

from flask_babel import lazy_gettext as lazy
from flask_babel import ngettext

from domain.common.alerts import Kind
from domain.common.facts import Fact
from domain.imports.outcome import Reason
from domain.payments import gateway
from domain.payments.findings import Mismatch
from models import Alert, Dispute
from views.messages import imports, staff
from views.messages.values import filled

HEADINGS: dict[str, str] = {
    Kind.BOOKS: lazy("Le grand livre ne balance pas"),
    Kind.GUESSING: lazy("Quelqu’un devine peut-être des cartes"),
    Kind.CARD_TESTING: lazy("Quelqu’un essaie peut-être des cartes volées"),
    Kind.CARDS_CLOSED: lazy("Des cartes de citoyen se ferment"),
    Kind.UNMATCHED_CHARGE: lazy("Débit qui ne paie rien"),
    Kind.DISPUTE_OPENED: lazy("Litige à répondre"),
    Kind.DISPUTE_WON: lazy("Litige gagné après tout"),
    Kind.LOST_TWICE: lazy("Argent rendu, puis perdu par un litige"),
    Kind.CONTRADICTED: lazy("Paiement que Braintree contredit"),
    Kind.ACCOUNT_REFUSED: lazy("Braintree refuse le compte de la Ville"),
    Kind.PAYMENT_REVERSED: lazy("Paiement revenu\u00a0: les factures sont à payer de nouveau"),
    Kind.IMPORT_CUT: lazy("Import interrompu, à refaire"),
    Kind.IMPORT_CARDS: lazy("Carte laissée telle quelle par un import"),
    Kind.IMPORT_INVOICES: lazy("Facture laissée telle quelle par un import"),
    Kind.INVOICE_LOWERED: lazy("Facture baissée par un import"),
    Kind.CREDIT_FOR_TAXES: lazy("Reçus d’impôts à corriger\u00a0: une note de crédit"),
    Kind.IMPORT_PAYMENTS: lazy("Paiement du comptoir à traiter"),
    Kind.IMPORT_PLACES: lazy("Lieu laissé tel quel par un import"),
    Kind.IMPORT_ACTIVITIES: lazy("Activité laissée telle quelle par un import"),
    Kind.IMPORT_PRICES: lazy("Prix laissé tel quel par un import"),
    Kind.IMPORT_REGISTRATIONS: lazy("Inscription laissée telle quelle par un import"),
    Kind.IMPORT_RESERVATIONS: lazy("Réservation laissée telle quelle par un import"),
    Kind.PLACES_OWED: lazy("Inscriptions dont l’argent est reparti"),
    Kind.REGISTERED_TWICE: lazy("Place payée que le fichier avait déjà donnée"),
    Kind.HOLD_PAID_IN_PART: lazy("Places payées en partie, leur temps passé"),
    Kind.ACCOMPANIMENT_TO_DECIDE: lazy("Accompagnement à décider avant l’ouverture"),
    Kind.INSTALMENT_UNPAID: lazy("Versement que la carte n’a pas payé"),
    Kind.REFUNDED_THEN_REVERSED: lazy("Argent rendu d’un paiement revenu ensuite"),
    Kind.LISTENER_FAILED: lazy("Argent inscrit, suite à faire à la main"),
    Kind.DAILY_MATCH: lazy("Différence avec Braintree"),
    Kind.CHARGE_HELD: lazy("Argent reçu, on ne sait pour quelles factures"),
    Kind.CHARGE_GUESSED: lazy("Paiement retrouvé d’après son montant\u00a0: à vérifier"),
    Kind.TAX_RECEIPTS: lazy("Reçus d’impôts à vérifier"),
    Kind.MAILBOX_OF_TWO: lazy("À joindre par téléphone\u00a0: un courriel pour deux personnes séparées"),
    Kind.RECEIPT_NOT_ATTACHED: lazy("Reçu parti sans son PDF"),
    Kind.REFUND_REFUSED: lazy("Remboursement refusé"),
    Kind.REFUND_DECLINED: lazy("Remboursement qui n’est pas arrivé"),
    Kind.REFUND_FOUND: lazy("Remboursement fait hors du portail"),
    Kind.VOIDED_SINCE_COPY: lazy("Paiement annulé depuis la copie remise en place"),
    Kind.DONE_SINCE_COPY: lazy("Fait depuis la copie remise en place\u00a0: à refaire"),
    Kind.TAKEN_SINCE_COPY: lazy("Paiement du comptoir que la copie ne connaît pas"),
    Kind.UNKNOWN_SINCE_COPY: lazy("Perdu avec la base d’avant\u00a0: à refaire"),
}

PAYMENT_STATES: dict[str, str] = {  # after « paiement »
    "created": lazy("pas encore envoyé"),
    "submitted": lazy("envoyé, sans réponse encore"),
    "unknown": lazy("issue inconnue"),
    "paid": lazy("payé"),
    "refused": lazy("refusé"),
    "unexpected": lazy("débit qui ne paie rien, à rendre"),
    "settled": lazy("payé, argent déposé"),
    "settlement_declined": lazy("refusé par la banque au règlement"),
    "disputed": lazy("contesté par le porteur"),
    "voided": lazy("annulé chez Braintree"),
    "refunded": lazy("remboursé"),
    "charged_back": lazy("contesté par le porteur et perdu"),
}

STANDINGS: dict[str, str] = {  # of money at Braintree
    gateway.LIVE: lazy("en route"),
    gateway.SETTLED: lazy("déposé"),
    gateway.DECLINED_LATER: lazy("refusé par la banque au règlement"),
    gateway.VOIDED: lazy("annulé chez Braintree"),
    gateway.NOT_TAKEN: lazy("refusé par la banque"),
}

UNMATCHED: dict[str, str] = {
    "second charge of one reference": lazy("deuxième débit d’une même référence"),
    "amount differs": lazy("un autre montant que celui demandé"),
    "no longer owed": lazy("ces factures n’étaient plus à payer"),
    "another currency": lazy("dans une autre monnaie\u00a0: à annuler ou à rendre chez Braintree"),
    "another merchant account": lazy("sur un autre compte marchand\u00a0: à annuler ou à rendre chez Braintree"),
    "dispute won, paid otherwise meanwhile": lazy("litige gagné, mais la facture a été payée autrement\u00a0: rendus"),
}

REFUND_REFUSALS: dict[str, str] = {
    "payment gone": lazy("le paiement est revenu, ou rendu, entre-temps"),
    "nothing found": lazy("rien trouvé chez Braintree, redemandez-le"),
    "by the gateway": lazy("Braintree répond «\u00a0%(answer)s\u00a0»"),
}

DISPUTES: dict[str, str] = {
    Dispute.CHARGEBACK: lazy("contestés par le porteur de la carte"),
    Dispute.PRE_ARBITRATION: lazy("contestés de nouveau par le porteur de la carte"),
    Dispute.RETRIEVAL: lazy("dont sa banque demande ce que c’était\u00a0: rien n’a bougé"),
}

CARD_PLACES: dict[str, str] = {
    "account": lazy("compte"),
    "invoice": lazy("facture"),
    "address": lazy("adresse"),
    "guests": lazy("sans compte, pour le foyer"),
    "site": lazy("tout le site"),
}

MISMATCHES: dict[str, str] = {
    Mismatch.AMOUNT: lazy("les montants diffèrent"),
    Mismatch.REFUSED_HERE: lazy("trouvé après avoir été refusé"),
    Mismatch.UNKNOWN_HERE: lazy("inconnu ici\u00a0: débit %(gateway_id)s"),
    Mismatch.SECOND: lazy("deuxième débit d’une même référence, rendu"),
    Mismatch.NOT_THERE: lazy("inscrit ici, introuvable chez Braintree"),
    Mismatch.REFUND_UNKNOWN_HERE: lazy("remboursement %(gateway_id)s inconnu ici"),
    Mismatch.UNKNOWN_CURRENCY: lazy("inconnu ici\u00a0: débit %(gateway_id)s, en %(currency)s"),
    Mismatch.FOREIGN: lazy("débité en %(currency)s, ou sur un autre compte marchand"),
    Mismatch.TAKEN_BACK: lazy("annulé ici, mais l’argent est chez Braintree"),
    Mismatch.REFUND_NOT_THERE: lazy("remboursé ici, introuvable chez Braintree"),
}

ALERTS: dict[str, str] = {
    Kind.GUESSING: lazy("beaucoup d’identifications manquées\u00a0: quelqu’un devine peut-être"),
    Kind.CARD_TESTING: lazy("beaucoup de cartes refusées\u00a0: %(place)s %(which)s"),
    Kind.CARDS_CLOSED: lazy(
        "au moins %(closed)s cartes fermées en une heure par des dates de naissance qui ne vont pas avec elles\u00a0: "
        "leurs titulaires peuvent entrer par un lien envoyé au courriel du dossier, ou par le comptoir"
    ),
    Kind.UNMATCHED_CHARGE: lazy("%(reference)s\u00a0: %(amount)s, %(reason)s"),
    Kind.MAILBOX_OF_TWO: lazy(
        "carte %(card)s\u00a0: son courriel est aussi celui d’une personne que la Ville a séparée d’elle. "
        "Rien n’y est envoyé d’ici qu’une des deux en donne un autre"
    ),
    Kind.RECEIPT_NOT_ATTACHED: lazy("%(number)s\u00a0: le PDF n’a pas pu être fait; le courriel a son lien"),
    Kind.PAYMENT_REVERSED: lazy("%(reference)s\u00a0: %(state)s, note de crédit %(credit_note)s"),
    Kind.REFUNDED_THEN_REVERSED: lazy("%(reference)s\u00a0: %(amount)s avaient été rendus, à vérifier"),
    Kind.DISPUTE_OPENED: lazy("%(reference)s\u00a0: %(amount)s %(reason)s. À répondre d’ici le %(answer_by)s"),
    Kind.DISPUTE_WON: lazy("%(reference)s\u00a0: %(amount)s revenus, payés de nouveau, note %(credit_note)s"),
    Kind.LOST_TWICE: lazy("%(reference)s\u00a0: %(amount)s rendus au payeur, puis perdus par un litige"),
    Kind.CONTRADICTED: lazy("%(reference)s\u00a0: %(reason)s"),
    Kind.BOOKS: lazy("%(amount)s d’écart; « flask check » dit où; appelez qui soutient le portail"),
    Kind.ACCOUNT_REFUSED: lazy("personne ne peut payer par carte\u00a0: vérifiez les clés et le compte (%(answer)s)"),
    Kind.LISTENER_FAILED: lazy("%(subject)s\u00a0: l’argent est inscrit, mais sa suite n’a pas pu être faite"),
    Kind.DAILY_MATCH: lazy("%(reference)s\u00a0: %(amount)s, %(reason)s"),
    Kind.CHARGE_HELD: lazy("%(reference)s\u00a0: %(amount)s payés, on ne sait pour quelles factures"),
    Kind.CHARGE_GUESSED: lazy(
        "%(reference)s\u00a0: retrouvé, %(amount)s pour %(invoices)s, d’après le montant\u00a0: à vérifier"
    ),
    Kind.VOIDED_SINCE_COPY: lazy(
        "%(reference)s\u00a0: annulé depuis la copie. Si c’était un remboursement, la facture n’est plus due"
    ),
    Kind.DONE_SINCE_COPY: lazy("le %(at)s\u00a0: %(act)s, %(about)s"),
    Kind.TAKEN_SINCE_COPY: lazy("%(reference)s, %(amount)s, le %(at)s\u00a0: importez son fichier de nouveau"),
    Kind.UNKNOWN_SINCE_COPY: lazy(
        "du %(first)s au %(last)s\u00a0: paiements du comptoir, foyers séparés, consentements, décisions du personnel"
    ),
    Kind.REFUND_REFUSED: lazy("%(reference)s\u00a0: %(reason)s"),
    Kind.REFUND_DECLINED: lazy("%(reference)s\u00a0: %(amount)s n’ont pas été rendus (%(standing)s)"),
    Kind.REFUND_FOUND: lazy(
        "%(reference)s\u00a0: remboursement retrouvé, %(amount)s, mais le paiement est «\u00a0%(state)s\u00a0»\u00a0: "
        "à vérifier"
    ),
    Kind.TAX_RECEIPTS: lazy("dossier %(person)s\u00a0: reçus d’impôts à vérifier (erreur %(error)s)"),
    **{kind: lazy("%(reason)s") for kind in Kind if kind.name.startswith("IMPORT_")},
    Kind.IMPORT_CUT: lazy("%(file)s"),
    Kind.PLACES_OWED: lazy("facture %(invoice)s, à payer de nouveau\u00a0: inscriptions %(registrations)s, gardées"),
    Kind.REGISTERED_TWICE: lazy("inscription %(registration)s\u00a0: facture %(invoice)s payée en plus, à rembourser"),
    Kind.ACCOMPANIMENT_TO_DECIDE: lazy("demande d’accompagnement %(number)s\u00a0: l’inscription ouvre bientôt"),
    Kind.HOLD_PAID_IN_PART: lazy("facture %(invoice)s\u00a0: les places attendent le reste, ou une décision"),
    Kind.INSTALMENT_UNPAID: lazy(
        "facture %(invoice)s\u00a0: %(amount)s, carte refusée à chaque essai. La place est gardée"
    ),
    Kind.INVOICE_LOWERED: imports.REASONS[Reason.INVOICE_LOWERED],
    Kind.CREDIT_FOR_TAXES: lazy("note de crédit %(credit)s\u00a0: à ôter des reçus d’impôts si c’était déjà payé"),
}
WHY: dict[str, dict[str, str]] = {  # what is left of reasons is imports'
    Kind.UNMATCHED_CHARGE: UNMATCHED,
    Kind.REFUND_REFUSED: REFUND_REFUSALS,
    Kind.DAILY_MATCH: MISMATCHES,
    Kind.CONTRADICTED: MISMATCHES,
    Kind.DISPUTE_OPENED: DISPUTES,
}


def heading(kind: str) -> str:
    """Say what kind of alert it is."""
    return str(HEADINGS[kind])


def alert(row: Alert) -> str:
    """Say what an alert is about; an old one keeps its words."""
    return row.details if row.values is None else tell(Fact(Kind(row.kind), row.values))


def tell(fact: Fact) -> str:
    """Say something that an alert says too."""
    reasons = WHY.get(fact.key, imports.REASONS)
    return filled(
        ALERTS[fact.key],
        fact.values,
        state=PAYMENT_STATES,
        standing=STANDINGS,
        reason=reasons,
        act=staff.ACTS,
        place=CARD_PLACES,
    )


def sent_again(count: int) -> str:
    """Say that mail is tried again."""
    return ngettext(
        "%(num)s courriel sera essayé dans la minute.", "%(num)s courriels seront essayés dans la minute.", count
    )
