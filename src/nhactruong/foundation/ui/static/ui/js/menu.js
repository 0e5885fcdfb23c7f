// Popovers stand beside the button that opened them, also where CSS alone cannot put them.
const ABLE = CSS.supports("position-area: bottom span-left");

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (event.newState !== "open" || !menu.matches?.(".menu")) return;
    if (!ABLE && !menu.matches(".menu--up, .menu--bar")) {
      const opener = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`)?.getBoundingClientRect();
      if (!opener) return;
      const below = opener.bottom + menu.offsetHeight + 8 < innerHeight;
      Object.assign(menu.style, {
        inset: "auto",
        margin: "0",
        left: `${Math.max(8, Math.min(opener.right - menu.offsetWidth, innerWidth - menu.offsetWidth - 8))}px`,
        top: `${below ? opener.bottom + 4 : Math.max(8, opener.top - menu.offsetHeight - 4)}px`,
      });
    }
  },
  true,
);

// Arrow keys walk through a menu of buttons and links.
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu:popover-open");
  if (!menu || menu.matches(".menu--form") || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  const items = [...menu.querySelectorAll("a, button")];
  const here = items.indexOf(document.activeElement);
  const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: items.length - 1 }[event.key];
  items[(next + items.length) % items.length]?.focus();
  event.preventDefault();
});
