"""What tests of rules may ask for."""

import pytest
from flask import Flask

from domain.common.letters import Letters


@pytest.fixture
def letters(app: Flask) -> Letters:
    """The portal's letters, its database bound."""
    return app.extensions["portal"].letters
