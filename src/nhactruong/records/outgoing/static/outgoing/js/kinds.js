// Kinds of blocks as the form names them, and the numbers printed before them (as drafting.rules counts).
import { operationId } from "../../ui/js/shared.js";

/** A fresh identifier for a block. */
export const newId = () => `n${operationId().replaceAll("-", "").slice(0, 10)}`;
export const KINDS = [
  ["paragraph", "Đoạn"],
  ["basis", "Căn cứ"],
  ["heading1", "Mục"],
  ["heading2", "Khoản"],
  ["heading3", "Điểm"],
  ["item-", "Gạch"],
  ["item+", "Cộng"],
  ["chapter", "Chương"],
  ["article", "Điều"],
  ["decision_line", "Quyết định"],
];
const LETTERS = "abcdđeghiklmnopqrstuvxy";
const ROMAN = [[1000, "M"], [900, "CM"], [500, "D"], [400, "CD"], [100, "C"], [90, "XC"], [50, "L"], [40, "XL"], [10, "X"], [9, "IX"], [5, "V"], [4, "IV"], [1, "I"]];

export const labelOf = (code) => KINDS.find(([one]) => one === code)?.[1] || "Bảng";

/** The code of a block's kind, e.g. `heading2`. */
export function codeOf(block) {
  if (block.kind === "heading") return `heading${block.level}`;
  return block.kind === "item" ? `item${block.marker}` : block.kind;
}

/** Kind, level and marker of a code, as the body's JSON wants them. */
export function partsOf(code) {
  if (code.startsWith("heading")) return { kind: "heading", level: Number(code.at(-1)) };
  if (code.startsWith("item")) return { kind: "item", marker: code.at(-1) };
  return { kind: code };
}

function roman(number) {
  let figures = "";
  for (const [value, figure] of ROMAN) {
    figures += figure.repeat(Math.floor(number / value));
    number %= value;
  }
  return figures;
}

function letter(number) {
  let letters = "";
  while (number > 0) {
    letters = LETTERS[(number - 1) % LETTERS.length] + letters;
    number = Math.floor((number - 1) / LETTERS.length);
  }
  return letters;
}

/** The number printed before each block of these codes, or nothing. */
export function numbersOf(codes) {
  let part = 0, clause = 0, point = 0, article = 0, chapter = 0;
  return codes.map((code) => {
    if (code === "chapter") {
      part = clause = point = 0;
      return roman((chapter += 1));
    }
    if (code === "article") {
      clause = point = 0;
      return `${(article += 1)}.`;
    }
    if (code === "heading1") {
      clause = point = 0;
      return roman((part += 1));
    }
    if (code === "heading2") {
      point = 0;
      return `${(clause += 1)}.`;
    }
    if (code === "heading3") return `${letter((point += 1))})`;
    return "";
  });
}
