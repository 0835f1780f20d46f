"""What people call what is in the catalogue: a town's titles are not the words that everybody looks for."""

import re
from collections.abc import Callable, Iterable

from flask_babel import lazy_gettext as lazy

from domain.activities.catalogue import Entry
from domain.activities.classes import folded
from models import Activity

SMALL = folded(  # what says nothing of what is looked for
    "a au aux avec d de des du en et l la le les ou pour sur un une"
    " activité activités cours atelier ateliers leçon leçons séance séances inscription inscriptions"
).split()
CATEGORIES = {Activity.CHILD_CARE: lazy("camp de jour, camp d’été, service de garde, relâche")}
# Each a way of naming one thing; the first is how it is offered to who found nothing.
SAME: tuple[tuple[str, ...], ...] = (
    ("natation", "nager", "nageur", "nageuse", "nage", "aquaforme", "piscine"),
    ("mise en forme", "entrainement", "gym", "fitness", "musculation"),
    ("patinage", "patin", "glace"),
    ("arts martiaux", "judo", "karate", "taekwondo", "aikido"),
    ("danse", "ballet", "hip-hop", "zumba"),
    ("arts visuels", "peinture", "dessin", "poterie", "bricolage"),
    ("musique", "guitare", "piano", "chant", "chorale"),
)
TOPICS = ("camp de jour", *(names[0] for names in SAME))


def cleaned(text: str) -> str:
    """Return the words that are looked for: small ones left out, and the plural's ending."""
    words = [word for word in re.findall(r"\w+", folded(text)) if word not in SMALL]
    return " ".join(word[:-1] if len(word) > 3 and word[-1] in "sx" else word for word in words)


def also(activity: Activity) -> str:
    """Return what else a group may be called: its category, and other names of what its title says."""
    named = f" {cleaned(f'{activity.title} {activity.program} {activity.level}')} "
    same = (" ".join(names) for names in SAME if any(f" {cleaned(name)} " in named for name in names))
    return " ".join(filter(None, [str(CATEGORIES.get(activity.category, "")), *same]))


def topics(finds: Callable[[str], Iterable[Entry]]) -> list[str]:
    """Return the topics under which something is found: a way on for who found nothing."""
    return [topic for topic in TOPICS if any(True for _one in finds(cleaned(topic)))]
