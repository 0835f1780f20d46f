"""What is typed, or stands in a file, without what nobody sees: two texts that look alike are the same."""

import re
import unicodedata

# Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt, 17.0): joiners, direction marks, soft hyphens…
IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
WHITE = re.compile("[\t\x0b\x0c\x85\u2028\u2029]")  # spaces by another name, as a table copied into a box brings them


def clean(text: str) -> str:
    """Return a text composed (NFC), its format and invisible characters dropped, tabs and the like made spaces."""
    return composed(WHITE.sub(" ", IGNORABLE.sub("", text)))


def composed(text: str) -> str:
    """Return a text in which an accent typed apart from its letter is that letter (NFC)."""
    return unicodedata.normalize("NFC", text)
