// <nt-toast>: stays 8 seconds, and as long as the pointer or the focus is on it; never over a field.
import { element, icon } from "./shared.js";

const STAY = 8000;
const WORKED_AT = "main :is(input:not([type=hidden]), textarea, select, button, .btn)";

function meet(one, other) {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

class Toast extends HTMLElement {
  #left = 0;

  connectedCallback() {
    const words = this.querySelector("span");
    // A live region speaks of what changes in it, not of what it held when the page came.
    if (words && !this.dataset.said) {
      this.dataset.said = "1";
      const text = words.textContent;
      words.textContent = "";
      const box = this.getBoundingClientRect();
      const covers = [...document.querySelectorAll(WORKED_AT)].some((one) => meet(box, one.getBoundingClientRect()));
      this.parentElement.classList.toggle("toasts--top", covers);
      words.textContent = "";
      setTimeout(() => (words.textContent = text), 60);
    }
    this.addEventListener("click", (event) => event.target.closest("[data-close]") && this.remove());
    for (const name of ["mouseenter", "focusin"]) this.addEventListener(name, () => clearTimeout(this.#left));
    for (const name of ["mouseleave", "focusout"]) this.addEventListener(name, () => this.#wait());
    this.#wait();
  }

  disconnectedCallback() {
    clearTimeout(this.#left);
  }

  #wait() {
    clearTimeout(this.#left);
    if (this.classList.contains("toast--bad")) return;
    this.#left = setTimeout(() => (this.matches(":hover, :focus-within") ? this.#wait() : this.remove()), STAY);
  }
}
customElements.define("nt-toast", Toast);

/** Show a toast from a script; `bad` ones stay until closed. */
export function say(text, bad = false) {
  const close = element("button", { class: "close", type: "button", "data-close": true, "aria-label": "Đóng thông báo này" }, icon("close"));
  const toast = element("nt-toast", { class: bad ? "toast toast--bad" : "toast" }, icon(bad ? "warn" : "ok"), element("span", {}, text), close);
  document.getElementById("toasts")?.append(toast);
}
