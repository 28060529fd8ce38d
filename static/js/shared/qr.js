// A QR code drawn on the page, for another machine to read off the screen.

import { encode } from "../../vendor/uqr-0.1.3/index.js";

const SPACE = "http://www.w3.org/2000/svg";
/** Bytes up to which a code of medium safety is still easy to read. */
const MEDIUM = 600;

/** An SVG of the bytes' code with the quiet zone of four around it; `label` says what it is. */
export function qr(bytes, label) {
  const modules = encode(Array.from(bytes), { ecc: bytes.length > MEDIUM ? "L" : "M", border: 0 }).data;
  const svg = document.createElementNS(SPACE, "svg");
  const size = modules.length + 8;
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  const ground = document.createElementNS(SPACE, "rect");
  ground.setAttribute("width", size);
  ground.setAttribute("height", size);
  ground.setAttribute("fill", "#fff");
  const path = document.createElementNS(SPACE, "path");
  let line = "";
  modules.forEach((row, y) => row.forEach((isDark, x) => {
    if (isDark) line += `M${x + 4} ${y + 4}h1v1h-1z`;
  }));
  path.setAttribute("d", line);
  path.setAttribute("fill", "#000");
  path.setAttribute("shape-rendering", "crispEdges");
  svg.append(ground, path);
  return svg;
}

/** JSON in printable ASCII: a hand scanner that types can garble nothing else. */
export const ascii = (json) => json.replace(/[^ -~]/g, (letter) =>
  `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
