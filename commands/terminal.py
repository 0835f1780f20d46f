"""How a terminal's lines are written: before a colon stands the space that one types, so that they can be searched."""

NO_BREAK = "\u00a0"


def line(words: str) -> str:
    """Return words of views/messages as a terminal prints them."""
    return words.replace(f"{NO_BREAK}:", " :")


def shown(text: str) -> str:
    """Return what a file says on one line, without what a terminal would obey."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
