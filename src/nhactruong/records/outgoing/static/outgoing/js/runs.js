// Runs of a block ↔ what stands in its editable element. Only text, bold, italic and citations live there.

/** Fill `element` with the runs; text is never read as HTML. */
export function fill(element, runs) {
  element.replaceChildren(...(runs || []).map(nodeOf));
}

function nodeOf(run) {
  let node = document.createTextNode(run.text);
  const wrap = (name, attributes = {}) => {
    const outer = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) outer.setAttribute(key, value);
    outer.append(node);
    node = outer;
  };
  if (run.italic) wrap("i");
  if (run.bold) wrap("b");
  if (run.cite) wrap("span", { class: "cite", "data-cite": run.cite });
  return node;
}

/** The runs that stand in `root` now; neighbours of one style are joined. */
export function runsOf(root) {
  const runs = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.replace(/[\u00a0\n\r\t]+/g, " ");
    if (!text) continue;
    const run = { text };
    for (let up = walker.currentNode.parentElement; up && up !== root; up = up.parentElement) {
      if (/^(B|STRONG)$/.test(up.tagName)) run.bold = true;
      if (/^(I|EM)$/.test(up.tagName)) run.italic = true;
      if (up.dataset.cite) run.cite = up.dataset.cite;
    }
    const last = runs.at(-1);
    const same = last && last.bold === run.bold && last.italic === run.italic && last.cite === run.cite;
    if (same) last.text += text;
    else runs.push(run);
  }
  return runs;
}

/** Put the caret at the start or the end of an editable element. */
export function caret(element, atEnd) {
  const range = document.createRange();
  range.selectNodeContents(element);
  range.collapse(!atEnd);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

/** What part of `element` stands before the caret, as a range; null when the caret is elsewhere. */
export function before(element) {
  const selection = getSelection();
  if (!selection.rangeCount || !element.contains(selection.focusNode)) return null;
  const range = document.createRange();
  range.selectNodeContents(element);
  range.setEnd(selection.getRangeAt(0).startContainer, selection.getRangeAt(0).startOffset);
  return range;
}

/** Whether the caret stands at the very start (or end) of `element`, nothing selected. */
export function atEdge(element, end) {
  const selection = getSelection();
  const head = before(element);
  if (!head || !selection.isCollapsed) return false;
  return end ? head.toString().length === element.textContent.length : head.toString() === "";
}
