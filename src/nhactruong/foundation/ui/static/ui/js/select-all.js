// A box that ticks all boxes of its name, and says how many are ticked.
function boxesOf(master) {
  const scope = master.closest("form, .card") || document;
  return [...scope.querySelectorAll(`input[type=checkbox][name="${CSS.escape(master.dataset.selectAll)}"]`)];
}

function tell(master) {
  const boxes = boxesOf(master);
  const ticked = boxes.filter((box) => box.checked).length;
  master.checked = ticked > 0 && ticked === boxes.length;
  master.indeterminate = ticked > 0 && ticked < boxes.length;
  const words = master.closest(".select-all")?.querySelector("[data-select-count]");
  if (words) words.textContent = ticked ? `Đã chọn ${ticked.toLocaleString("vi")}` : "";
}

document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-select-all]")) {
    for (const box of boxesOf(event.target)) box.checked = event.target.checked;
    tell(event.target);
  } else if (event.target.matches?.("input[type=checkbox][name]")) {
    for (const master of document.querySelectorAll("[data-select-all]")) {
      if (master.dataset.selectAll === event.target.name) tell(master);
    }
  }
});
