"""What tests of commands may ask for: `flask …` run in this process, and a CSV file of the city's to give it."""

from collections.abc import Callable, Sequence

import pytest
from click.testing import Result
from flask import Flask

from tests.commands.rows import table


@pytest.fixture
def flask(app: Flask) -> Callable[..., Result]:
    """Return what runs `flask` with these words."""
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=[str(word) for word in words])


@pytest.fixture
def printed(app: Flask) -> Callable[..., str]:
    """Return what runs `flask`, expects its exit status (None: any) and gives what it printed."""

    def run(*words: object, code: int | None = 0) -> str:
        result = app.test_cli_runner().invoke(args=[str(word) for word in words])
        assert code is None or result.exit_code == code, result.output
        return result.output

    return run


@pytest.fixture
def brings(flask, tmp_path) -> Callable[..., Result]:
    """Return what writes a file, of rows or as it stands, and runs `flask import KIND` on it."""

    def run(kind: str, content: Sequence[dict] | str | bytes, *options: str) -> Result:
        if not isinstance(content, str | bytes):
            content = table(content)
        raw = content.encode() if isinstance(content, str) else content
        file = tmp_path / f"{kind}.csv"
        file.write_bytes(raw)
        result = flask("import", kind, file, *options)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run
