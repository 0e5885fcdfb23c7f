// <nt-picker>: a select becomes chosen chips and a dialog one can search without accents.
import { element, fold, icon } from "./shared.js";

class Picker extends HTMLElement {
  connectedCallback() {
    this.select = this.querySelector("select");
    if (!this.select || this.chosen) return;
    const label = this.closest(".field")?.querySelector("label");
    if (label) label.id ||= `${this.select.id}-ten`;
    this.chosen = element("div", { class: "picked", role: "group", "aria-labelledby": label?.id });
    this.select.hidden = true;
    this.append(this.chosen);
    this.select.addEventListener("change", () => this.#draw());
    this.#draw();
  }

  get #options() {
    return [...this.select.options].filter((option) => option.value);
  }

  #nameOf(option) {
    const meta = option.dataset.meta;
    return meta ? option.text.split(` · ${meta}`)[0] : option.text;
  }

  #draw() {
    const chips = this.#options
      .filter((option) => option.selected)
      .map((option) => {
        const drop = element("button", { type: "button", "aria-label": `Bỏ ${this.#nameOf(option)}` }, icon("close"));
        drop.addEventListener("click", () => {
          option.selected = false;
          if (!this.select.multiple) this.select.value = "";
          this.#changed();
          this.chosen.querySelector(".chip-add")?.focus();
        });
        return element("span", { class: "filter-tag" }, this.#nameOf(option), drop);
      });
    const words = chips.length ? [] : [element("span", {}, this.dataset.add)];
    const add = element("button", { type: "button", class: words.length ? "chip-add chip-add--first" : "chip-add", "aria-label": this.dataset.add, "aria-haspopup": "dialog", id: `${this.select.id}-them`, "aria-describedby": this.select.getAttribute("aria-describedby") }, icon("plus"), ...words);
    add.addEventListener("click", () => this.#open(add));
    const label = this.closest(".field")?.querySelector("label");
    if (label) label.htmlFor = add.id;
    this.chosen.replaceChildren(...chips, add);
  }

  #changed() {
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #open(opener) {
    const title = element("h2", { id: `${this.select.id}-hop` }, this.dataset.label);
    const close = element("button", { class: "tool", type: "button", "data-closes": true, "aria-label": "Đóng" }, icon("close"));
    const search = element("input", { class: "input", type: "search", "aria-label": "Tìm theo tên", placeholder: this.dataset.placeholder, autocomplete: "off" });
    const list = element("div", { class: "picker-list", tabindex: "0", role: "group", "aria-label": "Kết quả" });
    const said = element("p", { class: "hint", role: "status" });
    const ready = element("button", { class: "btn btn--main", type: "button", "data-closes": true }, "Xong");
    const dialog = element("dialog", { "aria-labelledby": title.id }, element("div", { class: "dialog-head" }, title, close), search, said, list, element("div", { class: "dialog-acts" }, ready));
    document.body.append(dialog);
    const fill = () => this.#fill(list, said, search.value, dialog);
    let waiting = 0;
    search.addEventListener("input", () => {
      fill();
      if (!this.dataset.source || !search.value.trim()) return;
      clearTimeout(waiting);
      waiting = setTimeout(() => this.#ask(search.value).then(fill), 200);
    });
    search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== "ArrowDown") return;
      event.preventDefault();
      const first = list.querySelector("input");
      if (event.key === "Enter") first?.click();
      else first?.focus();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      (this.chosen.querySelector(".chip-add") || opener).focus();
    });
    fill();
    dialog.showModal();
    search.focus();
  }

  #fill(list, said, words, dialog) {
    const parts = fold(words).split(" ").filter(Boolean);
    const asked = parts.join(" ");
    const found = this.#options.filter((option) => option.dataset.found === asked || parts.every((part) => fold(option.text).includes(part)));
    const recent = parts.length ? [] : found.filter((option) => "recent" in option.dataset);
    const others = found.filter((option) => !recent.includes(option));
    list.replaceChildren();
    if (recent.length) list.append(element("h3", {}, "Vừa chọn gần đây"), ...recent.map((option) => this.#line(option, dialog)));
    if (recent.length && others.length) list.append(element("h3", {}, this.dataset.source ? "Khác" : "Tất cả"));
    list.append(...others.slice(0, 200).map((option) => this.#line(option, dialog)));
    said.textContent = this.dataset.source && !parts.length ? "Gõ tên để tìm trong tất cả" : found.length ? `${found.length.toLocaleString("vi")} kết quả` : `Không tìm thấy "${words}". Thử ít từ hơn.`;
  }

  #line(option, dialog) {
    const box = element("input", { type: this.select.multiple ? "checkbox" : "radio", name: `${this.select.id}-chon` });
    box.checked = option.selected;
    box.addEventListener("change", () => {
      option.selected = box.checked;
      this.#changed();
      if (!this.select.multiple) dialog.close();
    });
    const name = element("span", {}, this.#nameOf(option).replace(` (${option.dataset.absent})`, ""));
    if (option.dataset.meta) name.append(element("small", {}, option.dataset.meta));
    const line = element("label", {}, box, name);
    if (option.dataset.absent) line.append(element("span", { class: "badge badge--canh" }, icon("warn"), option.dataset.absent));
    return line;
  }

  async #ask(words) {
    const address = new URL(this.dataset.source, location.href);
    address.searchParams.set("q", words);
    const response = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!response?.ok) return;
    const known = new Map(this.#options.map((option) => [option.value, option]));
    for (const one of (await response.json()).options || []) {
      let option = known.get(String(one.value));
      if (!option) {
        option = element("option", { value: one.value, "data-meta": one.meta, "data-absent": one.absent }, one.meta ? `${one.label} · ${one.meta}` : one.label);
        this.select.append(option);
      }
      // The server may have found it by a name that is not printed here.
      option.dataset.found = fold(words);
    }
  }
}
customElements.define("nt-picker", Picker);
