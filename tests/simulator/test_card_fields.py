"""The stand-in card fields, in a real browser, driven by the unmodified client and hosted-fields scripts."""

import logging
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FrameLocator, Page

from tests.simulation import Simulator

from .site import create_site, serving

logging.getLogger("werkzeug").setLevel(logging.ERROR)


@pytest.fixture
def page(chromium: Browser, simulator: Simulator, gateway: object) -> Iterator[Page]:
    with serving(create_site(simulator.url, gateway.client_token.generate())) as address:
        page = chromium.new_page(locale="fr-CA")
        page.set_default_timeout(8000)
        page.goto(f"{address}/mon-dossier/payer")
        until(page, "Boolean(window.fields || window.failure)")
        assert page.evaluate("window.failure") is None
        yield page
        page.close()


def until(page: Page, expression: str) -> None:
    for _ in range(160):  # the page's policy forbids eval, so its own waiting is out
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {expression}")


def field(page: Page, key: str) -> FrameLocator:
    return page.frame_locator(f"iframe[name=braintree-hosted-field-{key}]").locator("input")


def type_card(page: Page, number: str = "4111111111111111", expiration: str = "1230", cvv: str = "123") -> None:
    for key, text in (("number", number), ("expirationDate", expiration), ("cvv", cvv)):
        field(page, key).fill("")
        field(page, key).press_sequentially(text)


def test_typed_card_becomes_a_nonce_that_pays_once(page: Page, gateway: object) -> None:
    type_card(page)
    paid = page.evaluate("window.tokenize()")
    assert paid["type"] == "CreditCard"
    assert paid["details"]["lastFour"] == "1111"
    assert paid["details"]["cardType"] == "Visa"
    assert (paid["details"]["expirationMonth"], paid["details"]["expirationYear"]) == ("12", "2030")
    sold = gateway.transaction.sale({"amount": "12.34", "payment_method_nonce": paid["nonce"], "order_id": "P1"})
    assert sold.is_success
    assert sold.transaction.credit_card_details.last_4 == "1111"
    again = gateway.transaction.sale({"amount": "12.34", "payment_method_nonce": paid["nonce"], "order_id": "P2"})
    assert [error.code for error in again.errors.deep_errors] == ["91564"]


def test_typing_is_written_as_on_a_card(page: Page) -> None:
    type_card(page, number="378282246310005", expiration="3/29", cvv="12345")
    assert field(page, "number").input_value() == "3782 822463 10005"
    assert field(page, "expirationDate").input_value() == "03 / 29"
    assert field(page, "cvv").input_value() == "1234"
    for key in ("End", "Backspace", "Backspace"):
        field(page, "expirationDate").press(key)
    assert field(page, "expirationDate").input_value() == "03"


def test_correction_in_the_middle_keeps_its_place(page: Page) -> None:
    box = field(page, "number")
    box.press_sequentially("411111111111111")
    for _ in range(10):
        box.press("ArrowLeft")
    box.press_sequentially("2")
    assert box.input_value() == "4111 1112 1111 1111"
    box.press("Backspace")
    assert box.input_value() == "4111 1111 1111 111"


def test_empty_and_invalid_fields_are_named(page: Page) -> None:
    assert page.evaluate("window.tokenize()")["code"] == "HOSTED_FIELDS_FIELDS_EMPTY"
    type_card(page, number="4111111111111112", expiration="1220")
    refused = page.evaluate("window.tokenize()")
    assert refused["code"] == "HOSTED_FIELDS_FIELDS_INVALID"
    assert refused["type"] == "CUSTOMER"
    assert sorted(refused["invalid"]) == ["expirationDate", "number"]
    assert page.locator("#number").get_attribute("class") == "field braintree-hosted-fields-invalid"


def test_page_hears_what_happens_in_the_fields(page: Page) -> None:
    type_card(page)
    field(page, "cvv").press("Enter")
    for event in ("focus:number", "notEmpty:number", "cardTypeChange:number", "validityChange:number", "blur:number",
                  "validityChange:expirationDate", "validityChange:cvv", "inputSubmitRequest:cvv"):  # fmt: skip
        until(page, f"window.seen.includes('{event}')")
    state = page.evaluate("fields.getState()")
    assert [state["fields"][key]["isValid"] for key in ("number", "expirationDate", "cvv")] == [True] * 3
    assert state["cards"][0]["type"] == "visa"
    page.evaluate("fields.clear('number')")
    until(page, "fields.getState().fields.number.isEmpty")


def test_page_commands_its_fields(page: Page) -> None:
    page.locator("label[for=cvv]").click()
    until(page, "fields.getState().fields.cvv.isFocused")
    page.keyboard.type("987")
    assert field(page, "cvv").input_value() == "987"
    page.evaluate("fields.setAttribute({ field: 'number', attribute: 'aria-invalid', value: true })")
    page.evaluate("fields.setPlaceholder('number', 'Ici')")
    page.evaluate("fields.setMessage({ field: 'number', message: 'Le numéro est incomplet.' })")
    page.evaluate("fields.addClass('number', 'en-erreur')")
    page.wait_for_timeout(100)
    box = field(page, "number")
    assert box.get_attribute("aria-invalid") == "true"
    assert box.get_attribute("placeholder") == "Ici"
    assert "en-erreur" in box.get_attribute("class")
    description = page.frame_locator("iframe[name=braintree-hosted-field-number]").locator("#message")
    assert description.text_content() == "Le numéro est incomplet."


def test_fields_are_labelled_and_styled(page: Page) -> None:
    box = page.frame_locator("iframe[name=braintree-hosted-field-number]").get_by_label("Numéro de carte")
    assert box.get_attribute("autocomplete") == "cc-number"
    assert box.get_attribute("inputmode") == "numeric"
    assert box.evaluate("(input) => getComputedStyle(input).fontSize") == "19px"
    assert field(page, "expirationDate").get_attribute("autocomplete") == "cc-exp"
    assert page.locator("iframe[name=braintree-hosted-field-cvv]").get_attribute("title") == "Code (sécurisé)"
    box.press_sequentially("9999")
    assert box.evaluate("(input) => getComputedStyle(input).color") == "rgb(200, 0, 0)"


def test_lost_gateway_is_a_network_error(page: Page, simulator: Simulator) -> None:
    type_card(page)
    simulator.breaks("tokenize", "http_503")
    refused = page.evaluate("window.tokenize()")
    assert (refused["code"], refused["type"]) == ("HOSTED_FIELDS_TOKENIZATION_NETWORK_ERROR", "NETWORK")
    simulator.breaks("tokenize", "refused")
    assert page.evaluate("window.tokenize()")["code"] == "HOSTED_FIELDS_FAILED_TOKENIZATION"
    assert page.evaluate("window.tokenize()")["nonce"]


def test_nothing_is_blocked_but_statistics(chromium: Browser, simulator: Simulator, gateway: object) -> None:
    with serving(create_site(simulator.url, gateway.client_token.generate())) as address:
        page = chromium.new_page()
        said = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{address}/mon-dossier/payer")
        until(page, "Boolean(window.fields || window.failure)")
        type_card(page)
        page.evaluate("window.tokenize()")
        page.close()
    assert [text for text in said if "www.paypal.com/xoplatform/logger" not in text] == []
