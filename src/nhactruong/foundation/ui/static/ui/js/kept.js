// What was typed and not yet carried out, in the storage of this tab alone. It goes when somebody signs
// out anywhere in this browser, when another person signs in, and after twelve hours.
const PREFIX = "nt-kept:";
const SIGNED_OUT = "nt-signed-out";
const LONGEST = 12 * 60 * 60 * 1000;

const person = document.body.dataset.person || "";
let isOpen = Boolean(person);

const nameOf = (address) => `${PREFIX}${person}:${address}`;
const names = () => Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX));
const read = (name) => JSON.parse(sessionStorage.getItem(name) || "null");

/** The entry of the form that is sent to `address`, or null. */
export const keptFor = (address) => (isOpen ? read(nameOf(address)) : null);

/** Every entry of this person, with the address of its form. */
export function everything() {
  const own = nameOf("");
  return names().filter((name) => isOpen && name.startsWith(own)).map((name) => [name.slice(own.length), read(name)]);
}

/** Whether anything at all lies here, whosoever it is. */
export const holdsAnything = () => names().length > 0;

export function keep(address, entry) {
  if (!isOpen) return;
  try {
    sessionStorage.setItem(nameOf(address), JSON.stringify(entry));
  } catch {
    // No room: what was kept a moment ago stays, and the page itself still holds all of it.
  }
}

export const drop = (address) => sessionStorage.removeItem(nameOf(address));

function clear() {
  for (const name of names()) sessionStorage.removeItem(name);
}

/** Somebody has signed out: nothing stays, here or in the other tabs. */
export function signedOut() {
  clear();
  localStorage.setItem(SIGNED_OUT, String(Date.now()));
}

addEventListener("storage", (event) => {
  if (event.key !== SIGNED_OUT) return;
  isOpen = false;
  clear();
});

const since = Math.max(Number(localStorage.getItem(SIGNED_OUT)), Date.now() - LONGEST);
for (const name of names()) {
  if (read(name).at <= since || (person && !name.startsWith(nameOf("")))) sessionStorage.removeItem(name);
}
