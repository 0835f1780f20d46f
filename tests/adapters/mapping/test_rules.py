"""A mapping's file: whatever in it is not understood is refused by its name, before anything is read by it."""

from pathlib import Path

import pytest

from adapters.csv_files import BadTable
from adapters.mapping import rules
from adapters.mapping.rules import CUTS, BadMapping
from city import load_city
from commands.import_kinds import KINDS
from tests.adapters.mapping.conftest import BOTH


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "columns ne dit rien"),
        ("columns = 3", "columns ne dit rien"),
        ("[columns]", "columns ne dit rien"),
        (f"column = 1\n[columns]\n{BOTH}", "column n’est pas un réglage"),
        (f'[columns]\n{BOTH}naissance = "Né le"', "naissance n’est pas une colonne .* il y a card_number, name, born"),
        ('[columns]\nname = "Nom"', "card_number manque"),
        (f"[columns]\n{BOTH}born = 3", "columns.born doit être une section"),
        (f'[columns]\n{BOTH}born = {{ column = "N", dat = "JJ" }}', "columns.born.dat n’est pas un réglage"),
        (f"[columns]\n{BOTH}born = {{ column = 3 }}", "columns.born.column n’est pas un réglage"),
        (f'[columns]\n{BOTH}born = {{ columns = "N" }}', "columns.born.columns doit être une liste"),
        (f"[columns]\n{BOTH}born = {{ }}", "born : il faut column"),
        (f'[columns]\n{BOTH}born = ""', "born : il faut column"),
        (f'[columns]\n{BOTH}born = {{ column = "N", value = "2016-03-14" }}', "born : il faut column"),
        ('[columns]\ncard_number = { value = "A" }\nname = "N"', "card_number : la même valeur sur chaque ligne"),
        (f'[columns]\n{BOTH}born = {{ value = "hier" }}', "born : « hier » n’est pas une date"),
        (f'[columns]\n{BOTH}born = {{ column = "N", date = "JJ/MM" }}', "born : « JJ/MM » ne dit pas AAAA"),
        (f'[columns]\n{BOTH}resident = {{ column = "R", date = "JJ/MM/AAAA" }}', "resident : .* n’est pas une date"),
        (f'[columns]\n{BOTH}born = {{ column = "N", amount = {{ }} }}', "born : .* n’est pas un montant"),
        (f'[columns]\n{BOTH}price = {{ column = "P", amount = {{ unit = "euros" }} }}', "price : unit doit être"),
        (f'[columns]\n{BOTH}resident = {{ column = "R", codes = {{ }} }}', "codes est vide"),
        (f'[columns]\n{BOTH}resident = {{ column = "R", codes = {{ N = "non" }} }}', "code « N » : « non » n’est pas"),
        (f'[columns]\n{BOTH}resident = {{ column = "R", codes = {{ N = true }} }}', "codes.N doit être un texte"),
        (f'[columns]\n{BOTH}resident = {{ column = "R", codes = {{ "é" = 0, E = 1 }} }}', "un code y est deux fois"),
        (
            '[columns]\nname = "N"\ncard_number = { column = "R", codes = { N = "" } }',
            "code « N » : cette case est vide",
        ),
        (f'[columns]\n{BOTH}born = {{ column = "N", date = "AAAA-MM-JJ", codes = {{ a = "" }} }}', "codes et date"),
        (f'[columns]\n{BOTH}class = {{ column = "N", before = "a", after = "b" }}', "before et after"),
        (f'[columns]\n{BOTH}price = {{ column = "N", prefix = "a", amount = {{ }} }}', "amount et digits ou prefix"),
        (f'separator = "ab"\n[columns]\n{BOTH}', "separator doit être"),
        (f"header_line = 0\n[columns]\n{BOTH}", "header_line est le numéro"),
        (f'[columns]\n{BOTH}[[skip]]\ncolumn = "É"\nvalues = []', "skip : il faut une colonne"),
        (f'[columns]\n{BOTH}[[skip]]\ncolumn = "É"\nis = ["x"]', r"skip\[1\].is n’est pas un réglage"),
        (f"ignore = [3]\n[columns]\n{BOTH}", r"ignore\[1\] doit être un texte"),
        ("[columns]\nname = Nom", "ne se lit pas : .*line 2"),
        (f"[columns]\n{BOTH}{BOTH}", "ne se lit pas"),
        (b"[columns]\nname = '\xe9'", "ne se lit pas"),
        (b"\0", "ne se lit pas"),
    ],
)
def test_what_is_not_understood_is_refused_by_its_name(loads, text, why):
    with pytest.raises(BadMapping, match=why) as refusal:
        loads(text)
    assert "kind.toml" in str(refusal.value)
    assert isinstance(refusal.value, BadTable)


def test_all_that_is_wrong_is_named_at_once(loads):
    with pytest.raises(BadMapping) as refusal:
        loads('separator = "x"\n[columns]\nnaissance = "Né le"\nborn = { value = "hier" }')
    assert len(str(refusal.value).splitlines()) == 5


def test_a_mapping_that_is_not_there_is_refused(loads, tmp_path):
    with pytest.raises(BadMapping, match=r"nowhere\.toml ne se lit pas"):
        rules.load(tmp_path / "nowhere.toml", [])


def test_a_name_alone_is_the_columns_and_a_mark_of_notepads_is_nothing(loads):
    mapping = loads(b"\xef\xbb\xbf" + f"[columns]\n{BOTH}".encode())
    assert mapping.columns["card_number"].columns == ["No"]
    assert (mapping.separator, mapping.header_line, mapping.skip, mapping.ignore) == ("", 1, [], [])


@pytest.mark.parametrize("text", ["Roy, Léa, Zoé", "Roy", "", ",", "Roy,", ", Léa"])
def test_two_halves_lose_nothing_of_a_cell(text):
    for one, other in (("before", "after"), ("before_last", "after_last")):
        halves = CUTS[one](text, ","), CUTS[other](text, ",")
        assert halves[0] + ("," if "," in text else "") + halves[1] == text


def test_the_documents_example_is_understood(tmp_path):
    shown = Path("docs/data.md").read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]
    (tmp_path / "cards.toml").write_text(shown, encoding="utf-8")
    mapping = rules.load(tmp_path / "cards.toml", KINDS["cards"][0](load_city(Path("city.toml"))))
    assert (mapping.separator, mapping.header_line, len(mapping.columns)) == ("\t", 4, 8)
