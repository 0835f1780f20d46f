"""What other systems call our columns and codes, as far as we know: a name that is not here is never guessed.

Names are compared without accents, case, signs and little words, « numéro » being « no » (`bare`).
"""

import re

from domain.activities.classes import folded

LITTLE = frozenset(("a", "au", "aux", "d", "de", "des", "du", "en", "l", "la", "le", "les", "of", "the"))
NUMBER = dict.fromkeys(("numero", "num", "number", "nº", "n"), "no")

COLUMNS = {  # by column of ours, in any kind that has it
    "card_number": "no carte, carte, carte citoyen, no carte citoyen, carte loisirs, no carte loisirs, card no",
    "last_name": "nom, nom famille, last name, family name, surname",
    "first_name": "prenom, first name, given name",
    "birth_date": "date naissance, naissance, ne, nee, ne e, ddn, birth date, birthdate, date birth, dob",
    "expires_on": "date expiration, expiration, expire, fin validite, valide jusqu, expiry date, expiration date",
    "household": "no famille, famille, code famille, id famille, no foyer, foyer, code foyer, family no, family id",
    "address": "adresse, adresse civique, adresse 1, address",
    "city": "ville, municipalite, town",
    "postal_code": "code postal, postal code, cp",
    "phone": "telephone, tel, no telephone, tel domicile, telephone domicile, tel maison, telephone maison, phone no",
    "email": "courriel, adresse courriel, adresse electronique, e mail, mail",
    "resident": "resident e, residant, est resident, statut resident",
    "status": "statut, etat",
    "class": "classe tarifaire, categorie tarifaire",
    "school": "niveau scolaire",
    "invoice_number": "no facture, facture, invoice, invoice no",
    "issued_on": "date facture, date facturation, date emission, emise, invoice date",
    "due_on": "date echeance, echeance, due date",
    "description": "libelle, designation",
    "quantity": "quantite, qte, qty",
    "unit_price": "prix unitaire",
    "tax_code": "code taxe",
    "category": "categorie",
    "ledger_account": "compte gl, no compte gl, compte grand livre, compte comptable, no compte comptable, "
    "poste comptable, poste budgetaire, no poste budgetaire, gl account",
    "paid_on": "date paiement, date encaissement, date reglement, payment date",
    "amount": "montant, montant paye, montant recu, montant paiement",
    "method": "mode paiement, methode paiement, moyen paiement, type paiement, payment method",
    "payer": "payeur, carte payeur, no carte payeur",
    "place": "code lieu, no lieu, code plateau",
    "name": "nom, nom lieu",
    "kind": "type lieu, genre",
    "hours": "heures, horaire, heures ouverture",
    "accessible": "accessibilite, acces universel",
    "activity": "code activite, no activite, activity code, activity no, code groupe, no groupe",
    "title": "titre, nom activite, titre activite, activity name",
    "season": "saison",
    "starts_on": "date debut, start date",
    "ends_on": "date fin, end date",
    "weekdays": "jours, jours semaine",
    "starts_at": "heure debut, start time",
    "ends_at": "heure fin, end time",
    "starts": "debut, date heure debut",
    "ends": "fin, date heure fin",
    "program": "programme, code programme",
    "capacity": "capacite, nombre places, nb places",
    "waiting_list": "liste attente",
    "age_min": "age minimum, age minimal",
    "age_max": "age maximum, age maximal",
    "price_non_resident": "prix non resident, tarif non resident",
    "label": "libelle, description",
    "registered_on": "date inscription",
    "rank": "rang, rang attente",
    "purpose": "motif, objet",
}
KEYS = {  # of a kind of file, which is then about nothing else
    "card_number": "no client, client no, no membre, membre no, no citoyen",
    "payment": "no paiement, paiement, no encaissement, no recu, payment no",
    "registration": "no inscription, inscription, code inscription",
    "reservation": "no reservation, no location",
}
_FLAGS = {"oui": "1", "o": "1", "yes": "1", "y": "1", "vrai": "1", "true": "1"}
_FLAGS |= {"non": "0", "no": "0", "faux": "0", "false": "0"}
_CANCELLED = dict.fromkeys(("annule", "annulee", "canceled"), "cancelled")
CODES: dict[str, dict[str, str]] = {  # by column of ours; only what that column takes in a kind is proposed
    "resident": _FLAGS | {"r": "1", "resident": "1", "nr": "0", "non resident": "0"},
    "accessible": _FLAGS,
    "who": {"r": "resident", "resident": "resident", "nr": "non_resident", "non resident": "non_resident"},
    "status": _CANCELLED
    | {"actif": "active", "active": "active", "perdu": "lost", "perdue": "lost"}
    | {"decede": "deceased", "decedee": "deceased", "ouvert": "open", "ouverte": "open"}
    | {"confirme": "confirmed", "confirmee": "confirmed", "attente": "waiting", "liste attente": "waiting"},
    "tax_code": {"taxable": "taxable", "exonere": "exempt", "exoneree": "exempt", "non taxable": "exempt"},
    "method": {"comptant": "cash", "argent comptant": "cash", "especes": "cash", "cheque": "cheque"}
    | {"debit": "debit", "carte debit": "debit", "virement": "transfer", "autre": "other"}
    | dict.fromkeys(("carte credit", "visa", "mastercard", "master card", "american express"), "card"),
    "category": {"activite": "activity", "location": "rental", "don": "donation", "autre": "other"},
    "kind": {
        "glace": "ice",
        "patinoire": "ice",
        "salle": "room",
        "plage": "beach",
        "ecole": "school",
        "autre": "other",
    },
    "provider": {},
    "mode": {},
    "rank_over": {},
}


def bare(name: str) -> str:
    """Return a name as it is compared here."""
    words = re.findall(r"[a-z0-9º]+", folded(re.sub(r"[#№]|(?<!\w)[nN][°º]", " no ", name)))
    return " ".join(NUMBER.get(word, word) for word in words if word not in LITTLE)


def known(target: str, *, is_key: bool) -> set[str]:
    """Return the names by which a column of ours is known; `is_key` when it is its kind's."""
    words = f"{COLUMNS.get(target, '')}, {KEYS.get(target, '') if is_key else ''}"
    return {bare(target)} | {word.strip() for word in words.split(",") if word.strip()}
