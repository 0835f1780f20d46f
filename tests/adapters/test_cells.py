"""Cells of what is sold: what is read, and what is refused with its reason."""

import pytest

from adapters import cells, csv_files


@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [
        (cells.whole(0, 150), "0", 0),
        (cells.whole(0, 150), "12", 12),
        (cells.whole(0, 150), "150", 150),
        (cells.price, "0", 0),
        (cells.price, "58.00", 5800),
        (cells.price, "1 044,50", 104450),
        (cells.code, "garde", "garde"),
        (cells.codes, "nage-2 nage-1 nage-2", "nage-2 nage-1"),
        (cells.codes, "nage-1, nage-2;nage-3", "nage-1 nage-2 nage-3"),
        (cells.segment, "club été", "club été"),
        (cells.named("moins-10", "paliers"), "paliers", "paliers"),
        (cells.spared("resident", "non_resident"), "Non_Resident", "non_resident"),
        (cells.spared("resident"), "Aînés", "Aînés"),
        (cells.web_address, "https://club.example.org/inscription?a=1", "https://club.example.org/inscription?a=1"),
        (cells.web_address, "http://club.example.org", "http://club.example.org"),
        (cells.email, "L’Equipe@ÉCOLE.ca", "L'Equipe@école.ca"),
        (cells.email, "nous@xn--cole-9oa.ca", "nous@école.ca"),
        (cells.email, "marie@x.ca; marc@x.ca", "marie@x.ca; marc@x.ca"),
        (cells.email, "aucun", "aucun"),
    ],
)
def test_what_a_cell_says_is_read(read, cell, value):
    assert read(cell) == value


@pytest.mark.parametrize(
    ("read", "cell", "why"),
    [
        (cells.whole(0, 150), "-1", "de 0 à 150"),
        (cells.whole(1, 99), "0", "de 1 à 99"),
        (cells.whole(0, 150), "151", "de 0 à 150"),
        (cells.whole(0, 150), "5.5", "nombre entier"),
        (cells.whole(0, 150), "cinq", "nombre entier"),
        (cells.whole(0, 150), "٥", "nombre entier"),
        (cells.whole(0, 150), "9" * 5000, "nombre entier"),
        (cells.price, "-0.01", "sous zéro"),
        (cells.price, "gratuit", "n’est pas un nombre"),
        (cells.price, "58.005", "n’est pas un nombre"),
        (cells.code, "service de garde", "sans espace"),
        (cells.code, "a:b", "sans espace"),
        (cells.code, "a/b", "sans espace"),
        (cells.codes, "nage-1 a:b", "sans espace"),
        (cells.codes, "x" * 61, "plus de 60"),
        (cells.segment, "club/été", "sans « / »"),
        (cells.named("moins-10"), "Moins-10", "il y a moins-10"),
        (cells.named(), "trois", "il y a rien"),
        (cells.web_address, "club.example.org", "n’est pas une adresse"),
        (cells.web_address, "javascript:alert(1)", "n’est pas une adresse"),
        (cells.web_address, "https://", "n’est pas une adresse"),
        (cells.web_address, "https:///chemin", "n’est pas une adresse"),
        (cells.web_address, "https://club.example.org/a b", "n’est pas une adresse"),
        (cells.web_address, "https://club.example.org/" + "x" * 255, "plus de 255"),
    ],
)
def test_what_it_cannot_say_is_refused_with_the_reason(read, cell, why):
    with pytest.raises(ValueError, match=why):
        read(cell)


@pytest.mark.parametrize(
    ("read", "cell"),
    [
        (csv_files.cents, "-1234.05"),
        (cells.price, "0.00"),
        (csv_files.thousandths, "1.500"),
        (csv_files.day, "2026-11-23"),
        (csv_files.time_of_day, "09:05"),
        (csv_files.moment, "2027-04-03T08:00"),
        (csv_files.moment, "2027-04-03T08:00:30"),
        (csv_files.flag, "0"),
        (cells.whole(0, 9), "7"),
    ],
)
def test_a_cell_is_written_as_it_is_read(read, cell):
    assert cells.written(csv_files.Column("x", read), read(cell)) == cell
