// Questions that must be answered before going on, in the page's one <dialog>.

import { clone, parts, press, write } from "./dom.js";

let open = null;

/** Show an element as a dialog; returns a function that closes it. */
export function openDialog(content, label, closed) {
  open?.();
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-label", label);
  dialog.append(content);
  document.body.append(dialog);
  const close = () => {
    if (open !== close) return;
    open = null;
    dialog.close();
    dialog.remove();
    closed?.();
    document.dispatchEvent(new Event("dialog-closed"));
  };
  open = close;
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  dialog.showModal();
  return close;
}

/** Whether a dialog is open. */
export const isOpen = () => open !== null;

/** Ask a question with two answers; resolves with true for the first, null for neither. */
export function ask({ title, text, below = "", yes, no }) {
  return new Promise((resolve) => {
    const root = clone("t-question");
    const part = parts(root);
    write(part.title, title);
    write(part.text, text);
    write(part.below, below);
    write(part.yes, yes);
    write(part.no, no);
    let answer = null;
    const close = openDialog(root, title, () => resolve(answer));
    press(part.yes, () => { answer = true; close(); });
    press(part.no, () => { answer = false; close(); });
    part.yes.focus();
  });
}
