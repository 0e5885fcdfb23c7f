// The table block: cells one types in, Tab to the next, rows and columns by buttons.
import { element } from "../../ui/js/shared.js";
import { fill, runsOf } from "./runs.js";

function cell(runs) {
  const made = element("td", { contenteditable: "true", role: "textbox", "aria-label": "Ô của bảng" });
  fill(made, runs);
  return made;
}

/** The editable table of a block and its buttons; `changed` is called after rows or columns change. */
export function tableOf(block, changed) {
  const table = element("table", { class: "txt-table" }, element("tbody"));
  const body = table.tBodies[0];
  for (const row of block.rows) {
    const line = element("tr");
    line.append(...row.map((one) => cell(one.runs)));
    body.append(line);
  }
  const width = () => body.rows[0].cells.length;
  const acts = {
    "Thêm dòng": () => {
      const line = element("tr");
      line.append(...Array.from({ length: width() }, () => cell([])));
      body.append(line);
    },
    "Bớt dòng": () => body.rows.length > 1 && body.lastElementChild.remove(),
    "Thêm cột": () => width() < 12 && [...body.rows].forEach((row) => row.append(cell([]))),
    "Bớt cột": () => width() > 1 && [...body.rows].forEach((row) => row.lastElementChild.remove()),
  };
  const buttons = Object.entries(acts).map(([label, act]) => {
    const button = element("button", { type: "button", class: "btn btn--quiet btn--s" }, label);
    button.addEventListener("click", () => {
      act();
      changed();
    });
    return button;
  });
  table.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      return;
    }
    if (event.key !== "Tab") return;
    const cells = [...body.querySelectorAll("td")];
    const next = cells[cells.indexOf(event.target.closest("td")) + (event.shiftKey ? -1 : 1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  return element("div", {}, element("div", { class: "table-wrap", tabindex: "0", role: "region", "aria-label": "Bảng trong văn bản" }, table), element("div", { class: "blk-acts" }, ...buttons));
}

/** The rows of an editable table as the body's JSON wants them. */
export function rowsOf(node) {
  return [...node.querySelectorAll("tr")].map((row) => [...row.cells].map((one) => ({ runs: runsOf(one) })));
}
