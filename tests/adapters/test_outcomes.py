"""The outcome table: every exception a call to the gateway can raise, and whether money may have moved."""

import http.client
import pkgutil
import socket
import ssl
from importlib import import_module

import braintree.exceptions
import pytest
import requests
import urllib3
from braintree.exceptions.braintree_error import BraintreeError

from adapters.braintree.failures import surely_unheard

SDK = braintree.exceptions
NEW_CONNECTION = urllib3.exceptions.NewConnectionError(None, "refused")
UNKNOWN_NAME = urllib3.exceptions.NameResolutionError("gateway", None, socket.gaierror("unknown"))
POOL = urllib3.HTTPConnectionPool("gateway")

SURELY_NOT_CHARGED = {
    SDK.authentication_error.AuthenticationError(),
    SDK.authorization_error.AuthorizationError(),
    SDK.configuration_error.ConfigurationError("no key"),
    SDK.invalid_signature_error.InvalidSignatureError(),
    SDK.not_found_error.NotFoundError(),
    SDK.too_many_requests_error.TooManyRequestsError(),
    SDK.upgrade_required_error.UpgradeRequiredError(),
    SDK.http.timeout_error.ConnectTimeoutError(),
    SDK.http.connection_error.ConnectionError(repr(NEW_CONNECTION)),
    requests.exceptions.ConnectTimeout(),
    requests.exceptions.InvalidURL(),
    requests.exceptions.ConnectionError(urllib3.exceptions.MaxRetryError(POOL, "/", NEW_CONNECTION)),
    requests.exceptions.ConnectionError(urllib3.exceptions.MaxRetryError(POOL, "/", UNKNOWN_NAME)),
}
UNCERTAIN = {
    SDK.braintree_error.BraintreeError(),
    SDK.gateway_timeout_error.GatewayTimeoutError(),
    SDK.invalid_challenge_error.InvalidChallengeError(),
    SDK.request_timeout_error.RequestTimeoutError(),
    SDK.server_error.ServerError(),
    SDK.service_unavailable_error.ServiceUnavailableError(),
    SDK.test_operation_performed_in_production_error.TestOperationPerformedInProductionError(),
    SDK.unexpected_error.UnexpectedError("502"),
    SDK.http.connection_error.ConnectionError("reset by peer"),
    SDK.http.invalid_response_error.InvalidResponseError("garbage"),
    SDK.http.timeout_error.ReadTimeoutError(),
    SDK.http.timeout_error.TimeoutError(),
    requests.exceptions.ReadTimeout(),
    requests.exceptions.SSLError("a read cut inside TLS says the same as a handshake"),
    requests.exceptions.ChunkedEncodingError(),
    requests.exceptions.ContentDecodingError(),
    requests.exceptions.TooManyRedirects(),
    requests.exceptions.ConnectionError("Connection aborted", http.client.RemoteDisconnected()),
    requests.exceptions.ConnectionError(ConnectionResetError("reset by peer")),
    ssl.SSLError(),
    ValueError("XML that is not"),
    AttributeError("a field the SDK expected"),
    KeyError("transaction"),
    MemoryError(),
}


@pytest.mark.parametrize("problem", sorted(SURELY_NOT_CHARGED, key=repr), ids=repr)
def test_surely_not_charged(problem):
    assert surely_unheard(problem)


@pytest.mark.parametrize("problem", sorted(UNCERTAIN, key=repr), ids=repr)
def test_uncertain(problem):
    assert not surely_unheard(problem)


def test_no_exception_of_the_sdk_is_left_out():
    for module in pkgutil.walk_packages(SDK.__path__, "braintree.exceptions."):
        import_module(module.name)
    assert descendants(BraintreeError) <= {type(problem) for problem in SURELY_NOT_CHARGED | UNCERTAIN}


def descendants(kind: type) -> set[type]:
    below = kind.__subclasses__()
    return {kind}.union(*map(descendants, below)) if below else {kind}
