// Keys of the review: each presses a button or follows a link that is on the page.
"use strict";
(() => {
  const desk = document.querySelector("[data-review]");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest("input, textarea, select");
    if (event.key === "Escape" && typing) { typing.blur(); return; }
    if (typing) return;
    if (event.key === "u") { document.querySelector('[data-review-key="u"]')?.click(); return; }
    if (!desk) return;
    if (event.key === "j" && desk.dataset.next) location.href = desk.dataset.next;
    else if (event.key === "k" && desk.dataset.previous) location.href = desk.dataset.previous;
    else {
      const form = document.querySelector(`[data-review-open="${CSS.escape(event.key)}"]`);
      if (form) {
        event.preventDefault();
        form.open = true;
        form.querySelector("input:not([type=hidden])")?.focus();
      } else document.querySelector(`[data-review-key="${CSS.escape(event.key)}"]`)?.click();
    }
  });
})();
