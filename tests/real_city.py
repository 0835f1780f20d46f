"""A city.toml in which nothing of the example is left, as a real city's."""

from pathlib import Path

SHIPPED = Path("city.toml").read_text(encoding="utf-8")
REAL = SHIPPED.replace("example.org", "ville.qc.ca").replace("000000000 RT", "123456789 RT").replace("0 TQ", "1 TQ")


def describe(folder: Path) -> str:
    """Write it in a folder; return where."""
    file = folder / "real-city.toml"
    file.write_text(REAL, encoding="utf-8")
    return str(file)
