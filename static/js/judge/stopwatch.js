// How long a stop-watch has run, from the instant it was started.
// The start stands in the acts (the `at` of a watch_start), so reload, sleep and restart don't
// matter; a run that is gone on with starts at the same instant again. Inside one page time runs
// by the browser's steady clock, which nobody can set; the tablet's own clock and the server's are
// held against it. Where they say something else one of them was set, or the steady one slept: the
// server's next answer settles it, and the judge is asked with both readings.

import { milliseconds } from "../shared/duration.js";

/** Readings that differ by less are one. */
const STEP = 1000;

export class Stopwatch {
  #word = null;
  /** Of each start that this page has followed: {run, steady, begun, isRough, noticed, apart, back}. */
  #anchors = new Map();

  /**
   * since: how long ago an instant was, {own, server, rough, within}: by this tablet's clock, null
   * where another one started it; by the server's, null where that is not known; by what there is;
   * how exactly.
   * steady: a clock in ms; heard: when on it the server last told its time.
   */
  constructor(since, steady = () => performance.now(), heard = () => -Infinity) {
    this.since = since;
    this.steady = steady;
    this.heard = heard;
  }

  /** word: the newest watch act {kind, at, value} of the aspect, or undefined. */
  follow(word) {
    const isSame = word?.at === this.#word?.at && word?.kind === this.#word?.kind;
    this.#word = word;
    if (isSame || !this.running || this.#anchors.has(word.at)) return;
    const { own, server, rough } = this.since(word.at);
    const run = own ?? server ?? rough;
    const now = this.steady();
    this.#anchors.set(word.at, {
      run: Math.max(0, run), steady: now, begun: now, noticed: null, apart: 0,
      isRough: own === null && server === null,
      // The tablet's time stands before the start: it has been set back.
      back: run < -STEP,
    });
  }

  get started() {
    return Boolean(this.#word);
  }

  get running() {
    return this.#word?.kind === "watch_start";
  }

  /** Whether the reading rests on clocks alone: another tablet's start, or one before a reload. */
  get isTakenOver() {
    if (!this.running) return false;
    const { own } = this.since(this.#word.at);
    const { begun, run } = this.#anchors.get(this.#word.at);
    return own === null || (run > STEP && this.heard() < begun);
  }

  get startedAt() {
    return this.running ? this.#word.at : null;
  }

  /** Milliseconds on the watch now. */
  get elapsed() {
    if (!this.#word) return 0;
    if (!this.running) return milliseconds(this.#word.value ?? "0");
    const anchor = this.#anchors.get(this.#word.at);
    this._compare(anchor);
    return anchor.run + this.steady() - anchor.steady;
  }

  /** What the other clock says where two do not agree, in ms; else null. */
  get other() {
    if (!this.running) return null;
    const { elapsed } = this;
    const { noticed, apart } = this.#anchors.get(this.#word.at);
    if (apart) return Math.max(0, elapsed + apart);
    return noticed === null ? null : Math.max(0, this._reading());
  }

  /** Whether the clocks have said different things in this run. */
  get isDoubtful() {
    return this.running && (this.#anchors.get(this.#word.at).back || this.other !== null);
  }

  /** By the clocks that can be set. */
  _reading() {
    const { own, server, rough } = this.since(this.#word.at);
    return own ?? server ?? rough;
  }

  _compare(anchor) {
    const now = this.steady();
    const run = anchor.run + now - anchor.steady;
    const { own, server, within } = this.since(this.#word.at);
    if (anchor.isRough && server !== null) {
      Object.assign(anchor, { run: Math.max(0, server), steady: now, isRough: false, back: false });
      return;
    }
    const agree = (reading) => reading === null || Math.abs(reading - run) <= STEP + within;
    if (agree(own) && agree(server)) {
      anchor.noticed = null;
      return;
    }
    anchor.noticed ??= now;
    // Only an answer that came since tells which of them is right.
    if (server === null || this.heard() <= anchor.noticed) return;
    const right = Math.max(0, server);
    const wrong = agree(server) ? own : run;
    if (wrong !== null && Math.abs(wrong - right) > STEP) anchor.apart = wrong - right;
    if (!agree(server)) Object.assign(anchor, { run: right, steady: now });
    anchor.noticed = null;
  }
}
