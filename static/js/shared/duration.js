// Durations as they are shown and typed: mm:ss.t.
// Milliseconds inside, decimal seconds with one place on the wire.

/** 342300 → ["05:42", ".3"]; tenths are cut, as on any stop-watch. */
export function split(milliseconds) {
  const tenths = Math.floor(Math.max(0, milliseconds) / 100);
  const two = (number) => String(number).padStart(2, "0");
  const seconds = Math.floor(tenths / 10);
  return [`${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`, `.${tenths % 10}`];
}

export const show = (milliseconds) => split(milliseconds).join("");

/** Milliseconds to the wire's seconds: 471600 → "471.6". */
export function seconds(milliseconds) {
  const tenths = Math.floor(Math.max(0, milliseconds) / 100);
  return `${Math.floor(tenths / 10)}${tenths % 10 ? `.${tenths % 10}` : ""}`;
}

/** The wire's seconds to milliseconds. */
export const milliseconds = (text) => Math.round(Number(text) * 1000);

/** Digits filled in from the right: "8020" → "08:02.0". */
export function typed(text) {
  const digits = text.replace(/\D/g, "").replace(/^0+/, "").slice(-6).padStart(5, "0");
  return `${digits.slice(0, -3).padStart(2, "0")}:${digits.slice(-3, -1)}.${digits.slice(-1)}`;
}

/** What `typed` shows, in milliseconds; null where the seconds are over 59. */
export function read(shown) {
  const match = /^(\d+):(\d\d)\.(\d)$/.exec(shown);
  if (!match || Number(match[2]) > 59) return null;
  return (Number(match[1]) * 60 + Number(match[2])) * 1000 + Number(match[3]) * 100;
}
