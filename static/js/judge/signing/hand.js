// The judge's own name as drawn or typed, kept for this tab until it is closed, so
// that it is drawn once and not under each of fifty sheets. The PIN is not here.

const KEY = "compete-hand";

/** What was signed with last on this tab by this judge: {drawing} or {name}, or null. */
export function lastHand(judge) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY));
    if (kept?.judge === judge) return kept.hand;
    sessionStorage.removeItem(KEY);
  } catch { /* then it is drawn again */ }
  return null;
}

/** Keep it, or forget it where there is none. */
export function keepHand(judge, hand) {
  try {
    if (hand) sessionStorage.setItem(KEY, JSON.stringify({ judge, hand }));
    else sessionStorage.removeItem(KEY);
  } catch { /* then it is drawn again */ }
}
