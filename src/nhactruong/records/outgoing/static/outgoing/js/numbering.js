// The looks and the names of the blocks of a draft: numbers as they will be printed, words for who listens.
import { labelOf, numbersOf } from "./kinds.js";

/** Number and name every block anew; `current` is the one being typed in. */
export function renumber(blocks, current) {
  const numbers = numbersOf(blocks.map((blk) => blk.dataset.code));
  blocks.forEach((blk, place) => {
    const words = `khối ${place + 1}, ${labelOf(blk.dataset.code).toLowerCase()}`;
    blk.className = `blk is-${blk.dataset.code}${blk === current ? " is-on" : ""}`;
    blk.querySelector(".blk-no")?.replaceChildren(numbers[place]);
    blk.querySelector(".blk-kind")?.setAttribute("aria-label", `Loại của khối ${place + 1}`);
    blk.querySelector(".txt")?.setAttribute("aria-label", `Nội dung ${words} ${numbers[place]}`.trim());
  });
}
