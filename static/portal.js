/* Small helps on any page. */
"use strict";

function prove(box) {
  const said = box.querySelector("[role=status]");
  const field = box.querySelector("input");
  const challenge = JSON.parse(box.dataset.challenge);
  const form = field.form;
  const worker = new Worker(box.dataset.worker);
  let waiting = false;
  delete box.dataset.proof;
  said.textContent = box.dataset.busy;

  function hold(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting = true;
  }

  function finish(words) {
    worker.terminate();
    form.removeEventListener("submit", hold, true);
    said.textContent = words;
    if (waiting) form.requestSubmit();
  }

  form.addEventListener("submit", hold, true);
  worker.onmessage = ({ data }) => {
    if (!data || data.error || data.counter === undefined) return finish("");
    field.value = btoa(JSON.stringify({ challenge, solution: data }));
    return finish("✓ " + box.dataset.done);
  };
  worker.onerror = () => finish("");
  worker.postMessage({ type: "work", challenge, counterStart: 0, counterStep: 1 });
}

function reveal(box) {
  const fields = box.dataset.reveal.split(" ").map((id) => document.getElementById(id));
  delete box.dataset.reveal;
  box.hidden = false;
  box.querySelector("input").addEventListener("change", (event) => {
    fields.forEach((field) => { field.type = event.target.checked ? "text" : "password"; });
  });
  // a password, or browsers would remember it
  fields[0].form.addEventListener("submit", () => fields.forEach((field) => { field.type = "password"; }));
}

function offerPrint(button) {
  delete button.dataset.print;
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

function addUp(line) {
  const form = line.closest("form");
  const said = line.querySelector("[role=status]");
  delete line.dataset.total;
  line.hidden = false;
  function tell() {
    let cents = 0;
    form.querySelectorAll(":checked").forEach((box) => { cents += Number(box.closest("li").dataset.balanceCents); });
    said.textContent = (cents / 100).toLocaleString("fr-CA", { style: "currency", currency: "CAD" });
  }
  form.addEventListener("change", tell);
  window.addEventListener("pageshow", tell, { once: true });
  tell();
}

/* The session's end: said two minutes before, with a way to stay. */
function warn(box) {
  const seconds = Number(box.dataset.limit);
  const said = document.createElement("p");
  const button = document.createElement("button");
  let over = 0;
  delete box.dataset.limit;
  said.setAttribute("role", "status");
  button.type = "button";
  button.className = "second";
  button.textContent = box.dataset.button;
  button.hidden = true;
  box.append(said, button);

  function say(words) {
    said.textContent = words;
    box.classList.toggle("panel", words !== "");
    button.hidden = words !== box.dataset.soon || !box.dataset.stay;
  }

  function wait() {
    setTimeout(() => { if (box.isConnected) say(box.dataset.soon); }, Math.max(seconds - 120, 0) * 1000);
    over = setTimeout(() => { if (box.isConnected) say(box.dataset.over); }, seconds * 1000);
  }

  button.addEventListener("click", async () => {
    const answer = await fetch(box.dataset.stay, { redirect: "manual" }).catch(() => null);
    if (!answer) return; // the line is down: the button stays
    clearTimeout(over);
    if (answer.status !== 204) return say(box.dataset.over);
    say("");
    wait();
  });
  wait();
}

function enhance() {
  document.querySelectorAll("[data-proof]").forEach(prove);
  document.querySelectorAll("[data-reveal]").forEach(reveal);
  document.querySelectorAll("[data-print]").forEach(offerPrint);
  document.querySelectorAll("[data-total]").forEach(addUp);
  document.querySelectorAll("[data-limit]").forEach(warn);
}

/* htmx comes once the page is idle; until then links and forms are plain. */
const { later, sheet } = document.currentScript.dataset;
function fetchLater() {
  const script = document.createElement("script");
  script.src = later;
  document.head.append(script);
  if (sheet) keepSheet();
}

/* The next pages may name the sheet's file: see views/assets.py. */
async function keepSheet() {
  const answer = await fetch(sheet).catch(() => null);
  const [, , fingerprint] = new URL(sheet, location).pathname.split("/");
  const secure = location.protocol === "https:" ? "; Secure" : "";
  if (answer && answer.ok) document.cookie = `style=${fingerprint}; path=/; max-age=31536000; SameSite=Lax${secure}`;
}
window.addEventListener("load", () => (window.requestIdleCallback || setTimeout)(fetchLater));

/* A slow or dropped line. The server takes the same form twice for one. */
const line = document.getElementById("line");
const again = line.querySelector("button");
let waiting = 0;
let asked = null;

function tellLine(words, retry) {
  line.querySelector("p").textContent = words;
  line.classList.toggle("panel", words !== "");
  again.hidden = !retry;
}

document.addEventListener("htmx:before:request", (event) => {
  asked = event.detail.ctx.sourceElement;
  document.querySelectorAll("link[rel=prefetch]").forEach((link) => link.remove()); // the answer goes first
  clearTimeout(waiting);
  tellLine("", false);
  waiting = setTimeout(() => tellLine(line.dataset.slow, false), 3000);
});
document.addEventListener("htmx:finally:request", (event) => {
  clearTimeout(waiting);
  if (!event.detail.ctx.status.startsWith("error")) tellLine("", false);
});
document.addEventListener("htmx:error", (event) => {
  clearTimeout(waiting);
  if (event.detail.ctx) tellLine(line.dataset.lost, true);
});
again.addEventListener("click", () => (asked.requestSubmit ? asked.requestSubmit() : asked.click()));

enhance();
new MutationObserver(enhance).observe(document.body, { childList: true, subtree: true });

/* A plain form is sent once; htmx and pay.js see to their own. */
const sent = [];
const freeSent = () => sent.splice(0).forEach((button) => { button.disabled = false; });
window.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  const buttons = event.target.querySelectorAll("button:enabled");
  setTimeout(() => buttons.forEach((button) => { button.disabled = true; sent.push(button); }));
  if ("file" in event.target.dataset) setTimeout(freeSent, 3000); // a file comes, and the page stays
});
window.addEventListener("pageshow", freeSent);

/* Back may bring card fields out of memory. */
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
