// A round of practice on this phone: the questions of a set in a queue, and those that were answered
// wrong, which come back until they were answered right twice. It is kept after every step, and
// nothing of it ever leaves the phone.

/** So often what was answered wrong has to be answered right. */
const TWICE = 2;

export class Round {
  #key;

  /** key: under which it is kept. */
  constructor(key) {
    this.#key = key;
    /** Whether this browser keeps it. */
    this.isKept = true;
    try {
      this.now = JSON.parse(localStorage.getItem(key));
    } catch {
      this.now = null;
    }
  }

  /** The question in front, or null once all is done. */
  get question() {
    const [code] = this.now?.queue[0] ?? [];
    return code === undefined ? null : this.now.questions[code];
  }

  /** How many wait that were answered wrong. */
  get wrong() {
    return this.now ? this.now.queue.length - this.now.fresh : 0;
  }

  /** Milliseconds since the first question, until the last one that was new. */
  get taken() {
    const { began, ended } = this.now;
    return began === null ? 0 : (ended ?? Date.now()) - began;
  }

  /** Milliseconds that are left of the set's minutes. */
  get left() {
    return this.now.minutes * 60_000 - this.taken;
  }

  /** A new set is in front; what waits that was answered wrong comes behind it. */
  take({ minutes, questions }) {
    const before = this.now;
    const fresh = new Set(questions.map(({ code }) => code));
    const waiting = (before?.queue ?? []).slice(before?.fresh ?? 0).filter(([code]) => !fresh.has(code));
    const known = Object.fromEntries(questions.map((question) => [question.code, question]));
    for (const [code] of waiting) known[code] = before.questions[code];
    this._begin({ minutes, questions: known, set: [...fresh] }, waiting);
  }

  /** The same set once more, for who has no network. */
  repeat() {
    const { minutes, questions, set } = this.now;
    this._begin({ minutes, questions, set }, this.now.queue.slice(this.now.fresh).filter(([code]) => !set.includes(code)));
  }

  _begin(about, waiting) {
    this.now = {
      ...about, queue: [...about.set.map((code) => [code, 1]), ...waiting],
      fresh: about.set.length, right: 0, began: null, ended: null, answered: null,
    };
    this._keep();
  }

  start() {
    if (this.now.began === null) this.now.began = Date.now();
    this._keep();
  }

  /** The question in front was answered. */
  answer(value, isRight) {
    this.now.answered = { value, isRight };
    if (this.now.fresh && isRight) this.now.right += 1;
    if (this.now.fresh === 1) this.now.ended = Date.now();
    this._keep();
  }

  /** Go on: what was wrong, or right once too few, goes to the end of the queue. */
  next() {
    const { queue, answered } = this.now;
    const [code, needs] = queue.shift();
    if (!answered.isRight) queue.push([code, TWICE]);
    else if (needs > 1) queue.push([code, needs - 1]);
    if (this.now.fresh) this.now.fresh -= 1;
    this.now.answered = null;
    this._keep();
  }

  _keep() {
    try {
      localStorage.setItem(this.#key, JSON.stringify(this.now));
      this.isKept = true;
    } catch {
      this.isKept = false;
    }
  }
}
