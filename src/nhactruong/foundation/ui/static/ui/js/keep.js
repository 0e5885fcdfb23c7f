// Forms lose no typed word: what is typed is kept in this tab until the server has done the act, and comes
// back when the form is opened again, be it after signing in. A form that asks for a password or a code is
// never kept, nor is a file, nor a hidden field. Custom elements that hold text of their own take part by
// the events nt:keep, nt:restore, nt:compare and nt:discard of their form.
import { fieldsOf, givenTo, keyOf, put, same, valueOf } from "./fields.js";
import { element, icon, officeTime } from "./shared.js";
import { drop, everything, holdsAnything, keep, keptFor, signedOut } from "./kept.js";

const PAUSE = 400;
const SECRET = "[type=password], [autocomplete=one-time-code]";
const restored = new Map();
const waiting = new Map();

const addressOf = (form) => {
  const { pathname, search } = new URL(form.getAttribute("action") || location.href, location.href);
  return pathname + search;
};
const mayBeKept = (form) => form?.method === "post" && ![...form.elements].some((field) => field.matches(SECRET));
function typedIn(form) {
  const before = restored.get(form) || {};
  const typed = {};
  for (const field of fieldsOf(form)) {
    const key = keyOf(form, field);
    if (key in before || !same(valueOf(field), givenTo(field))) typed[key] = valueOf(field);
  }
  form.dispatchEvent(new CustomEvent("nt:keep", { detail: typed }));
  return typed;
}

function store(form, sent = false) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  const address = addressOf(form);
  const typed = typedIn(form);
  if (!Object.keys(typed).length) return drop(address);
  const last = keptFor(address);
  const at = last && same(last.typed, typed) ? last.at : Date.now();
  keep(address, { at, typed, sent, version: form.elements.version?.value, operation: form.elements.operation_id?.value });
}

function bringBack(form, typed) {
  const fields = fieldsOf(form).filter((field) => keyOf(form, field) in typed);
  const changed = fields.filter((field) => !same(valueOf(field), typed[keyOf(form, field)]));
  for (const field of changed) put(field, typed[keyOf(form, field)]);
  const heard = !form.dispatchEvent(new CustomEvent("nt:restore", { detail: typed, cancelable: true }));
  restored.set(form, typed);
  if (!changed.length && !heard) return false;
  form.closest("details")?.setAttribute("open", "");
  form.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

/** Whether the page already shows all that was typed: an act was refused, but its text was saved first. */
function isOnThePage(form, typed) {
  const fields = fieldsOf(form).filter((field) => keyOf(form, field) in typed);
  const shown = fields.every((field) => same(valueOf(field), typed[keyOf(form, field)]));
  return shown && form.dispatchEvent(new CustomEvent("nt:compare", { detail: typed, cancelable: true }));
}

function discard(form) {
  for (const field of fieldsOf(form)) if (keyOf(form, field) in (restored.get(form) || {})) put(field, givenTo(field));
  form.dispatchEvent(new CustomEvent("nt:discard"));
  form.dispatchEvent(new Event("input", { bubbles: true }));
  restored.delete(form);
  drop(addressOf(form));
}

function tell(sentence, acts) {
  const words = element("p", { role: "status" });
  const note = element("div", { class: "note kept-note" }, icon("ok"), element("div", {}, words));
  for (const [label, act] of acts) {
    const button = element("button", { class: "btn btn--s", type: "button" }, label);
    button.addEventListener("click", () => {
      note.remove();
      act();
    });
    note.append(button);
  }
  const main = document.getElementById("noi-dung");
  const head = main.querySelector(".page-head");
  head ? head.after(note) : main.prepend(note);
  // A live region speaks of what changes in it.
  setTimeout(() => (words.textContent = sentence), 60);
}

const hour = (at) => officeTime(new Date(at));

function show(entries) {
  const shown = entries.filter(([form, entry]) => bringBack(form, entry.typed));
  if (!shown.length) return;
  const last = Math.max(...shown.map(([, entry]) => entry.at));
  tell(`Đã khôi phục nội dung đồng chí nhập lúc ${hour(last)}.`, [["Bỏ nội dung này", () => shown.forEach(([form]) => discard(form))]]);
  const pressed = shown.find(([, entry]) => entry.sent);
  pressed?.[0].closest("dialog")?.dispatchEvent(new CustomEvent("nt:open"));
}

function offer(form, entry) {
  tell(`Nội dung đồng chí nhập lúc ${hour(entry.at)} chưa được gửi, và văn bản đã thay đổi từ lúc đó.`, [
    ["Đưa lại vào trang", () => show([[form, entry]])],
    ["Bỏ nội dung ấy", () => drop(addressOf(form))],
  ]);
}

/** The server says by a cookie which operations it has done; a refusal told by a toast is none. */
function settle() {
  const refused = document.querySelector("#toasts .toast--bad");
  for (const [address, entry] of everything()) {
    const mark = `nt-done-${entry.operation}`;
    if (!entry.sent || !document.cookie.split("; ").includes(`${mark}=1`)) continue;
    document.cookie = `${mark}=; Max-Age=0; Path=/; SameSite=Strict`;
    refused ? keep(address, { ...entry, sent: false }) : drop(address);
  }
}

document.addEventListener("DOMContentLoaded", () => {
  if (document.querySelector("[data-signed-out]")) signedOut();
  for (const words of document.querySelectorAll("[data-kept-here]")) words.hidden = !holdsAnything();
  settle();
  const found = [...document.forms].filter(mayBeKept).map((form) => [form, keptFor(addressOf(form))]).filter(([, entry]) => entry);
  const isStale = ([form, entry]) => (entry.version ?? "") !== (form.elements.version?.value ?? "");
  show(found.filter((one) => !isStale(one)));
  for (const [form, entry] of found.filter(isStale)) isOnThePage(form, entry.typed) ? drop(addressOf(form)) : offer(form, entry);
});

for (const name of ["input", "change"]) {
  document.addEventListener(name, ({ target }) => {
    const form = target.form || target.closest?.("form");
    if (!mayBeKept(form)) return;
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(store, PAUSE, form));
  });
}
addEventListener("pagehide", () => [...waiting.keys()].forEach((form) => store(form)));
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented && mayBeKept(event.target)) store(event.target, true);
});
document.addEventListener("nt:saved", ({ target: { form, dirty } }) => {
  if (!form || dirty) return;
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  drop(addressOf(form));
});
