// A finger that bounces: its second tap is for what lay under it at the first.

/** Two taps so close in time, in ms, and in place, in px, are one finger's. */
const BOUNCE = 350;
const NEAR = 24;

/** Swallow a second tap at the place of the first where another control has come to lie there. */
export function guardTaps(root = document) {
  let last = null;
  root.addEventListener("click", (event) => {
    // A key or a script clicks without a place.
    if (!event.detail) return;
    const control = event.target.closest("button, a, label, input, select, summary") ?? event.target;
    const { timeStamp: at, clientX: x, clientY: y } = event;
    const isBounce = last && at - last.at < BOUNCE
      && Math.hypot(x - last.x, y - last.y) < NEAR && control !== last.control;
    if (isBounce) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    last = { at, x, y, control };
  }, true);
}
