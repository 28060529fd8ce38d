// What was typed and is not saved yet, kept in this browser until it is: over a page loaded anew,
// a closed tab, a night without network. For who typed it alone, and not for ever.

const HOURS = 24;
const JUST_TYPED = 60_000;
const owner = () => document.body.dataset.person ?? "";
const start = () => `typed ${owner()} `;
const here = () => location.pathname + location.search;

export class Kept {
  constructor(form) {
    this.key = `${start()}${form.id} ${here()}`;
  }

  /** {fields: {key: [what stood at the server, what was typed]}, lacked, sent}, or null. */
  read() {
    return owner() ? parsed(this.key) : null;
  }

  /**
   * `lacked`: of how many of them the fields were asked for, if that is why they are kept; `sent`:
   * {values, rows, filled} on their way, the rows that the server had, the new ones with texts.
   */
  write(fields, { lacked, sent } = {}) {
    try {
      if (owner() && Object.keys(fields).length) localStorage.setItem(this.key, JSON.stringify({ at: Date.now(), page: here(), fields, lacked, sent }));
      else localStorage.removeItem(this.key);
    } catch {
      // A browser that keeps nothing: the page warns before it is left all the same.
    }
  }
}

function parsed(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key));
    if (kept && Date.now() - kept.at < HOURS * 3_600_000) return kept;
    localStorage.removeItem(key);
  } catch {
    // Nothing that we kept.
  }
  return null;
}

/** What waits of another page of the same person: {key, page, form, fields, sent}, or null. */
export function waitsElsewhere() {
  if (!owner()) return null;
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(start())) continue;
      const kept = parsed(key);
      if (kept && kept.page !== here() && Date.now() - kept.at > JUST_TYPED) return { key, page: kept.page, form: key.slice(start().length, -kept.page.length - 1), fields: kept.fields, sent: kept.sent };
    }
  } catch {
    // Nothing can be kept here.
  }
  return null;
}

export function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing can be kept here.
  }
}
