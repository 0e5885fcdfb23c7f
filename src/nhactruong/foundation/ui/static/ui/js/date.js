// <nt-date>: a date is typed as dd/mm/yyyy; the browser's own calendar is one press away.
import { element, icon } from "./shared.js";

const typed = (iso) => iso.split("-").reverse().join("/");

/** "1/2/26", "01022026", "1-2-2026" → "2026-02-01"; nothing when it is no date. */
export function iso(words) {
  const compact = /^(\d{2})(\d{2})(\d{4})$/.exec(words.trim());
  const found = compact || /^(\d{1,2})[./\-\s](\d{1,2})[./\-\s](\d{4}|\d{2})$/.exec(words.trim());
  if (!found) return "";
  const [day, month] = [Number(found[1]), Number(found[2])];
  const year = found[3].length === 2 ? 2000 + Number(found[3]) : Number(found[3]);
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCDate() !== day || date.getUTCMonth() !== month - 1) return "";
  return date.toISOString().slice(0, 10);
}

class TypedDate extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector("input");
    if (!field || this.native || field.disabled || field.readOnly) return;
    this.native = element("input", { type: "date", tabindex: "-1", "aria-hidden": "true" });
    const button = element("button", { class: "tool", type: "button", "aria-label": "Mở lịch để chọn ngày" }, icon("calendar"));
    button.addEventListener("click", () => {
      this.native.value = iso(field.value);
      this.native.showPicker?.();
    });
    this.native.addEventListener("change", () => {
      if (!this.native.value) return;
      field.value = typed(this.native.value);
      for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
      field.focus();
    });
    field.addEventListener("change", () => {
      const read = iso(field.value);
      if (read) field.value = typed(read);
    });
    this.append(button, this.native);
  }
}
customElements.define("nt-date", TypedDate);
