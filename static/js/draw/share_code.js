// What a party's phone shows and the desk reads: a seal, or later the opening that fits it.
//
// "CD1 seal {…}" has ceremony, number, name and seal; "CD1 open {…}" share and key in its place.

import { ascii } from "../shared/qr.js";

const MARK = /^\s*CD1 (seal|open) (\{.*\})\s*$/s;
const KEYS = { seal: ["ceremony", "number", "name", "seal"], open: ["ceremony", "number", "name", "share", "key"] };

/** The text of a code of that kind; `told` may say more than goes into it. */
export function shareCode(kind, told) {
  const only = Object.fromEntries(KEYS[kind].map((key) => [key, told[key]]));
  return `CD1 ${kind} ${ascii(JSON.stringify(only))}`;
}

/** {kind, ceremony, number, name, …} of a text that is such a code; null for any other. */
export function readShareCode(text) {
  const found = MARK.exec(text);
  if (!found) return null;
  let told;
  try {
    told = JSON.parse(found[2]);
  } catch {
    return null;
  }
  const whole = KEYS[found[1]].every((key) => typeof told[key] === (key === "number" ? "number" : "string"));
  return whole ? { kind: found[1], ...told } : null;
}
