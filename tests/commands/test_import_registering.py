"""`flask import` of what registering needs: activities that are sold, prices, classes and levels, options and ranks."""

from datetime import date, datetime

import pytest

from models import Activity, Person, PriceRule, Registration
from tests.commands.rows import card, everything
from tests.commands.test_import_sheets import MAKERS, ORDER, activity, registration

KEPT = {
    "program": "yoga", "description": "Pour toutes", "level": "yoga-2", "needs_level": "yoga-1 yoga-0", "after": "yoga",
    "age_min": 16, "age_max": 99, "age_on": date(2026, 9, 30), "born_from": date(1950, 1, 1),
    "born_until": date(2010, 12, 31), "school": "maternelle5 6", "capacity": 12, "waiting_list": 5,
    "opens_residents": datetime(2026, 10, 3, 12), "opens_neighbours": datetime(2026, 10, 5, 12, 0, 30),
    "opens_everyone": datetime(2026, 10, 7, 12), "closes": datetime(2026, 11, 2, 4, 59), "mode": "draw",
    "by_law": "Règlement 2790", "price_cents": 112050, "price_non_resident_cents": 25500, "ledger_account": "4201",
    "refund": "moins-10", "instalments": "trois", "register_at": "https://example.org/yoga",
}  # fmt: skip


def sold(**values) -> dict:
    """An activity with every column."""
    row = {"program": "yoga", "description": "Pour toutes", "level": "yoga-2", "needs_level": "yoga-1 yoga-0"}
    row |= {"after": "yoga", "age_min": "16", "age_max": "99", "age_on": "2026-09-30", "born_from": "1950-01-01"}
    row |= {"born_until": "2010-12-31", "school": "6 maternelle5", "capacity": "12", "waiting_list": "5"}
    row |= {"opens_residents": "2026-10-03T08:00", "opens_neighbours": "2026-10-05T08:00:30"}
    row |= {"opens_everyone": "2026-10-07 08:00", "closes": "2026-11-01T23:59", "mode": "Draw"}
    row |= {"by_law": "Règlement 2790", "price": "1 120,50", "price_non_resident": "255.00", "ledger_account": "4201"}
    row |= {"refund": "moins-10", "instalments": "trois", "register_at": "https://example.org/yoga"}
    return activity() | row | values


@pytest.fixture
def all_in(brings):
    """Two cards, then one row of each file."""
    brings("cards", [card(), card(2)])
    for kind in ORDER:
        assert brings(kind, [MAKERS[kind]()]).exit_code == 0


@pytest.mark.parametrize(
    ("kind", "wrong", "said"),
    [
        ("activities", sold(refund="jamais"), "ligne 2, refund : « jamais » n’est pas dans city.toml ; il y a moins"),
        ("activities", sold(instalments="dix"), "ligne 2, instalments : « dix » n’est pas dans city.toml"),
        ("activities", sold(age_min="seize"), "ligne 2, age_min"),
        ("activities", sold(age_min="100"), "ligne 2, age_max : l’âge le plus grand est sous le plus petit"),
        ("activities", sold(born_until="1949-12-31"), "ligne 2, born_until : la dernière date de naissance"),
        ("activities", sold(age_on="demain"), "ligne 2, age_on"),
        ("activities", sold(school="7"), "ligne 2, school : « 7 » n’est pas permis"),
        ("activities", sold(capacity="-1"), "ligne 2, capacity : « -1 » n’est pas permis"),
        ("activities", sold(waiting_list="-1"), "ligne 2, waiting_list"),
        ("activities", sold(closes="2026-10-03T08:00"), "ligne 2, closes : les inscriptions ferment"),
        ("activities", sold(opens_residents="2027-03-14T02:30", closes=""), "opens_residents : 2027-03-14T02:30 n"),
        ("activities", sold(opens_everyone="bientôt"), "ligne 2, opens_everyone"),
        ("activities", sold(mode="loterie"), "ligne 2, mode"),
        ("activities", sold(price="-1"), "ligne 2, price : « -1 » est sous zéro"),
        ("activities", sold(price_non_resident="double"), "ligne 2, price_non_resident"),
        ("activities", sold(after="judo"), "ligne 2, after : judo n’est ni une activité ni un programme"),
        ("activities", sold(needs_level="a:b"), "ligne 2, needs_level"),
        ("activities", sold(program="a/b"), "ligne 2, program"),
        ("activities", sold(register_at="ftp://example.org"), "ligne 2, register_at"),
        ("prices", {"program": "judo"}, "ligne 2, program : judo n’est ni un programme ni une activité connus"),
        ("prices", {"rank": "0"}, "ligne 2, rank"),
        ("prices", {"rank_over": "week"}, "ligne 2, rank_over"),
        ("prices", {"who": "voisin"}, "ligne 2, who"),
        ("prices", {"until": "2026-09-30"}, "ligne 2, until : le dernier jour vient avant le premier"),
        ("prices", {"amount": ""}, "ligne 2, amount : il faut un montant, ou un plafond par foyer"),
        ("prices", {"amount": "-5"}, "ligne 2, amount"),
        ("prices", {"fee": "famille"}, "ligne 2, fee : « famille » n’est pas permis"),
        ("prices", {"fee": "child"}, "ligne 2, fee : un frais porte un code"),
        ("prices", {"refund": "jamais"}, "ligne 2, refund : « jamais » n’est pas dans city.toml"),
        ("prices", {"refund": "moins-10"}, "ligne 2, refund : refund ne vaut ici"),
        ("prices", {"household_cap": "10"}, "ligne 2, household_cap"),
        ("prices", {"option": "service de garde"}, "ligne 2, option"),
        ("prices", {"amount": "45"}, "neuf et t2 donnent deux prix à la même chose"),
        ("registrations", {"rank": "0"}, "ligne 2, rank"),
        ("registrations", {"option": "a:b"}, "ligne 2, option"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named_with_its_line_and_column_and_nothing_is_written(all_in, brings, kind, wrong, said):
    before = everything()
    key = next(iter(MAKERS[kind]()))
    result = brings(kind, [{**MAKERS[kind](), **wrong, key: "neuf"}, MAKERS[kind]()])
    assert result.exit_code == 1
    assert said in result.output
    assert everything() == before


def test_every_column_of_an_activity_is_kept(all_in, brings):
    assert brings("activities", [sold()]).exit_code == 0
    row = Activity.get().__data__
    assert {name: row[name] for name in KEPT} == KEPT
    before = everything()
    assert "1 inchangé(s)" in brings("activities", [sold()]).output
    assert "1 inchangé(s)" in brings("activities", [activity()]).output
    assert everything() == before


def test_every_column_of_a_price_is_kept(all_in, brings):
    rule = PriceRule.get()
    assert (rule.program, rule.label, rule.who, rule.rank, rule.rank_over) == (
        "yoga",
        "2e enfant",
        "resident",
        2,
        "dates",
    )
    assert (rule.first_day, rule.last_day, rule.amount_cents) == (date(2026, 10, 1), date(2026, 10, 31), 4400)
    assert (rule.tax_code, rule.household_cap_cents) == ("exempt", None)
    assert brings("prices", [{"price": "cap", "program": "yoga", "household_cap": "460,00"}]).exit_code == 0
    assert PriceRule.get(PriceRule.code == "cap").household_cap_cents == 46000
    fee = {"price": "frais", "program": "yoga", "option": "dossier", "label": "Dossier", "amount": "35"}
    assert brings("prices", [{**fee, "fee": "child", "refund": "moins-10"}]).exit_code == 0
    assert "1 inchangé(s)" in brings("prices", [fee]).output, "a file without the columns changes nothing of them"
    row = PriceRule.get(PriceRule.code == "frais")
    assert (row.fee, row.refund) == ("child", "moins-10")


def test_a_cards_class_school_and_levels_are_kept_and_a_file_without_them_changes_none(brings):
    brings("cards", [card(**{"class": "Organisation", "school": "Maternelle5", "levels": "nage-1, nage-2"})])
    brings("cards", [card(first_name="Zoë")])
    person = Person.get()
    assert (person.first_name, person.price_class, person.school) == ("Zoë", "organisation", "maternelle5")
    assert person.levels == "nage-1 nage-2"
    brings("cards", [card(**{"class": "Aînés", "school": "", "levels": ""})])
    person = Person.get()
    assert (person.price_class, person.school, person.levels) == ("Aînés", "", "")


@pytest.mark.parametrize(
    ("column", "value"), [("school", "7"), ("school", "1 2"), ("levels", "a:b"), ("class", "x" * 61)]
)
def test_a_cards_wrong_school_levels_or_class_are_refused(brings, column, value):
    result = brings("cards", [card(**{column: value})])
    assert (result.exit_code, f"ligne 2, {column}" in result.output) == (1, True)
    assert not Person.select().exists()


def test_option_invoice_and_rank_of_a_registration_are_kept(all_in, brings):
    brings("registrations", [registration(option="garde, dîner", invoice_number="F1", rank="3")])
    made = Registration.get()
    assert (made.option, made.invoice_number, made.rank) == ("garde dîner", "F1", 3)
    brings("registrations", [registration(registered_on="2026-10-02")])
    assert Registration.get().rank == 3


def test_the_hour_that_comes_twice_is_its_first_time(all_in, brings):
    brings("activities", [sold(opens_residents="2026-11-01T01:30", opens_neighbours="", opens_everyone="", closes="")])
    assert Activity.get().opens_residents == datetime(2026, 11, 1, 5, 30), "still summer time"


def test_rows_beyond_the_capacity_do_not_stop_the_night(all_in, brings, flask):
    brings("activities", [sold(capacity="1", register_at="")])
    beyond = registration(registration="I2", card_number="QMAGB00000002")
    result = brings("registrations", [registration(), beyond])
    assert result.exit_code == 0
    assert "laissée : ligne 3, registration : I2 : l’activité yoga est complète" in result.output
    assert "I2" in flask("attention").output
    result = brings("activities", [sold(capacity="0", register_at="")])
    assert (result.exit_code, Activity.get().capacity) == (0, 1)
    assert "laissée : ligne 2, capacity : yoga : 0 place(s), mais 1 sont prises" in result.output


def test_what_has_no_price_yet_is_said(brings, all_in):
    PriceRule.delete().execute()
    result = brings("activities", [sold(price="", register_at="")])
    assert result.exit_code == 0
    assert "à traiter : ligne 2, price : yoga n’a encore aucun prix" in result.output
