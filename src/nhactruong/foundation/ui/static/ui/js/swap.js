// Around htmx: a thin bar after 300 ms, words after 3 s, sentence 18 when the line is gone, and the
// focus on the heading of what appeared.
import { CONNECTION_LOST } from "./shared.js";
import { say } from "./toast.js";

const bar = document.getElementById("slow-bar");
let running = 0;
let timers = [];

document.addEventListener("htmx:before:request", () => {
  running += 1;
  if (running > 1) return;
  timers = [
    setTimeout(() => bar?.classList.add("is-on"), 300),
    setTimeout(() => say("Vẫn đang xử lý. Đồng chí chờ thêm ít giây."), 3000),
  ];
});

function ended() {
  running = Math.max(0, running - 1);
  if (running) return;
  timers.forEach(clearTimeout);
  bar?.classList.remove("is-on");
}
document.addEventListener("htmx:finally:request", ended);
document.addEventListener("htmx:error", () => say(CONNECTION_LOST, true));

document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail?.ctx?.target || event.target;
  if (!(target instanceof HTMLElement) || target.contains(document.activeElement) || target.matches(".progress")) return;
  const heading = target.querySelector("h1, h2, h3");
  if (!heading || !target.matches("main, [data-take-focus]")) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: false });
});
