// How long a stop-watch has run, from the instant it was started.
// The start stands in the acts (the `at` of a watch_start), so reload, sleep and restart don't
// matter; a run that is gone on with starts at the same instant again. The start is an instant
// of the server's clock, by which another tablet reads it. Inside one page the browser's own
// steady clock guards against someone setting the tablet's time back.

import { milliseconds } from "../shared/duration.js";

export class Stopwatch {
  #word = null;
  #anchor = null;

  /**
   * since: how long ago an instant was, {ms, own}, and whether this tablet started the watch;
   * wall, steady: clocks in ms, for tests.
   */
  constructor(since, wall = () => Date.now(), steady = () => performance.now()) {
    this.since = since;
    this.wall = wall;
    this.steady = steady;
  }

  /** word: the newest watch act {kind, at, value} of the aspect, or undefined. */
  follow(word) {
    if (word?.at === this.#word?.at && word?.kind === this.#word?.kind) {
      this.#word = word;
      return;
    }
    this.#word = word;
    this.#anchor = null;
    if (!this.running) return;
    const { ms } = this.since(word.at);
    this.#anchor = { wall: this.wall(), steady: this.steady(), run: Math.max(0, ms) };
    /** The tablet's time stands before the start: it has been set back. */
    this.doubtful = ms < -1000;
  }

  get started() {
    return Boolean(this.#word);
  }

  get running() {
    return this.#word?.kind === "watch_start";
  }

  /** Whether another tablet started it, or this one's clock was set since: read by the server's. */
  get isTakenOver() {
    return this.running && !this.since(this.#word.at).own;
  }

  get startedAt() {
    return this.running ? this.#word.at : null;
  }

  /** Milliseconds on the watch now. */
  get elapsed() {
    if (!this.#word) return 0;
    if (!this.running) return milliseconds(this.#word.value ?? "0");
    const { ms, own } = this.since(this.#word.at);
    if (!own) return Math.max(0, ms);
    const { wall, steady, run } = this.#anchor;
    // The wall clock runs on in sleep, the steady one can't be set back: take the longer.
    return run + Math.max(this.wall() - wall, this.steady() - steady);
  }
}
