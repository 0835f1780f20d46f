/* Small helps on any page: the proof of work, showing a password, printing, and no stale page after Back. */
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
}

function offerPrint(button) {
  delete button.dataset.print;
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

function enhance() {
  document.querySelectorAll("[data-proof]").forEach(prove);
  document.querySelectorAll("[data-reveal]").forEach(reveal);
  document.querySelectorAll("[data-print]").forEach(offerPrint);
}

enhance();
new MutationObserver(enhance).observe(document.body, { childList: true, subtree: true });

/* The back/forward cache brings a page back as it was, filled card fields and a closed file included. */
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
