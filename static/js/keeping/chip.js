// The connection chip of a page that keeps: it is drawn here, its words are each page's own.

import { askBeforeLeaving } from "./leaving.js";
import { clock, clone, icon, parts, press, show, write } from "../shared/dom.js";

const LOOKS = ["ok", "warn", "bad", "accent"];
/** A sending that is over sooner than this is not worth a change of words. */
const BLINK = 400;

/**
 * Keep the page's chip true to the outbox. `say` gives its look and words for a state of it, always
 * in words where what was made is; `list` opens what waits.
 */
export function chip(outbox, { say, list }) {
  const root = document.querySelector('[data-part="chip"]');
  const words = root.querySelector('[data-part="chip-words"]');
  let sendingSince = null;

  const draw = () => {
    if (!outbox.sending) sendingSince = null;
    else if (sendingSince === null) sendingSince = performance.now();
    const long = sendingSince !== null && performance.now() - sendingSince >= BLINK;
    if (sendingSince !== null && !long) setTimeout(draw, BLINK);
    const [look, sign, text] = say({
      trouble: outbox.journal.trouble,
      state: outbox.line.state,
      waiting: outbox.allWaiting.length,
      refused: outbox.allRefused.length,
      sending: long || (outbox.sending && outbox.line.state === "open"),
      last: outbox.last,
      again: outbox.again,
      others: outbox.others,
    });
    if (!root.classList.contains(look)) {
      root.classList.remove(...LOOKS);
      root.classList.add(look);
    }
    icon(root.querySelector("svg"), sign);
    write(words, text);
    // What a live region says is not the name of the button around it.
    root.setAttribute("aria-label", text);
  };
  outbox.addEventListener("change", draw);
  outbox.journal.addEventListener("news", ({ detail }) => detail.type === "trouble" && draw());
  press(root, () => list(outbox));
  draw();
  askBeforeLeaving(outbox);
}

/**
 * One line of such a list: `what` in words, the moment `at` by the server's clock; a refused
 * one says its reason and can be put away.
 */
export function waitingRow(outbox, item, what, at, reason) {
  const line = clone("t-waiting-row");
  const inner = parts(line);
  write(inner.code, item.label.code);
  write(inner.what, what);
  write(inner.time, clock(at, true));
  show(inner.why, Boolean(reason));
  write(inner.why, reason ?? "");
  show(inner.away, Boolean(reason));
  press(inner.away, () => outbox.putAway(item));
  return line;
}
