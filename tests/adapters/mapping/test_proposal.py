"""A first mapping of a file: what is known is said with its reason, what is not is left to say, and it can be read."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.csv_files import BadTable
from adapters.mapping import proposal, reading, rules
from city import load_city
from commands.import_kinds import KINDS

CITY = load_city(Path("city.toml"))
HEADER = "No. client;Nom, prénom;Né le;Famille;Expire le;Résident;Statut;Solde"


@pytest.fixture
def proposes(tmp_path):
    """Return what proposes a mapping of a text."""

    def run(text: str | bytes, kind: str = "cards") -> str:
        file = tmp_path / "clients.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return proposal.propose(file, KINDS[kind][0](CITY))

    return run


def said(text: str) -> dict:
    """Return what a proposal says, its comments apart."""
    return tomllib.loads(text)["columns"]


def test_a_whole_file_is_understood_and_read_by_what_is_proposed(proposes, tmp_path):
    text = f"{HEADER}\nQMAGB00000007;Bédard, Léa;14/03/2016;F1;01/12/2030;Oui;Actif;1,00 $\n"
    text += "QMAGB00000008;Roy, Zoé;31/12/1980;F1;31/12/2030;NR;Décédée;0\n"
    proposed = proposes(text)
    mapping = tmp_path / "cards.toml"
    mapping.write_text(proposed, encoding="utf-8")
    columns = KINDS["cards"][0](CITY)
    rows, problems, file = reading.read(tmp_path / "clients.csv", columns, rules.load(mapping, columns))
    assert not problems
    assert [(row.values["first_name"], row.values["resident"], row.values["status"]) for row in rows] == [
        ("Léa", True, "active"),
        ("Zoé", False, "deceased"),
    ]
    assert file.unused == ["Solde"]
    assert '# ignore = ["Solde"]' in proposed
    assert '# phone = ""  # aucune colonne reconnue' in proposed


def test_each_guess_has_its_reason(proposes):
    for line in proposes(f"{HEADER}\n7;Roy, Léa;14/03/2016;F;2030-01-31;R;Actif;\n").splitlines():
        assert " = " not in line or "#" in line or line.startswith(('column = "', '"')), line


def test_what_is_not_known_is_not_guessed(proposes):
    proposed = proposes("Code;Nom complet;Date;Tarif\n7;Roy, Léa;14/03/2016;R\n")
    assert said(proposed) == {}
    assert proposed.count("OBLIGATOIRE : aucune colonne reconnue") == 6
    assert '# ignore = ["Code", "Nom complet", "Date", "Tarif"]' in proposed


def test_two_columns_of_one_name_are_left_to_choose(proposes):
    proposed = proposes("No client;Téléphone;Tél. domicile\n7;1;2\n")
    assert "phone" not in said(proposed)
    assert '# phone = "Téléphone"  # "Téléphone" ou "Tél. domicile" ? à choisir' in proposed


@pytest.mark.parametrize(
    ("days", "written"),
    [
        (["2016-03-14", "2016-12-01"], None),
        (["14/03/2016", "01/02/2016"], "JJ/MM/AAAA"),
        (["03/14/2016", "01/02/2016"], "MM/JJ/AAAA"),
        (["14 mars 2016", "1er août 2016"], "JJ mois AAAA"),
        (["2016-03-14 00:00:00"], "AAAA-MM-JJ HH:mm:ss"),
        (["20160314", "20161231"], "AAAAMMJJ"),
        ([*(f"{day}/03/2016" for day in range(13, 23)), "31/02/2016"], "JJ/MM/AAAA"),
    ],
)
def test_a_date_is_proposed_as_the_file_alone_can_be_read(proposes, days, written):
    rule = said(proposes("\n".join(["Nom;Né le", *(f"Roy;{day}" for day in days)])))["birth_date"]
    assert rule == ({"column": "Né le", "date": written} if written else "Né le")


@pytest.mark.parametrize(
    ("days", "why"),
    [
        (["01/02/2016", "03/04/2016"], "JJ/MM/AAAA ou MM/JJ/AAAA ? rien ne les distingue"),
        ([*(f"{day:02}/03/2016" for day in range(1, 13)), "03/14/2016"], "JJ/MM/AAAA ou MM/JJ/AAAA ? rien"),
        (["14/03/16"], "dites comment ses dates sont écrites"),
        (["14/03/2016", "2016-03-14"], "dites comment ses dates sont écrites"),
    ],
)
def test_a_date_that_could_be_another_is_left_to_say(proposes, days, why):
    proposed = proposes("\n".join(["Nom;Né le", *(f"Roy;{day}" for day in days)]))
    assert "birth_date" not in said(proposed)
    assert why in proposed


@pytest.mark.parametrize(
    ("amounts", "rule"),
    [
        (["1 234,56 $", "-5"], "Montant"),
        (["(5,00)", "12,00-"], {"column": "Montant", "amount": {"sign": "as_is"}}),
        (["1,234.56", "5.00"], {"column": "Montant", "amount": {"decimal": "."}}),
        (["1.234,56"], {"column": "Montant", "amount": {"decimal": ","}}),
        (["cher"], None),
    ],
)
def test_an_amount_is_proposed_as_it_can_be_read(proposes, amounts, rule):
    text = "\n".join(["No paiement;Montant", *(f"C{place};{one}" for place, one in enumerate(amounts))])
    assert said(proposes(text, "payments")).get("amount") == rule


def test_a_code_that_is_not_known_is_left_to_say_and_until_then_refuses_its_rows(proposes, tmp_path):
    text = "Paiement;Facture;Date de paiement;Montant;Mode de paiement\n"
    text += "C1;F1;2026-11-23;1;Comptant\nC2;F1;2026-11-23;1;Crédit\nC3;F1;2026-11-23;1;\nC4;F1;2026-11-23;1;card\n"
    proposed = proposes(text, "payments")
    assert said(proposed)["method"]["codes"] == {"Comptant": "cash", "card": "card"}
    assert '# "Crédit" = ""  # inconnu : à dire' in proposed
    assert "il faut cash, cheque" in proposed
    mapping = tmp_path / "payments.toml"
    mapping.write_text(proposed, encoding="utf-8")
    columns = KINDS["payments"][0](CITY)
    rows, problems, _file = reading.read(tmp_path / "clients.csv", columns, rules.load(mapping, columns))
    assert ([row.line for row in rows], [one.line for one in problems]) == ([2, 5], [3, 4])


def test_a_code_means_only_what_its_column_takes_in_that_kind(proposes):
    proposed = proposes("Facture;Statut\nF1;Actif\nF2;Annulée\n", "invoices")
    assert said(proposed)["status"]["codes"] == {"Annulée": "cancelled"}
    assert '# "Actif" = ""  # inconnu : à dire' in proposed


def test_names_are_cut_only_where_each_has_one_comma(proposes):
    assert said(proposes("Nom, prénom;Né le\nRoy, Léa;2016-03-14\n"))["first_name"] == {
        "column": "Nom, prénom",
        "after": ",",
    }
    for name in ("Roy Léa", "Roy, Léa, fils", ""):
        assert (
            "first_name" not in said(proposes(f"Nom, prénom;Né le\nRoy, Zoé;2016-03-14\n{name};2016-03-14\n"))
            or not name
        )


@pytest.mark.parametrize(
    ("text", "separator", "header_line"),
    [
        ("Nom;Ville, province\nRoy;Magog, QC\nRoy;Magog\n", ";", 1),
        ("Nom\tVille, province\nRoy\tMagog, QC\n", "\t", 1),
        ("Nom,Ville\nRoy,Magog; QC\nRoy,Orford\n", "", 1),
        ("Rapport, du 28\n\nNom;Ville\nRoy;Magog\nRoy;Orford\n", "", 3),
        ("Nom\nRoy\n", "", 1),
    ],
)
def test_the_separator_and_the_header_are_found_by_what_most_lines_are(proposes, text, separator, header_line):
    proposed = tomllib.loads(proposes(text))
    assert proposed["columns"]["last_name"] == "Nom"
    assert (proposed.get("separator", ""), proposed.get("header_line", 1)) == (separator, header_line)


@pytest.mark.parametrize("text", ["", "\n", b"\0", 'Nom;Ville\nRoy;"Magog\n', "Nom;Ville".encode("utf-16")])
def test_what_is_no_table_is_refused(proposes, text):
    with pytest.raises(BadTable):
        proposes(text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(
    st.lists(
        st.text(max_size=12) | st.sampled_from(("Nom", "Statut", "Né le", "Résident", 'N"o\n]', "#\x7f")), min_size=1
    ),
    st.lists(st.text(max_size=8), min_size=1, max_size=3),
)
def test_whatever_the_file_says_the_proposal_is_toml(proposes, header, values):
    def quoted(cells: list[str]) -> str:
        return ";".join('"{}"'.format(cell.replace('"', '""').replace("\0", "")) for cell in cells)

    rows = [[value] * len(header) for value in values]
    text = "\n".join(quoted(cells) for cells in [header, *rows])
    try:
        proposed = proposes(text.encode("utf-8", "replace"))
    except BadTable:
        return
    assert set(tomllib.loads(proposed)) <= {"columns", "separator", "header_line"}
