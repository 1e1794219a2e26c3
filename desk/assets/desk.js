// Small comforts over pages that work without them: keys, words ↔ items, files dropped on the form.
"use strict";
(() => {
  const base = document.body.dataset.base || "";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Words and what was read from them light up together.
  const light = (items) => {
    all(".lit").forEach((e) => e.classList.remove("lit"));
    const wanted = new Set(items);
    all(".seg[data-items]").forEach((seg) => {
      if (seg.dataset.items.split(" ").some((i) => wanted.has(i))) seg.classList.add("lit");
    });
    items.forEach((i) => document.getElementById(i)?.classList.add("lit"));
  };
  const shown = (id) => {
    const item = id && document.getElementById(id);
    item?.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("click", (event) => {
    const words = event.target.closest(".to-words");
    if (words) {
      const item = words.closest(".item").id;
      light([item]);
      const seg = all(".seg.lit")[0];
      if (seg) {
        event.preventDefault();
        seg.scrollIntoView({ block: "center" });
        history.replaceState(null, "", "#w-" + item);
        (seg.matches("a") ? seg : words).focus({ preventScroll: true });
      }
      return;
    }
    const seg = event.target.closest(".text .seg[data-items]");
    if (seg && seg.dataset.items && !getSelection().toString()) {
      const items = seg.dataset.items.split(" ");
      const lead = seg.getAttribute("href")?.slice(1) || items[0];
      light([lead]);
      shown(lead);
      if (seg.matches("a")) {
        event.preventDefault();
        history.replaceState(null, "", "#" + lead);
      }
    }
  });

  // The filter folds on narrow screens unless something is filtered.
  const filters = document.querySelector(".filters");
  if (filters && !filters.querySelector("summary b") && matchMedia("(max-width: 48rem)").matches) filters.open = false;

  // A file dropped on the form is chosen.
  const form = document.querySelector("form[data-drop]");
  if (form) {
    const input = form.querySelector("input[type=file]");
    form.addEventListener("dragover", (e) => { e.preventDefault(); form.classList.add("over"); });
    form.addEventListener("dragleave", () => form.classList.remove("over"));
    form.addEventListener("drop", (e) => {
      e.preventDefault();
      form.classList.remove("over");
      if (e.dataTransfer.files.length) input.files = e.dataTransfer.files;
      else form.querySelector("textarea").value = e.dataTransfer.getData("text/plain");
    });
  }

  // Keys, where nothing is being typed.
  let going = false;
  const goes = { n: "/", i: "/incidents", a: "/accords", c: "/actors", s: "/sources" };
  const rows = () => all(".stories > li, table.list tbody tr");
  let at = -1;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (going) {
      going = false;
      if (goes[event.key]) location.href = base + goes[event.key];
      return;
    }
    if (event.key === "/") { event.preventDefault(); document.getElementById("seek").focus(); }
    else if (event.key === "?") location.href = base + "/help#keys";
    else if (event.key === "g") going = true;
    else if ((event.key === "j" || event.key === "k") && !document.querySelector("[data-review]")) {
      const list = rows();
      if (!list.length) return;
      list[at]?.classList.remove("here");
      at = Math.min(Math.max(at + (event.key === "j" ? 1 : -1), 0), list.length - 1);
      list[at].classList.add("here");
      list[at].scrollIntoView({ block: "nearest" });
      list[at].querySelector("h2 a, th a, a")?.focus({ preventScroll: true });
    }
  });
})();
