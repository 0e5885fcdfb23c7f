// <nt-editor>: the blocks of a draft, typed in place; the kind is a select. What is typed is sent as
// `body_json` with the form; without script the form's own text areas do the same.
import { element } from "../../ui/js/shared.js";
import { History } from "./history.js";
import { keeping } from "./keeping.js";
import { KINDS, codeOf, newId, partsOf } from "./kinds.js";
import { renumber } from "./numbering.js";
import { caret, fill, runsOf } from "./runs.js";
import { rowsOf, tableOf } from "./table.js";
import { tools } from "./tools.js";
import { typing } from "./typing.js";

class Editor extends HTMLElement {
  #history = new History();

  connectedCallback() {
    if (this.list) return;
    this.form = this.closest("form");
    this.list = element("div", { class: "blocks" });
    const body = JSON.parse(this.querySelector("[name=body_json]").value);
    this.replaceChildren(this.list);
    this.#draw(body.blocks);
    this.addEventListener("focusin", (event) => this.#choose(event.target.closest(".blk")));
    keeping(this);
    typing(this);
    tools(this, this.form.querySelector("[data-tools]"));
    document.execCommand("styleWithCSS", false, false);
  }

  get blocks() {
    return [...this.list.querySelectorAll(":scope > .blk")];
  }

  /** The body as it stands, in the schema the server reads. */
  get body() {
    return { schema: 1, blocks: this.blocks.map((blk) => this.#read(blk)) };
  }

  #read(blk) {
    const text = blk.querySelector(".txt");
    if (!text) return { id: blk.dataset.id, kind: "table", header: true, rows: rowsOf(blk) };
    return { id: blk.dataset.id, ...partsOf(blk.dataset.code), runs: runsOf(text) };
  }

  #draw(blocks) {
    const remarks = [...this.list.querySelectorAll(":scope > [data-remark-of]"), ...this.form.querySelectorAll(".remarks [data-remark-of]")];
    this.current = null;
    this.list.replaceChildren(...blocks.map((block) => this.make(block)));
    for (const remark of remarks) this.list.querySelector(`[data-id="${CSS.escape(remark.dataset.remarkOf || "-")}"]`)?.after(remark);
    const rest = this.form.querySelector(".remarks");
    if (rest) rest.hidden = !rest.querySelector("[data-remark-of]");
    renumber(this.blocks, this.current);
  }

  /** The element of a block of the body. */
  make(block) {
    const code = codeOf(block);
    const blk = element("div", { class: "blk", "data-id": block.id, "data-code": code });
    const tag = element("div", { class: "tag" });
    if (block.kind === "table") return tag.append("Bảng"), blk.append(tag, tableOf(block, () => this.changed())), blk;
    const select = element("select", { class: "blk-kind" });
    select.append(...KINDS.map(([value, label]) => element("option", { value, selected: value === code }, label)));
    select.addEventListener("change", () => {
      this.remember();
      blk.dataset.code = select.value;
      this.changed();
    });
    tag.append(select, element("span", { class: "blk-no", "aria-hidden": "true" }));
    const text = element("div", { class: "txt", contenteditable: "true", role: "textbox", "aria-multiline": "true", "data-hint": "Viết nội dung" });
    fill(text, block.runs);
    blk.append(tag, text);
    return blk;
  }

  #choose(blk) {
    if (!blk || blk === this.current) return;
    this.current?.classList.remove("is-on");
    this.current = blk;
    blk.classList.add("is-on");
    this.remember();
  }

  /** Keep the present state for "Hoàn tác". */
  remember() {
    this.#history.keep(JSON.stringify(this.body.blocks));
  }

  /** The blocks as they were before the last change of structure or the last block typed in. */
  undo() {
    const past = this.#history.back(JSON.stringify(this.body.blocks));
    if (past) this.replace(JSON.parse(past));
  }

  /** Put other blocks in the place of all that stand here. */
  replace(blocks) {
    this.#draw(blocks);
    this.changed();
  }

  /** Say that something changed: numbers are counted again, the form saves by itself. */
  changed() {
    renumber(this.blocks, this.current);
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** A new block of that kind after the present one, ready to be typed in. */
  add(code, runs = [], after = this.current || this.blocks.at(-1)) {
    this.remember();
    const empty = { runs: [] };
    const block = code === "table" ? { id: newId(), kind: "table", rows: [[empty, empty], [empty, empty]] } : { id: newId(), ...partsOf(code), runs };
    const blk = this.make(block);
    let place = after;
    while (place?.nextElementSibling?.matches("[data-remark-of]")) place = place.nextElementSibling;
    place ? place.after(blk) : this.list.append(blk);
    this.changed();
    this.enter(blk, false);
    return blk;
  }

  /** Put the caret into a block. */
  enter(blk, atEnd) {
    const text = blk?.querySelector("[contenteditable]");
    text?.focus();
    if (text) caret(text, atEnd);
  }

  /** Move the present block by one place, or take it away (`by` 0). */
  move(by) {
    const blk = this.current;
    const other = this.blocks[this.blocks.indexOf(blk) + by];
    if (!blk || (by && !other)) return;
    this.remember();
    if (by) other[by < 0 ? "before" : "after"](blk);
    else {
      const near = this.blocks[Math.max(this.blocks.indexOf(blk) - 1, 0)];
      blk.remove();
      this.current = near === blk ? this.blocks[0] : near;
    }
    this.changed();
    this.enter(by ? blk : this.current, true);
  }
}
customElements.define("nt-editor", Editor);
