// A PIN, typed on big keys or a keyboard. It is never shown, never kept.

import { block, clone, parts, press, show, write } from "../../shared/dom.js";

const LONGEST = 6;

/** changed: called with the digits after every key; confirm: on Enter. */
export function pinPad({ label, changed, confirm }) {
  const root = clone("t-pin");
  const part = parts(root);
  const { field } = part;
  write(part.label, label);
  field.setAttribute("aria-label", label);

  const set = (text) => {
    field.value = text.replace(/\D/g, "").slice(0, LONGEST);
    tell("");
    changed?.(field.value);
  };
  const tell = (sentence) => {
    field.setAttribute("aria-invalid", String(Boolean(sentence)));
    show(part.problem, Boolean(sentence));
    write(part.sentence, sentence);
  };
  const keys = { back: () => set(field.value.slice(0, -1)), clear: () => set("") };
  const buttons = root.querySelectorAll("[data-key]");
  for (const button of buttons) {
    const { key } = button.dataset;
    press(button, keys[key] ?? (() => set(field.value + key)));
    button.addEventListener("pointerdown", (event) => event.preventDefault());
  }
  field.addEventListener("input", () => set(field.value));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    confirm?.();
  });

  return {
    root,
    tell,
    get digits() {
      return field.value;
    },
    /** Short of what any PIN has. */
    get short() {
      return field.value.length < 4;
    },
    clear: () => set(""),
    /** While the server is asked nothing can be typed that would be wiped by its answer. */
    wait(on) {
      field.readOnly = on;
      for (const button of buttons) block(button, on);
    },
    label(words) {
      write(part.label, words);
      field.setAttribute("aria-label", words);
    },
    focus: () => field.focus({ preventScroll: true }),
  };
}
