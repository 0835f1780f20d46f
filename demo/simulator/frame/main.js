// One card field, in its own frame: a stand-in for the real one, spoken to by the unmodified hosted-fields script.
import constants from "braintree-web/hosted-fields/shared/constants";
import errors from "braintree-web/hosted-fields/shared/errors";
import focusIntercept from "braintree-web/hosted-fields/shared/focus-intercept";
import Framebus from "framebus";
import { cards, fields, only } from "./card";

const TOKENIZATION_TIMEOUT = 60000;
const events = constants.events;
const key = window.name.replace("braintree-hosted-field-", "");
const kind = fields[key];
const input = document.getElementById("field");
const label = document.querySelector("label");
const component = location.hash.slice(1);
const bus = new Framebus({ channel: component });

let config = { fields: {} };
let client; // known to the first field's frame only, the one that answers tokenize()
let before = {};
let strict = false; // from a refused tokenize() until the next key

const own = () => config.fields[key] || {};

// The frames of one form share an origin and an address, so each can look into the others.
function siblings() {
  const found = {};
  for (let i = 0; i < parent.frames.length; i++) {
    try {
      const frame = parent.frames[i];
      if (frame.hostedField && frame.location.hash === location.hash) found[frame.hostedField.key] = frame.hostedField;
    } catch (error) {
      // a frame of another origin is none of ours
    }
  }
  return found;
}

function possibleCards() {
  const number = siblings().number;
  return cards(number ? number.value() : "");
}

function state() {
  const validity = input.value ? kind.check(input.value, only(possibleCards()), own()) : { isPotentiallyValid: true };
  return {
    isEmpty: input.value === "",
    isValid: Boolean(validity.isValid),
    isPotentiallyValid: strict ? Boolean(validity.isValid) : validity.isPotentiallyValid,
    isFocused: document.hasFocus() && document.activeElement === input,
  };
}

function tell(type) {
  const others = siblings();
  const known = {};
  Object.keys(config.fields).forEach((name) => {
    known[name] = others[name]
      ? others[name].state()
      : { isEmpty: true, isValid: false, isPotentiallyValid: true, isFocused: false };
  });
  bus.emit(events.INPUT_EVENT, { type, merchantPayload: { emittedBy: key, cards: possibleCards(), fields: known } });
}

function refresh() {
  const now = { ...state(), cards: key === "number" ? possibleCards().map((card) => card.type).join() : "" };
  const was = before;
  before = now;
  input.classList.toggle("valid", now.isValid);
  input.classList.toggle("invalid", !now.isPotentiallyValid);
  if (now.isEmpty !== was.isEmpty) tell(now.isEmpty ? "empty" : "notEmpty");
  if (now.isValid !== was.isValid || now.isPotentiallyValid !== was.isPotentiallyValid) tell("validityChange");
  if (now.cards !== was.cards) {
    tell("cardTypeChange");
    if (siblings().cvv) siblings().cvv.refresh();
  }
}

function write(text, deleting) {
  if (own().formatInput === false) return;
  const written = kind.write(text, own(), deleting, only(possibleCards()));
  if (written === input.value) return;
  const typed = (part) => part.replace(/[\s/]/g, "").length;
  const atEnd = input.selectionStart === input.value.length;
  let left = typed(input.value.slice(0, input.selectionStart));
  input.value = written;
  let caret = written.length;
  if (!atEnd) for (caret = 0; left > 0 && caret < written.length; caret++) left -= typed(written[caret]);
  input.setSelectionRange(caret, caret);
}

function validateStrictly() {
  strict = true;
  refresh();
}

function configure(given) {
  config = given;
  const field = own();
  label.textContent = field.internalLabel || constants.allowedFields[key].label;
  if (field.type) input.type = field.type;
  if (kind.textual) input.removeAttribute("inputmode");
  if (field.placeholder) input.placeholder = field.placeholder;
  const autocomplete = constants.autocompleteMappings[constants.allowedFields[key].name];
  input.autocomplete = config.preventAutofill ? "off" : autocomplete;
  input.name = constants.allowedFields[key].name;
  input.classList.add(key);
  addStyles(config.styles || {});
  input.value = field.prefill || "";
  write(input.value);
  before = { ...state(), cards: key === "number" ? possibleCards().map((card) => card.type).join() : "" };
}

// Through the style sheet's own interface, which a strict content security policy allows.
function addStyles(styles) {
  const sheet = document.styleSheets[0];
  Object.keys(styles).forEach((selector) => {
    const nested = selector.startsWith("@media");
    const rules = nested ? styles[selector] : { [selector]: styles[selector] };
    Object.keys(rules).forEach((inner) => {
      const body = declarations(rules[inner]);
      const rule = `${inner} { ${body} }`;
      try {
        sheet.insertRule(nested ? `${selector} { ${rule} }` : rule, sheet.cssRules.length);
      } catch (error) {
        // a selector this browser does not know
      }
    });
  });
}

function declarations(given) {
  return Object.keys(given)
    .map((name) => [name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), given[name]])
    .filter(([name, value]) => constants.allowedStyles.includes(name) && !/[;{}]/.test(value))
    .map(([name, value]) => `${name}: ${value};`)
    .join(" ");
}

function tokenize(options, reply) {
  const all = siblings();
  Object.values(all).forEach((field) => field.validateStrictly());
  const names = options.fieldsToTokenize || Object.keys(all);
  const invalid = names.filter((name) => !all[name].state().isValid);
  if (names.every((name) => all[name].state().isEmpty)) return reply([errors.HOSTED_FIELDS_FIELDS_EMPTY]);
  if (invalid.length > 0) {
    return reply([{ ...errors.HOSTED_FIELDS_FIELDS_INVALID, details: { invalidFieldKeys: invalid } }]);
  }
  const creditCard = {};
  names.forEach((name) => (creditCard[name] = all[name].value().trim()));
  creditCard.number = creditCard.number.replace(/\s/g, "");
  if (creditCard.expirationDate) creditCard.expirationDate = creditCard.expirationDate.replace(/\s/g, "");
  creditCard.billingAddress = { ...options.billingAddress, ...(creditCard.postalCode && { postalCode: creditCard.postalCode }) };
  delete creditCard.postalCode;
  return send(creditCard).then(
    (payload) => reply([null, payload]),
    (error) => reply([error]),
  );
}

async function send(creditCard) {
  let response, body;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), TOKENIZATION_TIMEOUT);
  try {
    response = await fetch("../../../v1/payment_methods/credit_cards", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ creditCard, authorizationFingerprint: client.authorizationFingerprint, _meta: client.analyticsMetadata }),
      signal: limit.signal,
    });
    body = await response.json();
  } catch (error) {
    throw networkError(response ? response.status : 0, String(error));
  } finally {
    clearTimeout(timer);
  }
  if (response.status >= 500 || (response.ok && !body.creditCards)) throw networkError(response.status, body);
  if (!response.ok) throw refusal(response.status, body);
  const { nonce, details, description, type, binData } = body.creditCards[0];
  return { nonce, details, description, type, binData };
}

function networkError(httpStatus, originalError) {
  return { ...errors.HOSTED_FIELDS_TOKENIZATION_NETWORK_ERROR, details: { httpStatus, originalError } };
}

function refusal(httpStatus, originalError) {
  const nested = ((originalError.fieldErrors || [])[0] || {}).fieldErrors || [];
  const known = nested.map((problem) => constants.tokenizationErrorCodes[problem.code]).find(Boolean);
  const error = known || errors.HOSTED_FIELDS_FAILED_TOKENIZATION;
  return { ...error, details: { httpStatus, originalError: { details: { originalError, httpStatus } } } };
}

function forThisField(change) {
  return (data) => {
    if (data.field === key) change(data);
  };
}

input.addEventListener("input", (event) => {
  strict = false;
  write(input.value, /^delete/.test(event.inputType || ""));
  refresh();
});
input.addEventListener("focus", () => tell("focus"));
input.addEventListener("blur", () => tell("blur"));
input.addEventListener("keydown", (event) => {
  if (event.key === "Enter") tell("inputSubmitRequest");
});

// On phones and in Firefox, boxes that nobody sees stand before and after the input, here as in the page: leaving the
// frame by the keyboard goes through them.
function intercept(direction) {
  const leave = () => bus.emit(events.TRIGGER_FOCUS_CHANGE, { field: key, direction });
  return focusIntercept.generate(component, key, direction, leave);
}
input.before(intercept(constants.navigationDirections.BACK));
input.after(intercept(constants.navigationDirections.FORWARD));

const setAttribute = ({ attribute, value }) => {
  if (attribute === "disabled") input.disabled = Boolean(value);
  else input.setAttribute(attribute, value);
};

bus.on(events.CONFIGURATION, configure);
bus.on(events.SET_ATTRIBUTE, forThisField(setAttribute));
bus.on(events.REMOVE_ATTRIBUTE, forThisField(({ attribute }) => input.removeAttribute(attribute)));
bus.on(events.ADD_CLASS, forThisField(({ classname }) => input.classList.add(classname)));
bus.on(events.REMOVE_CLASS, forThisField(({ classname }) => input.classList.remove(classname)));
bus.on(events.TRIGGER_INPUT_FOCUS, forThisField(() => input.focus()));
bus.on(events.REMOVE_FOCUS_INTERCEPTS, (which) => focusIntercept.destroy(which && which.id));
bus.on(events.SET_MESSAGE, forThisField(({ message }) => (document.getElementById("message").textContent = message || "")));
bus.on(
  events.CLEAR_FIELD,
  forThisField(() => {
    input.value = "";
    refresh();
  }),
);
bus.on(events.TOKENIZATION_REQUEST, (options, reply) => {
  if (client) tokenize(options, reply);
});

window.hostedField = { key, state, refresh, validateStrictly, value: () => input.value };

// Only one field's frame gets this reply: it hands the configuration on to the others.
bus.emit(events.FRAME_READY, { field: key }, (given) => {
  configure(given);
  bus.emit(events.CONFIGURATION, given);
  bus.emit(events.READY_FOR_CLIENT, (known) => (client = known));
});
