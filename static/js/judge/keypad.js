// Digits 4 × 4, for thumbs in gloves and for a keyboard.
// The text is read and changed in the same moment as the key, before anything waits.

import { clone, parts, press, show, write } from "../shared/dom.js";

const LONGEST = 12;

/**
 * As an input method or a paste has it, in plain characters: １７。５ is 17.5. What is no
 * number stays and is refused: left out, 1,25 would be 125.
 */
const plain = (text) => text.normalize("NFKC").replaceAll("。", ".")
  .replace(/[\p{Dash_Punctuation}\u2212]/gu, "-").replace(/\s/g, "");

/**
 * A keypad in its own element. job: {
 *   text      what stands in the field at first,
 *   unit, label,
 *   shape     turns typed text into shown text (default: as it is),
 *   check     text → sentence why it can't be, or null,
 *   changed   called with the text after every key,
 *   confirm   called with a text that `check` let through ("" for none),
 *   cancel    called on Escape, note  called by the 备注 key,
 *   point     false where no decimal point is typed,
 *   sign      true where the value may be below zero
 * }
 */
export function keypad(job) {
  const root = clone("t-keypad");
  const part = parts(root);
  const field = part.field;
  const shape = job.shape ?? ((text) => text);
  // The first digit replaces what stood there, as on a desk calculator.
  let fresh = true;
  field.value = shape(job.text ?? "");
  field.setAttribute("aria-label", job.label);
  write(part.unit, job.unit ?? "");
  show(part.note, Boolean(job.note));
  show(root.querySelector('[data-key="."]'), job.point !== false);
  show(root.querySelector('[data-key="sign"]'), Boolean(job.sign));
  root.classList.toggle("signed", Boolean(job.sign));

  const set = (text) => {
    fresh = false;
    field.value = shape(text.slice(0, LONGEST));
    tell(null);
    job.changed?.(field.value);
  };
  const tell = (problem) => {
    field.setAttribute("aria-invalid", String(Boolean(problem)));
    show(part.problem, Boolean(problem));
    write(part.sentence, problem ?? "");
  };
  const confirm = () => {
    const text = field.value.replace(/\.$/, "");
    const problem = text === "" ? null : job.check(text);
    tell(problem);
    fresh = true;
    if (!problem) job.confirm(text);
  };
  const keys = {
    back: () => set(field.value.slice(0, -1)),
    clear: () => set(""),
    confirm,
    // Turns the sign of what stands there: it goes on being typed.
    sign: () => set(field.value.startsWith("-") ? field.value.slice(1) : `-${field.value}`),
    note: () => job.note?.(),
  };
  const type = (key) => {
    const before = fresh ? "" : field.value;
    if (key === "." && before.includes(".")) return;
    set(before + (key === "." && !before ? "0." : key));
  };

  for (const button of root.querySelectorAll("[data-key]")) {
    const key = button.dataset.key;
    press(button, keys[key] ?? (() => type(key)));
    // Keep the field focused, so that a keyboard goes on where a thumb left off.
    button.addEventListener("pointerdown", (event) => event.preventDefault());
  }
  root.addEventListener("keydown", (event) => {
    const key = event.key.length === 1 ? plain(event.key) : event.key;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (/^[0-9.,:-]$/.test(key)) type(key);
    else if (key === "Backspace") keys.back();
    else if (key === "Delete") keys.clear();
    else if (key === "Enter" && !(event.target.closest("[data-key]"))) confirm();
    else if (key === "Escape" && job.cancel) job.cancel();
    else return;
    event.preventDefault();
  });
  // Typing that comes without key events: paste, dictation, an input method.
  field.addEventListener("input", ({ data }) => set(plain(fresh && data ? data : field.value)));
  job.changed?.(field.value);

  return { root, part, type, focus: () => field.focus({ preventScroll: true }) };
}
