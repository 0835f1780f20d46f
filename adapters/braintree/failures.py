"""What Braintree's SDK raises, sorted: surely not acted upon, the city's to mend, or uncertain."""

import requests
from braintree import exceptions as sdk
from braintree.exceptions.http.connection_error import ConnectionError as WrappedConnectionError
from braintree.exceptions.http.timeout_error import ConnectTimeoutError

from domain.payments.gateway import AccountRefused, GatewayDown, Uncertain

# Braintree does not let the city in: its keys, their rights, or this SDK; no card and no second try changes that.
REFUSES_THE_CITY = (
    sdk.authentication_error.AuthenticationError,
    sdk.authorization_error.AuthorizationError,
    sdk.upgrade_required_error.UpgradeRequiredError,
    sdk.configuration_error.ConfigurationError,
)
# The request was surely not acted upon: Braintree refused to hear it, or it never left.
NEVER_HEARD = (
    *REFUSES_THE_CITY,
    sdk.not_found_error.NotFoundError,
    sdk.too_many_requests_error.TooManyRequestsError,
    sdk.invalid_signature_error.InvalidSignatureError,
    requests.exceptions.ConnectTimeout,
    requests.exceptions.InvalidURL,
    ConnectTimeoutError,
)


def surely_unheard(problem: Exception) -> bool:
    """Tell whether the gateway surely did nothing; a connection cut after it was made may have carried the charge."""
    if isinstance(problem, NEVER_HEARD):
        return True
    text = repr(problem)
    return isinstance(problem, requests.exceptions.ConnectionError | WrappedConnectionError) and (
        "NewConnectionError" in text or "NameResolutionError" in text
    )


def not_answered(problem: Exception) -> AccountRefused | Uncertain:
    """Return what to raise of a question that got no answer."""
    return (AccountRefused if isinstance(problem, REFUSES_THE_CITY) else Uncertain)(repr(problem))


def vault_silent(problem: Exception) -> AccountRefused | GatewayDown:
    """Return what to raise when the vault, or who gives client tokens, did not answer."""
    # The SDK tells an unknown merchant account by a ValueError, whose words are Braintree's error 92807
    refused = isinstance(problem, REFUSES_THE_CITY) or (
        isinstance(problem, ValueError) and "merchant account" in str(problem).lower()
    )
    return (AccountRefused if refused else GatewayDown)(repr(problem))
