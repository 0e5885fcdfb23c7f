// Keyboard shortcuts (screens.md §5). Single letters are silent in fields and can be switched off.
const PLACES = { h: "/", v: "/hop-viec/" };
const ROWS = ".work-row, .row, .table tbody tr";
let awaitingPlace = 0;

const inField = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || (target.matches("input, textarea, select") && !target.matches("[type=checkbox], [type=radio]")));
const titleOf = (row) => row.querySelector(".row-title[href], .row-cell-link, a[href]");
const visible = (node) => node.checkVisibility?.() ?? node.offsetParent !== null;

function step(by) {
  const links = [...document.querySelectorAll(ROWS)].filter(visible).map(titleOf).filter(Boolean);
  if (!links.length) return;
  const here = links.indexOf(document.activeElement?.closest?.(ROWS) ? titleOf(document.activeElement.closest(ROWS)) : null);
  const next = links[Math.min(Math.max(here + by, 0), links.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function press(key) {
  const target = [...document.querySelectorAll("[data-key]")].find(
    (one) => one.dataset.key.toLowerCase() === key.toLowerCase() && visible(one),
  );
  target?.click();
  return Boolean(target);
}

function letter(key) {
  if (awaitingPlace && Date.now() - awaitingPlace < 1500) {
    awaitingPlace = 0;
    if (PLACES[key]) location.assign(PLACES[key]);
    return Boolean(PLACES[key]);
  }
  awaitingPlace = key === "g" ? Date.now() : 0;
  if (key === "g") return true;
  if (key === "j") return step(1), true;
  if (key === "k") return step(-1), true;
  if (key === "x") {
    const box = document.activeElement?.closest?.(ROWS)?.querySelector("input[type=checkbox]");
    box?.click();
    return Boolean(box);
  }
  if (key === "/") {
    const search = document.querySelector("[data-search]");
    if (!search || !visible(search)) return false;
    search.focus();
    search.select();
    return true;
  }
  if (key === "?") {
    const list = document.getElementById("phim-tat");
    if (list && !document.querySelector("dialog[open]")) list.dispatchEvent(new CustomEvent("nt:open"));
    return Boolean(list);
  }
  return press(key);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest?.("form");
    const scope = form || document;
    const named = scope.querySelector('[data-key="Ctrl+Enter"]');
    if (named) named.click();
    else if (form?.method === "post") form.requestSubmit();
    else return;
    event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^F\d+$/.test(event.key)) {
    if (press(event.key)) event.preventDefault();
    return;
  }
  if (event.key.length !== 1 || document.body.dataset.shortcuts === "off") return;
  if (inField(event.target) || document.querySelector("dialog[open]")) return;
  if (letter(event.key)) event.preventDefault();
});
