// What is missing in a form is said at its field, in our words. The browser's own checks are off (novalidate):
// they speak the language of the browser. The server says the same to those without script.
import { element, icon } from "./shared.js";

const NO_NUMBER = "Mục này phải là số. Đồng chí nhập lại.";

const isRadio = (field) => field.type === "radio";
/** What the words belong to: the field, or the group of choices. */
const ownerOf = (field) => (isRadio(field) ? field.closest("fieldset") : field);
const errorId = (field) => `${ownerOf(field).id}_error`;

function take(field) {
  const [owner, id] = [ownerOf(field), errorId(field)];
  document.getElementById(id)?.remove();
  owner.removeAttribute("aria-invalid");
  const others = (owner.getAttribute("aria-describedby") || "").split(" ").filter((name) => name && name !== id);
  others.length ? owner.setAttribute("aria-describedby", others.join(" ")) : owner.removeAttribute("aria-describedby");
}

function say(field, sentence) {
  take(field);
  const [owner, id] = [ownerOf(field), errorId(field)];
  if (!isRadio(field)) owner.setAttribute("aria-invalid", "true");
  owner.setAttribute("aria-describedby", `${id} ${owner.getAttribute("aria-describedby") || ""}`.trim());
  const words = element("p", { class: "field-error", id }, icon("warn"), element("span", {}, sentence));
  isRadio(field) ? owner.append(words) : (field.closest("nt-date, nt-file") || field).after(words);
}

function isFaulty(field, place, fields) {
  if (!field.willValidate || !(field.validity.valueMissing || field.validity.badInput)) return false;
  return !isRadio(field) || fields.findIndex((other) => other.name === field.name) === place;
}

document.addEventListener("submit", (event) => {
  const faulty = [...event.target.elements].filter(isFaulty);
  if (!faulty.length) return;
  event.preventDefault();
  event.stopPropagation();
  for (const field of faulty) say(field, field.validity.badInput ? NO_NUMBER : field.dataset.missing);
  faulty[0].closest("details")?.setAttribute("open", "");
  faulty[0].focus();
}, true);

for (const name of ["input", "change"]) {
  document.addEventListener(name, ({ target }) => {
    if (target.form && target.validity?.valid && ownerOf(target) && document.getElementById(errorId(target))) take(target);
  });
}

// What the server found comes first: the box of faults on top of a form, else the first field at fault.
if (!document.querySelector("dialog[open]")) {
  document.querySelector("[data-error-summary], main [aria-invalid=true], main fieldset:has(.field-error) input")?.focus();
}
