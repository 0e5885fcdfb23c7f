// Dialogs: opened by a link to their id, closed by Esc or "Đóng"; the focus goes back where it was.
const openers = new WeakMap();

function open(dialog, opener) {
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return;
  openers.set(dialog, opener || document.activeElement);
  // The popover that holds the opener would stay above the dialog.
  opener?.closest?.("[popover]")?.hidePopover();
  dialog.showModal();
  const first = dialog.querySelector("[autofocus], [aria-invalid=true], input:not([type=hidden]), select, textarea");
  (first || dialog.querySelector(".dialog-acts .btn, .btn, .tool"))?.focus();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (dialog) {
      event.preventDefault();
      open(dialog, opener);
    }
    return;
  }
  const closer = event.target.closest?.("[data-closes]");
  const dialog = closer?.closest("dialog");
  if (dialog) {
    event.preventDefault();
    dialog.close();
    if (location.hash === `#${dialog.id}`) history.replaceState(null, "", location.pathname + location.search);
  }
});

document.addEventListener("nt:open", (event) => open(event.target, event.detail?.opener), true);

document.addEventListener(
  "close",
  (event) => {
    if (!(event.target instanceof HTMLDialogElement)) return;
    const opener = openers.get(event.target);
    if (opener?.isConnected) (opener.checkVisibility?.() === false ? document.querySelector(".me") : opener)?.focus();
  },
  true,
);

// A form that came back with a fault (a wrong code, an empty reason) opens its dialog again.
open(document.querySelector("dialog:has([data-open-dialog], [aria-invalid=true])"));
// A refused button says why instead of acting.
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[aria-disabled=true]")) event.preventDefault();
});
