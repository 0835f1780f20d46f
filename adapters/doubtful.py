"""What spreadsheets and databases write where there is nothing, or where something was lost: it is no data.

`#N/A` made one household of all families without one; 2,02611E+11 made one invoice of many.
"""

import re
import unicodedata

from domain.common.cleaning import clean

KEY, NAME, PLAIN = "key", "name", "plain"  # what tells a thing from another; a person's; anything else
ERRORS = frozenset(
    {
        "#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#num!", "#null!", "#spill!", "#calc!", "#field!", "#busy!",
        "#connect!", "#blocked!", "#unknown!", "#error!", "#getting_data", "#n/d", "#valeur!", "#nom?", "#nombre!",
        "#nul!", "#erreur!", "#epars!", "err:502", "err:504", "err:508",
    }
)  # fmt: skip
NOTHING = frozenset(
    {"null", "nan", "none", "nil", "n/a", "n/d", "nd", "-", "--", "—", "s/o", "s.o.", "undefined", "(null)", "<null>"}
)
NO_KEY = NOTHING | {"-1", "0", "0.0", "0,0"}
MAY_BE_CALLED = frozenset({"null", "nan", "none", "nil", "nd"})
SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?e[+-]?[0-9]+", re.IGNORECASE)


def tidied(cell: str, *, of_several_lines: bool = False) -> str:
    """Return a cell cleaned as what people type is. Raises: ValueError for an error's word, or a control character."""
    text = clean(cell).strip()
    if text.casefold() in ERRORS:
        raise ValueError(f"« {text} » est une erreur de tableur, pas une valeur")
    if not of_several_lines:
        text = re.sub(r"\s*[\r\n]+\s*", " ", text)
    if any(unicodedata.category(one) in ("Cc", "Co", "Cs", "Cn") and one not in "\r\n" for one in text):
        raise ValueError("cette case a un caractère de contrôle")
    return text


def refuse_no_key(text: str) -> None:
    """Refuse what is no key, household or card: it would put strangers together. Raises: ValueError."""
    if text.casefold() in NO_KEY or not text.strip("0"):
        raise ValueError(f"« {text} » ne nomme rien : laissez la ligne de côté, ou donnez le vrai code")
    refuse_shortened(text)


def refuse_shortened(text: str) -> None:
    """Refuse a number that a spreadsheet shortened: its digits are gone. Raises: ValueError."""
    if SCIENTIFIC.fullmatch(text):
        raise ValueError(
            f"« {text} » : le tableur a abrégé ce numéro ; il faut la colonne en texte, et un autre fichier"
        )


def is_nothing(text: str, *, is_text: bool) -> bool:
    """Tell whether an optional cell says that there is nothing; of texts, 0 and -1 say so too."""
    return text.casefold() in (NO_KEY if is_text else NOTHING)
