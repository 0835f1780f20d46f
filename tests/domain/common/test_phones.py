"""A telephone is its digits, whatever stands between them; what is no telephone is not made one."""

import pytest

from domain.common import phones


@pytest.mark.parametrize(
    "written",
    [
        "819 843-0000", "8198430000", "(819) 843-0000", "1-819-843-0000", "+1 819.843.0000", "819/843-0000",
        "819\u2011843\u20110000", "819\u2013843\u20130000", "819\u2212843\u20120000", "\u202a+1 819 843-0000\u202c",
        "819\u00a0843\u202f0000", "819\u200b8430000", "819\u00ad843\u00ad0000", "tél. : 819 843-0000",
        "011 1 819 843 0000",
    ],
)  # fmt: skip
def test_it_is_kept_one_way(written):
    assert phones.read(written) == "819 843-0000"


@pytest.mark.parametrize(
    "after", [" poste 24", ", poste 24", " p. 24", " x24", " ext. 24", "#24", " Poste no 24", " (poste 24)", " int. 24"]
)
def test_its_extension_is_kept(after):
    assert phones.read(f"(819) 843\u20110000{after}") == "819 843-0000 poste 24"


@pytest.mark.parametrize("written", ["+33 1 70 18 99 00", "011 33 1 70 18 99 00", "0033 1 70 18 99 00", "+33170189900"])
def test_one_from_abroad_keeps_its_country(written):
    assert phones.read(written) == "+33 1 70 18 99 00"


@pytest.mark.parametrize(
    "written",
    [
        "", "843-0000", "819 843-000", "819 843-00000", "8,198430E+09", "8.19843E9", "1 800 VILLE-QC", "112", "n/d",
        "819 843-0000 ou 819 843-1111", "819 843-0000, postes 24 et 25", "0" * 300, "019 843-0000",
    ],
)  # fmt: skip
def test_what_is_none_or_would_lose_a_digit_is_refused(written):
    with pytest.raises(phones.NotAPhone):
        phones.read(written)
