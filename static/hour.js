/* The hour of an opening: its button comes by itself. The panel brings this file, alone too; each panel is taken once. */
"use strict";

document.querySelectorAll("[data-opens-in]").forEach((box) => {
  // A clock that is read: one that counts stops while a phone sleeps.
  const at = Date.now() + Number(box.dataset.opensIn) * 1000;
  delete box.dataset.opensIn;
  const turns = setInterval(() => {
    if (box.isConnected && Date.now() < at) return;
    clearInterval(turns);
    box.querySelector(".note").hidden = true;
    box.querySelector("form").hidden = false;
    box.querySelector("[role=status]").textContent = box.dataset.said;
  }, 250);
});
