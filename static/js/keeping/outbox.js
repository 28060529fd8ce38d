// Sends what waits, in order and in batches; one tab of the tablet has the turn to send.
// It tries again ever more slowly, until the server has said that it holds it or why it won't.

import { uuid } from "../shared/uuid.js";

const BATCH = 50;
const LEASE = 15_000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;

/** Milliseconds to wait after so many attempts in a row came to nothing, with jitter. */
export function backOff(attempts, random = Math.random()) {
  const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(attempts, 10));
  return Math.round(wait * (0.5 + random / 2));
}

/**
 * Who sends: this browser's tab, whichever page it shows. A page that was left in the middle
 * of sending can't let go any more; the next one of its tab need not wait until its time is up.
 */
function tabName() {
  try {
    const name = sessionStorage.getItem("tab") ?? uuid();
    sessionStorage.setItem("tab", name);
    return name;
  } catch {
    return uuid();
  }
}

/**
 * An act as it is sent. What was in view, or known, when it was made was a row of the data before
 * the restore: whatever another person or tablet has written since is asked about.
 */
const sentAsKept = ({ act, again }) => (again ? unseen(act) : act);
const unseen = (act) => ({
  ...act, ...(act.seen ? { seen: 0 } : {}), ...(act.known ? { known: 0 } : {}),
});

/** A photo as a line of the list of what waits. */
const asRow = (photo) => ({
  uuid: photo.uuid, label: photo.label, reason: photo.reason, act: { kind: "photo", at: photo.at },
});

/** In place of the queue of photos on a page that takes none. */
class NoPhotos extends EventTarget {
  waiting = [];
  refused = [];
  async start() {}
  meet() {}
  kick() {}
  makeRoom() {}
  putAway() {}
}

export class Outbox extends EventTarget {
  #me = tabName();
  #busy = false;
  #again = false;
  #timer = null;
  #attempts = 0;
  #batch;
  /** Sheets whose first act the server chokes on; the others must not wait for them. */
  #stuck = new Set();
  /** Done when what another generation of the server's data asks for is written. */
  #meeting = Promise.resolve();

  /**
   * path: where acts are sent; batch: how many at once; photos: their queue, where there are any;
   * asSent(row): the act of a row as the server takes it; isDone(act, sheets): whether what an act
   * asked for is so by what the server says of its sheets, though another tab's asked first.
   */
  constructor(journal, line, {
    path, batch = BATCH, photos = new NoPhotos(), asSent = sentAsKept, isDone = () => false,
  }) {
    super();
    this.most = batch;
    this.#batch = batch;
    this.journal = journal;
    this.line = line;
    this.path = path;
    /** Rows that wait, rows that were refused, when the server last took one. */
    this.waiting = [];
    this.refused = [];
    this.others = 0;
    /** Photos go by a queue of their own, so that no mark waits for one. */
    this.photos = photos;
    this._asSent = asSent;
    this._isDone = isDone;
    this.photos.addEventListener("change", () => this._changed());
    this.last = null;
    this.sending = false;
    journal.addEventListener("news", ({ detail }) => this._heard(detail));
    line.addEventListener("state", () => this._changed());
    line.addEventListener("generation", () => {
      this.#meeting = journal.meet(line.generation);
      this.photos.meet(line.generation);
    });
    addEventListener("online", () => this.kick());
    addEventListener("pageshow", () => this.kick());
    addEventListener("focus", () => this.kick());
    addEventListener("pagehide", () => this._farewell());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.kick();
      else this._farewell();
    });
  }

  async start() {
    this.last = (await this.journal.get("last")) ?? null;
    this._add(await this.journal.waiting());
    await this._count();
    await this.photos.start();
    this.kick();
    return this;
  }

  /** Rows and photos that the server does not hold yet; those it refused. */
  get allWaiting() {
    return [...this.waiting, ...this.photos.waiting.map(asRow)];
  }

  get allRefused() {
    return [...this.refused, ...this.photos.refused.map(asRow)];
  }

  /** Rows and photos that the server held once and may have lost, since a backup was restored. */
  get again() {
    return [...this.waiting, ...this.photos.waiting].filter((item) => item.again).length;
  }

  /** The judge has read why this one was refused. */
  putAway(item) {
    return item.act.kind === "photo" ? this.photos.putAway(item.uuid) : this.journal.putAway(item.uuid);
  }

  /** Try now, whatever the back-off says. */
  kick() {
    this.#attempts = 0;
    this._plan(0);
    this.photos.kick();
  }

  _heard({ type, rows, held, refused }) {
    if (type === "again") {
      this._add(rows);
      this.kick();
    } else if (type === "acts") {
      // At once, without a look into the store: the page may close in this very moment.
      this._add(rows);
      this._changed();
      this._plan(0, false);
    } else if (type === "settled") {
      const gone = new Set([...held, ...refused.map((refusal) => refusal.uuid)]);
      this.waiting = this.waiting.filter((row) => !gone.has(row.uuid));
      this._changed();
      this._count();
    } else if (type === "trouble") {
      if (this.journal.trouble === "full") this.photos.makeRoom();
      this._count();
    }
  }

  _add(rows) {
    const known = new Set(this.waiting.map((row) => row.uuid));
    this.waiting = [...this.waiting, ...rows.filter((row) => !known.has(row.uuid))]
      .sort((a, b) => a.n - b.n);
  }

  async _count() {
    [this.refused, this.others] = await Promise.all([
      this.journal.refusals(), this.journal.others(),
    ]);
    this._changed();
  }

  _changed() {
    this.dispatchEvent(new Event("change"));
  }

  /** Run after so long; a tap does not cut a back-off short, a sign of life does. */
  _plan(wait, hurry = true) {
    if (this.#timer && !hurry) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this._run();
    }, wait);
  }

  async _run() {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    try {
      let next = 0;
      while (next === 0) next = await this._round();
      if (next !== null) this._plan(next);
    } finally {
      this.#busy = false;
      if (this.#again) {
        this.#again = false;
        this._plan(0);
      }
    }
  }

  /** One batch. Returns 0 to go on at once, ms to wait, or null when nothing waits. */
  async _round() {
    const rows = this._pick(await this.journal.waiting(this.#stuck.size ? undefined : this.#batch));
    if (!rows.length) {
      await this.journal.release(this.#me);
      return null;
    }
    if (!(await this.journal.lease(this.#me, LEASE))) return backOff(2);
    this.sending = true;
    this._changed();
    const answer = await this.line.call(this.path, { acts: rows.map(this._asSent) });
    this.sending = false;
    const moved = answer.status === 200 && (await this._settle(rows, answer.data));
    this._changed();
    if (moved) {
      this.#attempts = 0;
      this.#batch = Math.min(this.most, this.#batch * 2);
      return 0;
    }
    if (answer.status >= 400 && ![401, 429].includes(answer.status)) this._narrow(rows);
    await this.journal.release(this.#me);
    return Math.max(backOff(this.#attempts++), (answer.wait ?? 0) * 1000);
  }

  /** The next batch: the oldest acts, of sheets that go through where others don't. */
  _pick(waiting) {
    const fit = waiting.filter((row) => !this.#stuck.has(row.sheet));
    if (!fit.length) this.#stuck.clear();
    return (fit.length ? fit : waiting).slice(0, this.#batch);
  }

  /** The server choked on a batch: send fewer, and in the end go round the one act. */
  _narrow(rows) {
    if (this.#batch === 1) this.#stuck.add(rows[0].sheet);
    this.#batch = Math.max(1, this.#batch >> 1);
  }

  /** Believe the answer for the acts it names; true where it took any off our hands. */
  async _settle(rows, data) {
    await this.#meeting;
    const ours = new Map(rows.map((row) => [row.uuid, row.act]));
    const refusals = (data.refused ?? []).filter((refusal) => ours.has(refusal.uuid));
    const done = (act) => this._isDone(act, data.sheets ?? {});
    const refused = refusals.filter((refusal) => !done(ours.get(refusal.uuid)));
    const held = (data.held ?? []).filter((id) => ours.has(id))
      .concat(refusals.filter((refusal) => done(ours.get(refusal.uuid))).map((refusal) => refusal.uuid));
    for (const [id, sheet] of Object.entries(data.sheets ?? {})) {
      await this.journal.keepSheet({ id, ...sheet });
    }
    for (const row of this.refused.filter(({ act }) => done(act))) await this.journal.putAway(row.uuid);
    if (!held.length && !refused.length) return false;
    if (held.length) {
      // By the server's clock, as its own pages tell it: this one may be hours off.
      this.last = this.line.now();
      await this.journal.set("last", this.last);
    }
    return this.journal.settle(held, refused, data.generation);
  }

  /** The page goes away: hand the oldest acts to the browser, and forget nothing. */
  _farewell() {
    const acts = this.waiting.slice(0, BATCH).map(this._asSent);
    if (!acts.length || ["signin", "other", "over"].includes(this.line.state)) return;
    this.line.call(this.path, { acts }, { keepalive: true });
  }
}
