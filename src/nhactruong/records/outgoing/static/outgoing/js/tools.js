// The toolbar of the editor: styles of words, new blocks, order, undo.
import { element } from "../../ui/js/shared.js";

const ADDS = [["heading1", "Mục"], ["heading2", "Khoản"], ["item-", "Gạch"], ["basis", "Căn cứ"], ["article", "Điều"], ["table", "Bảng"]];

function undoIcon() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of [["class", "icon icon--s"], ["viewBox", "0 0 20 20"], ["aria-hidden", "true"]]) svg.setAttribute(name, value);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M7 5 3.500 8.500 7 12M3.500 8.500H12a4 4 0 0 1 0 8H9");
  svg.append(path);
  return svg;
}

function tool(label, act, shown = label) {
  const button = element("button", { type: "button", class: "tool", "aria-label": shown === label ? null : label }, shown);
  // The words chosen in the text stay chosen.
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", act);
  return button;
}

/** Fill `bar` with the buttons of `editor` and show it. */
export function tools(editor, bar) {
  if (!bar) return;
  const style = (name) => () => document.execCommand(name) && editor.changed();
  bar.append(
    tool("Chữ đậm", style("bold"), element("b", {}, "B")),
    tool("Chữ nghiêng", style("italic"), element("i", {}, "I")),
    element("span", { class: "sep" }),
    element("span", { class: "tools-word", "aria-hidden": "true" }, "+"),
    ...ADDS.map(([code, label]) => tool(`Thêm ${label.toLowerCase()}`, () => editor.add(code), label)),
    element("span", { class: "sep" }),
    tool("Đưa khối lên", () => editor.move(-1), "↑"),
    tool("Đưa khối xuống", () => editor.move(1), "↓"),
    tool("Xóa khối", () => editor.move(0), "Xóa"),
    tool("Hoàn tác", () => editor.undo(), undoIcon()),
  );
  bar.hidden = false;
}
