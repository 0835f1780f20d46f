"""Files and letters, beside the counter."""

from tests.commands.conftest import brings, flask  # noqa: F401
from tests.domain.conftest import letters  # noqa: F401
