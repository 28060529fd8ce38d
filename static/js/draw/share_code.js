// What a party's phone shows and the desk reads: a seal, or later the opening that fits it.
//
// "CD1 seal {…}" has ceremony, number, name and seal; "CD1 open {…}" share and key in its place.

import { ascii } from "../shared/qr.js";

const MARK = /^\s*CD1 (seal|open) (\{.*\})\s*$/s;
const KEYS = { seal: ["ceremony", "number", "name", "seal"], open: ["ceremony", "number", "name", "share", "key"] };

/** The text of a code of that kind; `fields` may hold more than goes into it. */
export function shareCode(kind, fields) {
  const only = Object.fromEntries(KEYS[kind].map((key) => [key, fields[key]]));
  return `CD1 ${kind} ${ascii(JSON.stringify(only))}`;
}

/** {kind, ceremony, number, name, …} of a text that is such a code; null for any other. */
export function readShareCode(text) {
  const match = MARK.exec(text);
  if (!match) return null;
  let fields;
  try {
    fields = JSON.parse(match[2]);
  } catch {
    return null;
  }
  const whole = KEYS[match[1]].every((key) => typeof fields[key] === (key === "number" ? "number" : "string"));
  return whole ? { kind: match[1], ...fields } : null;
}
