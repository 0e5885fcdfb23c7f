// What keys and pasting do in the editor: Enter splits a block, Backspace at its start joins it with the
// one before, arrows cross from block to block, many pasted lines become blocks.
import { element, operationId } from "../../ui/js/shared.js";
import { newId } from "./kinds.js";
import { atEdge, before, caret, fill, runsOf } from "./runs.js";

const AFTER = { heading1: "paragraph", chapter: "article", decision_line: "article" };

/** Let `editor` hear keys, pasting and dropping. */
export function typing(editor) {
  editor.addEventListener("keydown", (event) => key(editor, event));
  editor.addEventListener("paste", (event) => paste(editor, event));
  // Dropped pages would bring their own look along.
  editor.addEventListener("drop", (event) => event.preventDefault());
}

function key(editor, event) {
  const text = event.target.closest?.(".txt");
  if (!text || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const blk = text.closest(".blk");
  const near = (by) => editor.blocks[editor.blocks.indexOf(blk) + by];
  if (event.key === "Enter" && !event.shiftKey) split(editor, blk, text);
  else if (event.key === "Backspace" && atEdge(text, false) && near(-1)) join(editor, near(-1), blk);
  else if (event.key === "Delete" && atEdge(text, true) && near(1)) join(editor, blk, near(1));
  else if (/^Arrow(Up|Left)$/.test(event.key) && atEdge(text, false) && near(-1)) editor.enter(near(-1), true);
  else if (/^Arrow(Down|Right)$/.test(event.key) && atEdge(text, true) && near(1)) editor.enter(near(1), false);
  else return;
  event.preventDefault();
}

function split(editor, blk, text) {
  const head = before(text);
  if (!head) return;
  editor.remember();
  getSelection().deleteFromDocument();
  const tail = document.createRange();
  tail.selectNodeContents(text);
  tail.setStart(head.endContainer, head.endOffset);
  const rest = element("div");
  rest.append(tail.extractContents());
  const code = blk.dataset.code;
  editor.add(AFTER[code] || code, runsOf(rest), blk);
}

function join(editor, first, second) {
  const one = first.querySelector(".txt");
  const two = second.querySelector(".txt");
  if (!one || !two) return;
  editor.remember();
  const length = one.textContent.length;
  fill(one, [...runsOf(one), ...runsOf(two)]);
  second.remove();
  editor.changed();
  one.focus();
  caret(one, false);
  for (let step = 0; step < length; step += 1) getSelection().modify("move", "forward", "character");
}

async function paste(editor, event) {
  const text = event.target.closest?.("[contenteditable]");
  const plain = event.clipboardData?.getData("text/plain") || "";
  event.preventDefault();
  const lines = plain.split(/\r?\n/).filter((line) => line.trim());
  if (!text) return;
  if (lines.length < 2 || !text.matches(".txt")) {
    document.execCommand("insertText", false, lines.join(" "));
    return;
  }
  const blocks = (await understood(editor, plain)) || lines.map((line) => ({ kind: "paragraph", runs: [{ text: line }] }));
  editor.remember();
  const here = text.closest(".blk");
  let last = here;
  for (const block of blocks) {
    const made = editor.make({ ...block, id: block.id || newId() });
    last.after(made);
    last = made;
  }
  if (!text.textContent.trim()) here.remove();
  editor.changed();
  editor.enter(last, true);
}

/** The blocks the server reads in a plain text (I-, 1., a), Điều, Căn cứ); null when it cannot be asked. */
async function understood(editor, plain) {
  const form = new FormData();
  form.set("plain", plain);
  form.set("csrfmiddlewaretoken", editor.form.elements.csrfmiddlewaretoken.value);
  const headers = { Accept: "application/json", "Idempotency-Key": operationId() };
  const answer = await fetch(editor.dataset.paste, { method: "POST", body: form, headers }).catch(() => null);
  return answer?.ok ? (await answer.json()).blocks : null;
}
