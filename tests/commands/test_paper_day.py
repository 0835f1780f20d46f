"""`flask jour-j papier`: one PDF for its owner alone, an index and each group with lines to write on."""

import pytest
from pypdf import PdfReader

from domain.common import clock
from models import HealthForm, Registration
from tests.factories import make_group, make_health_form, make_household, make_person, make_registration


@pytest.fixture
def prints(flask, tmp_path):
    def run() -> list[str]:
        result = flask("jour-j", "papier", "--into", tmp_path / "papier")
        assert result.exit_code == 0, result.output
        [file] = (tmp_path / "papier").iterdir()
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.parent.stat().st_mode & 0o777 == 0o700
        return [page.extract_text().replace("\xa0", " ") for page in PdfReader(file).pages]

    return run


def test_a_group_a_page_after_an_index_with_lines_to_write_the_hour_on(db, prints):
    home = make_household()
    child = make_person(home, first_name="Léa", last_name="Trần", birth_date=clock.today().replace(year=2018, day=1))
    make_person(home, phone="819 555-0101")
    group = make_group(title="Club été", capacity=3)
    make_registration(child, group)
    make_registration(make_person(home, first_name="Tom"), group, status=Registration.WAITING, rank=1)
    make_group(title="Tennis", capacity=0)
    index, *pages = prints()
    assert "Club été" in index
    assert "Tennis" in index
    assert len(pages) == 2
    [camp] = [page for page in pages if "Club été" in page]
    for words in ("Trần, Léa", "819 555-0101", "il reste 2", "1. ", "Tom", "Jour et heure", group.place.name):
        assert words in camp, words
    [tennis] = [page for page in pages if "Tennis" in page]
    assert "complet" in tennis


def test_nothing_of_the_health_forms_is_on_it(db, prints):
    home = make_household()
    child = make_person(home)
    make_registration(child, make_group())
    make_health_form(child, home, allergies="arachides", auto_injector="sac bleu")
    assert HealthForm.select().exists()
    assert not any("arachides" in page or "sac bleu" in page for page in prints())


def test_a_folder_that_cannot_be_written_is_said(flask, tmp_path):
    (tmp_path / "file").touch()
    result = flask("jour-j", "papier", "--into", tmp_path / "file" / "x")
    assert (result.exit_code, "ne s’écrit pas" in result.output) == (1, True)
