// One sitting on this device: what the server said last, and this device's own acts on top of it.
// An act is on the disk before it is sent; the page shows it at once.

import { uuid } from "../shared/uuid.js";

/** The kinds of acts after which a sitting says something else. */
const MARKED = new Set(["answer", "flag"]);

/** Whether a value answers nothing: cleared, no option, blanks that are all empty. */
export function isEmpty(value) {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.every((part) => typeof part === "string" && !part.trim());
  return typeof value === "string" && !value.trim();
}

const alike = (value, known) => JSON.stringify(value ?? null) === JSON.stringify(known ?? null);

/** An act as the server takes it: what the journal adds is this device's own affair. */
export const asSent = ({ act: { kind, question, value, at, number, ...act } }) => ({
  uuid: act.uuid, kind, question: question ?? null, value: value ?? null, at, number,
});

export class Sitting extends EventTarget {
  #own = [];
  #pending = [];
  /** Which of this device's acts the server has not answered yet, by uuid. */
  #waiting = new Set();
  #turn = 0;
  #highest = 0;
  /** True where the server holds what this page does not know: until it says all there is. */
  #behind = false;
  #now = null;

  /** word: the server's, whole; keeping: the journal, the line and the outbox of this sitting. */
  constructor(word, { journal, line }) {
    super();
    this.word = word;
    this.journal = journal;
    this.line = line;
    this.id = word.sitting.id;
    this.#highest = word.number ?? 0;
    line.facts = () => ({ number: this._last(), waiting: this._unsent().length });
    line.addEventListener("word", ({ detail }) => this._takeWord(detail));
    journal.addEventListener("news", ({ detail }) => this._heard(detail));
  }

  async open() {
    this.#own = (await this.journal.ofSheet(this.id)).filter((row) => !row.declined);
    this.#waiting = new Set((await this.journal.waiting()).map((row) => row.uuid));
    await this.journal.set("word", this.word);
    this._changed();
    return this;
  }

  /** waiting, open, handing_in, handed_in, over, moved or void, by the server's clock. */
  get state() {
    const { state } = this.word;
    if (state !== "open") return state;
    if (this._unsent().some((act) => act.kind === "hand_in")) return "handing_in";
    return this.left <= 0 ? "over" : "open";
  }

  /** Whether the page asks for all there is: while somebody answers how things stand is enough. */
  get asksAll() {
    return this.word.state !== "open" || this.#behind;
  }

  /** Milliseconds that are left by the server's clock; to the start while it waits. */
  get left() {
    const { state, starts_at: starts, ends_at: ends } = this.word;
    const until = state === "waiting" ? starts : ends;
    return until ? Date.parse(until) - this.line.now() : Infinity;
  }

  /** {answers, flags}: what stands, with the acts that the server's word does not know yet. */
  get now() {
    if (this.#now) return this.#now;
    const answers = { ...this.word.answers };
    const flags = new Set(this.word.flags);
    for (const act of this._after()) {
      if (act.kind === "answer") answers[act.question] = act.value;
      else if (act.value) flags.add(act.question);
      else flags.delete(act.question);
    }
    this.#now = { answers, flags };
    return this.#now;
  }

  isAnswered(question) {
    return !isEmpty(this.now.answers[question]);
  }

  /** Answer a question; null clears it. What stands already is not said again. */
  answer(question, value) {
    if (alike(this.now.answers[question], value)) return;
    this._add({ kind: "answer", question, value });
  }

  flag(question, wanted) {
    this._add({ kind: "flag", question, value: wanted });
  }

  /** Hand in, once all that was answered before is on the disk. */
  async handIn() {
    this._add({ kind: "hand_in" });
    await this.journal.written();
  }

  /** Note that the page was left, or come back to, at that moment of this device's clock. */
  note(kind, at) {
    if (this.word.state === "open") this._add({ kind }, at);
  }

  _add(draft, at = Date.now()) {
    if (this.state !== "open") return;
    const { device } = this.word.sitting;
    const act = { uuid: uuid(), ...draft, at: new Date(at).toISOString(), number: this._last() + 1 };
    this.#pending.push(act);
    this._changed();
    this.journal.append([{ act, sheet: this.id, device, label: {} }]);
  }

  /** The number of the last act of this device. */
  _last() {
    const numbers = [...this.#own.map((row) => row.act.number), ...this.#pending.map((act) => act.number)];
    return Math.max(this.#highest, 0, ...numbers);
  }

  /** Acts of this device that came after the server's word, oldest first. */
  _after() {
    const { device } = this.word.sitting;
    const mine = this.#own.filter((row) => row.device === device).map((row) => row.act);
    return [...mine, ...this.#pending]
      .filter((act) => MARKED.has(act.kind) && act.number > (this.word.number ?? 0))
      .sort((a, b) => a.number - b.number);
  }

  _unsent() {
    return [...this.#own.filter((row) => this.#waiting.has(row.uuid)).map((row) => row.act), ...this.#pending];
  }

  /**
   * The server said how the sitting stands. Of two words the one asked for later counts, and none
   * that knows fewer of this device's acts than one before: answers overtake each other.
   */
  _takeWord({ word, turn }) {
    const whole = Boolean(word.sitting);
    if (whole && word.sitting.id !== this.id) return;
    const restored = word.generation !== this.word.generation;
    if (!restored && (turn < this.#turn || (word.number ?? 0) < this.#highest)) return;
    const isElsewhere = "elsewhere" in word && word.elsewhere !== this.word.elsewhere;
    this.#behind = !whole && (this.#behind || restored || isElsewhere);
    this.#turn = turn;
    this.#highest = word.number ?? 0;
    // Answers and the number up to which they go are of one moment: a short word brings neither.
    const { number, held, refused, generation, elsewhere, ...news } = word;
    this.word = whole ? word : { ...this.word, ...news };
    this.journal.set("word", this.word);
    this._changed();
  }

  _heard(news) {
    if (news.type === "acts") this._written(news.rows);
    else if (news.type === "again") for (const row of news.rows) this.#waiting.add(row.uuid);
    else if (news.type === "settled") this._settled(news);
    else return;
    this._changed();
  }

  _written(rows) {
    const known = new Set(this.#own.map((row) => row.uuid));
    const fresh = rows.filter((row) => row.sheet === this.id && !known.has(row.uuid));
    const ids = new Set(rows.map((row) => row.uuid));
    this.#pending = this.#pending.filter((act) => !ids.has(act.uuid));
    this.#own.push(...fresh);
    for (const row of fresh) this.#waiting.add(row.uuid);
  }

  _settled({ held, refused }) {
    const reasons = new Map(refused.map((refusal) => [refusal.uuid, refusal.reason]));
    for (const id of [...held, ...reasons.keys()]) this.#waiting.delete(id);
    const gone = this.#own.filter((row) => reasons.has(row.uuid));
    this.#own = this.#own.filter((row) => !reasons.has(row.uuid));
    for (const row of gone) {
      this.dispatchEvent(new CustomEvent("refused", { detail: { act: row.act, reason: reasons.get(row.uuid) } }));
    }
  }

  _changed() {
    this.#now = null;
    this.dispatchEvent(new Event("change"));
  }
}
