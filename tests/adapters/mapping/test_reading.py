"""A file read by its mapping: each row is read, refused by the file's own column and line, or counted as left out."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters import cells, csv_files
from adapters.csv_files import KEY, BadTable, Column
from adapters.mapping import reading, rules
from adapters.mapping.rules import BadMapping
from tests.adapters.mapping.conftest import BOTH
from views.messages.imports import problem

COLUMNS = f"[columns]\n{BOTH}"


def test_columns_are_found_whatever_their_order_case_accents_and_spaces(reads):
    rows, problems, _file = reads(
        '[columns]\ncard_number = "n°"\nname = "Prénom  usuel"\n', " PRE\u0301NOM usuel ;N°\nLéa;7\n"
    )
    assert not problems
    assert (rows[2]["card_number"], rows[2]["name"]) == ("7", "Léa")


def test_what_the_mapping_does_not_say_is_as_in_a_file_without_the_column(reads):
    rows, _problems, _file = reads(COLUMNS, "No;Nom\n1;Léa\n")
    assert rows[2] == {"card_number": "1", "name": "Léa", "born": None, "resident": True, "price_class": "", "price": 0}


@pytest.mark.parametrize(
    ("rule", "header", "cells", "read"),
    [
        ('{ columns = ["A", "B"] }', "A;B", "Léa; Roy ", "Léa Roy"),
        ('{ columns = ["A", "B"], join = ", " }', "A;B", ";Roy", "Roy"),
        ('{ columns = ["B", "A"], join = "-" }', "A;B", "Léa;Roy", "Roy-Léa"),
        ('{ column = "A", before = "," }', "A;B", "Roy, Léa;", "Roy"),
        ('{ column = "A", after = "," }', "A;B", "Roy , Léa, Zoé;", "Léa, Zoé"),
        ('{ column = "A", before_last = " " }', "A;B", "Léa Zoé Roy;", "Léa Zoé"),
        ('{ column = "A", after_last = " " }', "A;B", "Léa Zoé Roy;", "Roy"),
        ('{ column = "A", digits = 4, prefix = "X-" }', "A;B", "12;", "X-0012"),
        ('{ column = "A", digits = 4, prefix = "X-" }', "A;B", "1b;", "X-1b"),
        ('{ value = "Magog" }', "A;B", "1;", "Magog"),
        ('{ column = "A", codes = { "Où  ça" = "là" } }', "A;B", "ou CA;", "là"),
        ('{ column = "A", codes = { "" = "rien", x = "y" } }', "A;B", ";", "rien"),
        ('{ column = "A" }', "A;B", "'=1+1;", "=1+1"),
    ],
)
def test_a_rule_makes_of_cells_what_it_says(reads, rule, header, cells, read):
    rows, problems, _file = reads(f'[columns]\ncard_number = "No"\nname = {rule}', f"No;{header}\n1;{cells}\n")
    assert not problems
    assert rows[2]["name"] == read


def test_dates_amounts_and_codes_are_read_and_empty_cells_are_empty(reads):
    mapping = (
        f'{COLUMNS}born = {{ column = "Né le", date = "JJ/MM/AAAA" }}\n'
        'price = { column = "Prix", amount = { unit = "cents" } }\n'
        'class = { column = "Tarif", codes = { M = "member", "" = "" } }'
    )
    rows, problems, _file = reads(mapping, "No;Nom;Né le;Prix;Tarif\n1;Léa;14/03/2016;1250;m\n2;Zoé;;;\n")
    assert not problems
    assert [(row["born"], row["price"], row["price_class"]) for row in rows.values()] == [
        (date(2016, 3, 14), 1250, "member"),
        (None, 0, ""),
    ]


def test_each_wrong_cell_of_a_row_is_named_by_the_files_own_column_and_line(reads):
    mapping = (
        f'{COLUMNS}born = {{ columns = ["Né", "en"], date = "JJ mois AAAA" }}\n'
        'resident = { column = "Tarif", codes = { R = 1, NR = 0 } }\nprice = "PRIX "'
    )
    text = 'No;Nom;Né;en;Tarif;prix\n"1";"Lé\na";31 juin;2016;X;cher\n2;Zoé;1er mai;2016;;1\n3;;;;nr;\n4;Ève\n'
    rows, problems, _file = reads(mapping, text)
    assert problems == [
        "ligne 2, Né + en (born) : « 31 juin 2016 » ne se lit pas comme JJ mois AAAA",
        "ligne 2, Tarif (resident) : « X » n’est pas dans les codes de la correspondance : R, NR",
        "ligne 2, prix (price) : « cher » n’est pas un nombre ; il faut par exemple 1234.56 ou 1 234,56",
        "ligne 4, Tarif (resident) : une case vide n’est pas dans les codes de la correspondance : R, NR",
        "ligne 5, Nom (name) : cette case est vide",
        "ligne 6, Tarif (resident) : une case vide n’est pas dans les codes de la correspondance : R, NR",
    ]
    assert not rows


def test_a_column_that_the_file_has_not_is_named_with_those_it_has(reads):
    for mapping in (COLUMNS, f'ignore = ["Nom"]\n{COLUMNS}', f'{COLUMNS}[[skip]]\ncolumn = "Nom"\nvalues = ["x"]'):
        with pytest.raises(BadMapping, match="n’a pas de colonne « Nom » ; il a « No », « Noms »"):
            reads(mapping, "No;;Noms\n1;;2\n")


def test_a_column_that_is_there_twice_is_refused_where_something_is_taken_of_it(reads):
    with pytest.raises(BadMapping, match="la colonne « Nom » est deux fois"):
        reads(COLUMNS, "No;Nom;NOM\n1;a;b\n")
    rows, _problems, file = reads(f'ignore = ["x"]\n{COLUMNS}', "No;Nom;x;X;y;\n1;a;b;c;d;e\n")
    assert (len(rows), file.unused) == (1, ["y"])


@pytest.mark.parametrize("text", ["", "\n\n", "Titre\n\n", ";;\n1;2;3\n"])
def test_a_file_without_its_header_is_no_table(reads, text):
    with pytest.raises(BadMapping, match="il faut une ligne avec le nom des colonnes"):
        reads(f"header_line = {1 if ';' in text or not text.strip() else 2}\n{COLUMNS}", text)


def test_lines_before_the_header_and_another_separator_keep_the_files_line_numbers(reads):
    mapping = f'separator = "|"\nheader_line = 3\n{COLUMNS}'
    text = 'Rapport "du jour\r\n\r\nNo|Nom\r\n1|Léa\r\n\r\n2|"Zo\r\né"\r\n3|\r\n4|"x\r\n'
    with pytest.raises(BadTable, match="ligne 9 : le fichier CSV est mal formé"):
        reads(mapping, text)
    rows, problems, _file = reads(mapping, text.removesuffix('4|"x\r\n'))
    assert {line: row["name"] for line, row in rows.items()} == {4: "Léa", 6: "Zo é"}
    assert problems == ["ligne 8, Nom (name) : cette case est vide"]


SKIP = '[[skip]]\ncolumn = "État"\nvalues = ["Annulé", ""]\n[[skip]]\ncolumn = "Nom"\nvalues = ["Total"]'


def test_a_row_that_is_too_wide_is_refused_and_not_left_out(reads):
    """One without its last cells has them empty."""
    _rows, problems, file = reads(f"{COLUMNS}{SKIP}", "No;Nom;État\n1;Total\n2;Léa;Annulé;plus\n\n3\n")
    assert [words.split(",")[0] for words in problems] == ["ligne 3"]
    assert file.skipped.total() == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("1", "2", "")),
            st.sampled_from(("Léa", "Total", "total ", "")),
            st.sampled_from(("Actif", "ANNULE", "", "Autre")),
            st.sampled_from(("1", "cher")),
        ),
        max_size=30,
    )
)
def test_every_row_is_read_refused_or_counted(reads, made):
    mapping = f'{COLUMNS}price = "Prix"\nclass = {{ column = "État", codes = {{ Actif = "member" }} }}\n{SKIP}'
    text = "\n".join(";".join(row) for row in [("No", "Nom", "État", "Prix"), *made])
    rows, problems, file = reads(mapping, text)
    refused = {int(words.split(",")[0].removeprefix("ligne ")) for words in problems}
    assert len(rows) + len(refused) + file.skipped.total() == len(made)
    assert all(row["price_class"] == "member" for row in rows.values())


HOME = [Column("household", cells.key(20), sort=KEY), Column("address", csv_files.text(40), required=False)]


@pytest.mark.parametrize(
    ("rule", "row", "why"),
    [
        ('{ column = "No", digits = 6 }', "0;", "ne nomme rien"),
        ('{ column = "No", prefix = "F-" }', "N/A;", "ne nomme rien"),
        ('{ column = "No", prefix = "F-" }', "#N/A;", "erreur de tableur"),
        ('{ column = "No", prefix = "F-" }', "2,02611E+11;", "a abrégé"),
        ('{ column = "No", after = "-", digits = 6 }', "F-0;", "ne nomme rien"),
        ('{ columns = ["No", "Type"], join = "-" }', ";A", "il en manque une partie"),
        ('{ columns = ["Type", "No"], join = "-" }', "NULL;A", "ne nomme rien"),
        ('"No"', "000000;", "ne nomme rien"),
    ],
)
def test_what_names_nobody_makes_no_household_whatever_a_mapping_adds_to_it(tmp_path, rule, row, why):
    """All the families without a number would be one, and each would read the others' invoices."""
    mapping, file = tmp_path / "cards.toml", tmp_path / "cards.csv"
    mapping.write_text(f"[columns]\nhousehold = {rule}\n", encoding="utf-8")
    file.write_text(f"No;Type\n{row}\n", encoding="utf-8")
    found, _opened = reading.read(file, HOME, rules.load(mapping, HOME))
    assert not found.rows
    assert why in problem(found.rejected[0])


def test_an_error_word_in_one_of_the_columns_joined_is_refused(tmp_path):
    mapping, file = tmp_path / "cards.toml", tmp_path / "cards.csv"
    mapping.write_text('[columns]\nhousehold = "F"\naddress = { columns = ["No", "Rue"] }\n', encoding="utf-8")
    file.write_text("F;No;Rue\nF-1;#REF!;Principale\nF-2;;Principale\n", encoding="utf-8")
    found, _opened = reading.read(file, HOME, rules.load(mapping, HOME))
    assert [row.values["address"] for row in found.rows] == ["Principale"]
    assert "erreur de tableur" in problem(found.rejected[0])
