"""A birth date typed in three boxes: what is wrong with it is one message, true of what was typed."""

from datetime import date

from flask_babel import gettext as _

from domain.common import clock

OLDEST_YEAR = 1900
MONTHS = [
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
]  # fmt: skip
YEAR, MONTH, DAY = BOXES = ("birth_year", "birth_month", "birth_day")


class WrongBirthDate(ValueError):
    """Tried to read a birth date that is none: the words, and the boxes they speak of."""

    def __init__(self, words: str, *boxes: str) -> None:
        super().__init__(words)
        self.words, self.boxes = words, boxes


def read(year: str, month: str, day: str) -> date:
    """Return the date of three texts. Raises: WrongBirthDate."""
    typed = {YEAR: year.strip(), MONTH: month.strip(), DAY: day.strip()}
    numbers = {box: _whole(text) for box, text in typed.items()}
    wrong = [box for box, number in numbers.items() if not _may_be(box, number, typed[box])]
    if wrong:
        raise WrongBirthDate(_said(wrong, typed), *wrong)
    return _of_the_past(*(numbers[box] or 0 for box in BOXES))


def _of_the_past(year: int, month: int, day: int) -> date:
    if year < OLDEST_YEAR:
        raise WrongBirthDate(_("L’année %(year)s est trop ancienne. Vérifiez-la.", year=year), YEAR)
    try:
        born = date(year, month, day)
    except ValueError:
        raise WrongBirthDate(
            _("Le %(day)s %(month)s %(year)s n’existe pas.", day=day, month=MONTHS[month - 1], year=year), DAY
        ) from None
    if born > clock.today():
        raise WrongBirthDate(
            _("Cette date est dans le futur. Vérifiez-la."), YEAR if year > clock.today().year else DAY
        )
    return born


def _may_be(box: str, number: int | None, text: str) -> bool:
    if number is None:
        return False
    return {YEAR: len(text) == 4, MONTH: 1 <= number <= 12, DAY: 1 <= number <= 31}[box]


def _said(wrong: list[str], typed: dict[str, str]) -> str:
    """Return the one message about boxes that are empty, or hold what cannot be."""
    if not any(typed.values()):
        return _("Écrivez la date de naissance.")
    if len(wrong) > 1:
        return _("Vérifiez la date\u00a0: l’année en quatre chiffres, le mois, et le jour de 1 à 31.")
    return {
        YEAR: _("Écrivez l’année en quatre chiffres, par exemple 1984."),
        MONTH: _("Choisissez le mois de naissance."),
        DAY: _("Écrivez le jour, de 1 à 31."),
    }[wrong[0]]


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None
