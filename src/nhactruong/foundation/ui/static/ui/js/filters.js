// A filter form marked data-auto sends itself when a choice or a date changes; words wait for Enter.
// The page comes anew: the focus goes back to the field that was used.
const KEPT = "nt-filter";

function fields(form) {
  return [...form.elements].filter((field) => field.name);
}

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form?.matches("form[data-auto]") || !event.target.name || event.target.type === "search") return;
  sessionStorage.setItem(KEPT, JSON.stringify([location.pathname, event.target.name]));
  form.requestSubmit();
});

// The cross of a search field takes the words away at once.
document.addEventListener("search", (event) => {
  if (event.target.value === "" && event.target.form?.matches("form[data-auto]")) event.target.form.requestSubmit();
}, true);

// Empty fields stay out of the address, so that it can be read and sent on.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-auto]")) return;
  for (const field of fields(event.target)) field.disabled = field.disabled || field.value === "";
});
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-auto]")) for (const field of fields(form)) field.disabled = false;
});

const [path, name] = JSON.parse(sessionStorage.getItem(KEPT) || "[]");
sessionStorage.removeItem(KEPT);
if (path === location.pathname) {
  const field = document.querySelector(`form[data-auto] [name="${CSS.escape(name)}"]`);
  const fold = field?.closest("details.filter-more");
  if (fold) fold.open = true;
  field?.focus({ preventScroll: true });
}

// The fold of rare filters closes like any popover: by Escape, or a press beside it.
document.addEventListener("keydown", (event) => {
  const fold = event.key === "Escape" && event.target.closest?.("details.filter-more[open]");
  if (!fold) return;
  fold.open = false;
  fold.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  for (const fold of document.querySelectorAll("details.filter-more[open]")) if (!fold.contains(event.target)) fold.open = false;
});
