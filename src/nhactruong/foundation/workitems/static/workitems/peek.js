// The panel beside the inbox: moving with j and k, or one press, shows a row; a second press opens it.
// Without script the panel shows the row named in the address, and the title opens the record.
const panel = document.getElementById("xem-nhanh");
const wide = matchMedia("(min-width: 64rem)");
let asking = null;
let wasOn = false;

const keyOf = (row) => row?.querySelector("[data-peek]")?.dataset.peek;

async function show(row) {
  const key = keyOf(row);
  if (!key || !wide.matches || row.classList.contains("is-on")) return;
  for (const other of document.querySelectorAll(".work-row.is-on")) {
    other.classList.remove("is-on");
    other.removeAttribute("aria-current");
  }
  row.classList.add("is-on");
  row.setAttribute("aria-current", "true");
  asking?.abort();
  asking = new AbortController();
  const address = new URL(location.href);
  address.searchParams.set("xem", key);
  history.replaceState(history.state, "", address);
  // A row passed over quickly gives up its answer, be it on the way or half read.
  const shown = await fetch(address, { headers: { "X-Requested-With": "nt-peek" }, signal: asking.signal })
    .then((answer) => (answer.ok && !answer.redirected ? answer.text() : null))
    .catch(() => null);
  if (shown !== null) panel.innerHTML = shown;
}

if (panel) {
  document.addEventListener("focusin", (event) => show(event.target.closest?.(".work-row")));
  document.addEventListener("pointerdown", (event) => {
    wasOn = Boolean(event.target.closest?.(".work-row.is-on"));
  });
  document.addEventListener("click", (event) => {
    const title = event.target.closest?.(".work-row .row-title");
    const isPress = event.detail > 0 && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!title || wasOn || !isPress || !wide.matches) return;
    event.preventDefault();
    show(title.closest(".work-row"));
  });
}
