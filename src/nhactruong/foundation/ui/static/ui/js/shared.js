// What several modules need: folding for search, operation ids, small element builders, spoken words.

/** `text` as search compares it: lower case, no marks, đ as d. */
export function fold(text) {
  return text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "").replace(/\s+/g, " ").trim();
}

/** A random identifier for one operation; also where `crypto.randomUUID` is missing (plain HTTP). */
export function operationId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** An element with attributes and children; text children are never read as HTML. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

const SVG = "http://www.w3.org/2000/svg";
const DRAWINGS = {
  plus: "M10 4v12M4 10h12",
  close: "m5.5 5.5 9 9M14.5 5.5l-9 9",
  calendar: "M4.8 4.5h10.4A1.8 1.8 0 0 1 17 6.300v8.400a1.800 1.800 0 0 1-1.800 1.800H4.800A1.800 1.800 0 0 1 3 14.700V6.300a1.800 1.800 0 0 1 1.800-1.800zM3 8.300h14M6.800 2.800v3M13.200 2.800v3",
  file: "M5.5 2.800h6l3.500 3.500v9.700a1.200 1.200 0 0 1-1.200 1.200H5.500A1.200 1.200 0 0 1 4.300 16V4a1.200 1.200 0 0 1 1.200-1.200z",
  ok: "M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0zM6.900 10.300l2.200 2.200 4.200-4.600",
  warn: "M10 3.300 17.200 16H2.800zM10 8v3.800M10 13.800h.01",
};

/** A picture of the set for what a script builds. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon icon--s");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", DRAWINGS[name]);
  svg.append(path);
  return svg;
}

/** `08:12` on the office's clock, whatever the machine's own zone is. */
export function officeTime(moment) {
  return moment.toLocaleTimeString("vi", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
}

export const CONNECTION_LOST =
  "Mất kết nối. Nội dung vừa nhập còn nguyên trên máy này; sẽ lưu lại khi có mạng.";

/** Code and sentence of a refused answer: problem+json, or nothing we can show. */
export async function refusalOf(response) {
  const kind = response.headers.get("Content-Type") || "";
  if (!kind.includes("json")) return { code: "", sentence: "" };
  try {
    const body = await response.json();
    return { code: body.code || "", sentence: body.title || body.sentence || "" };
  } catch {
    return { code: "", sentence: "" };
  }
}
