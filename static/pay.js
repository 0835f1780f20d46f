/* The card fields (Braintree Hosted Fields), in French, and a Pay button that works once. */
"use strict";

(() => {
  const WAIT_MS = 8000;
  const READ_MS = 30000; // a frame that crashed would leave us waiting for ever
  const WORDS = {
    number: ["Numéro de la carte", "Écrivez le numéro de la carte.", "Vérifiez le numéro de la carte."],
    expirationDate: ["Date d’expiration, mois et année", "Écrivez la date d’expiration.", "Vérifiez la date d’expiration, par exemple 04/28."],
    cvv: ["Code de sécurité", "Écrivez le code de sécurité.", "Vérifiez le code de sécurité."],
    postalCode: ["Code postal de la carte", "Écrivez le code postal de la carte.", "Vérifiez le code postal, par exemple J1X 2B6."],
  };
  const CONTAINERS = { number: "number", expirationDate: "expiration", cvv: "cvv", postalCode: "postal" };
  // The city may not ask for the postal code: the page then has no place for it.
  const NAMES = Object.keys(CONTAINERS).filter((name) => document.getElementById(CONTAINERS[name]));
  const section = document.getElementById("card");
  const form = document.getElementById("pay");
  const button = document.getElementById("pay-button");
  const buttonWords = button.textContent;
  const problem = document.getElementById("card-problem");
  const loading = document.getElementById("card-loading");

  function tell(words) {
    problem.textContent = words;
    problem.hidden = !words;
    if (words) problem.focus();
  }

  function giveUp() {
    loading.hidden = true;
    tell(section.dataset.late);
  }

  // Beside the field for the eye, and inside its frame for a screen reader.
  function mark(fields, name, words) {
    const said = document.getElementById(name + "-error");
    if (said.textContent === words) return;
    said.textContent = words;
    said.hidden = !words;
    document.getElementById(CONTAINERS[name]).classList.toggle("invalid", Boolean(words));
    fields.setAttribute({ field: name, attribute: "aria-invalid", value: String(Boolean(words)) });
    fields.setMessage({ field: name, message: words });
  }

  // One kind of card left, and the city does not take it: true from the first digits on.
  function isRefused(cards) {
    return cards.length === 1 && !section.dataset.cards.split("|").includes(cards[0].niceType);
  }

  function complaint(name, state) {
    const field = state.fields[name];
    if (name === "number" && !field.isEmpty && isRefused(state.cards)) return section.dataset.refused;
    if (field.isValid) return "";
    return field.isEmpty ? WORDS[name][1] : WORDS[name][2];
  }

  function complaints(state) {
    return Object.keys(state.fields).filter((name) => complaint(name, state));
  }

  function fieldOptions(name) {
    return {
      selector: "#" + CONTAINERS[name],
      iframeTitle: WORDS[name][0],
      internalLabel: WORDS[name][0],
      placeholder: "",
    };
  }

  function styles() {
    const css = getComputedStyle(document.body);
    return { input: { "font-size": "18px", "font-family": css.fontFamily, color: css.color } };
  }

  async function create() {
    const client = await braintree.client.create({ authorization: section.dataset.token });
    return braintree.hostedFields.create({
      client,
      styles: styles(),
      fields: Object.fromEntries(NAMES.map((name) => [name, fieldOptions(name)])),
    });
  }

  function busy(on) {
    button.disabled = on;
    button.textContent = on ? button.dataset.busy : buttonWords;
  }

  function showErrors(fields) {
    const state = fields.getState();
    const wrong = complaints(state);
    Object.keys(state.fields).forEach((name) => mark(fields, name, complaint(name, state)));
    if (wrong.length) fields.focus(wrong[0]);
    else tell(section.dataset.unread);
  }

  // A guest's name: told before the card is read, and the card fields keep what they hold.
  function nameless() {
    const name = form.elements.payer_name;
    if (!name) return false;
    const missing = !name.value.trim();
    const said = document.getElementById("payer_name-missing");
    said.hidden = !missing;
    if (missing) name.setAttribute("aria-describedby", said.id);
    name.setAttribute("aria-invalid", String(missing));
    if (missing) name.focus();
    return missing;
  }

  function tooLong() {
    return new Promise((resolve, reject) => { setTimeout(() => reject(new Error("no answer from the card fields")), READ_MS); });
  }

  async function pay(fields, event) {
    event.preventDefault();
    if (button.disabled) return;
    tell("");
    if (nameless()) return;
    if (complaints(fields.getState()).length) return showErrors(fields);
    busy(true);
    try {
      const { nonce } = await Promise.race([fields.tokenize(), tooLong()]);
      form.elements.payment_method_nonce.value = nonce;
      form.submit();
    } catch {
      busy(false);
      showErrors(fields);
    }
  }

  function wire(fields) {
    loading.hidden = true;
    tell("");
    // Its boxes in the page only mark a place; those inside the frames take the keyboard from field to field.
    document.querySelectorAll(".focus-intercept").forEach((box) => { box.tabIndex = -1; });
    fields.on("focus", (event) => document.getElementById(CONTAINERS[event.emittedBy]).classList.add("focused"));
    fields.on("blur", (event) => {
      document.getElementById(CONTAINERS[event.emittedBy]).classList.remove("focused");
      mark(fields, event.emittedBy, event.fields[event.emittedBy].isEmpty ? "" : complaint(event.emittedBy, event));
    });
    fields.on("validityChange", (event) => { if (!complaint(event.emittedBy, event)) mark(fields, event.emittedBy, ""); });
    fields.on("cardTypeChange", (event) => mark(fields, "number", isRefused(event.cards) ? section.dataset.refused : ""));
    fields.on("inputSubmitRequest", () => form.requestSubmit());
    form.addEventListener("submit", (event) => pay(fields, event));
    button.disabled = false;
  }

  section.hidden = false;
  document.getElementById("no-card").hidden = true;
  form.addEventListener("submit", (event) => { if (button.disabled) event.preventDefault(); });
  const late = setTimeout(giveUp, WAIT_MS);
  if (!section.dataset.token || !window.braintree) {
    clearTimeout(late);
    giveUp();
  } else {
    create().then(wire, giveUp).finally(() => clearTimeout(late));
  }
})();
