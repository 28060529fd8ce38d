// One sheet on a judge's tablet: what the server holds, and this tablet's acts on top of it.
// What `now` gives is on the tablet's disk already.

import { typeOf } from "./aspect_types.js";
import { refusal, withBefore } from "./marking.js";
import { metIn, metNote } from "./met.js";
import { replay } from "./keeping/replay.js";
import { uuid } from "../shared/uuid.js";

const UNDOABLE = new Set(["mark", "clear"]);

export class MarkedSheet extends EventTarget {
  #unsent = [];
  #pending = [];
  #history = [];

  /** Of each watch that this tablet started: {at, wall, skew, within}, its start by either clock. */
  #starts = {};

  /** sheet: the server's JSON, as embedded in the page; line: whose clock is the server's. */
  constructor(sheet, journal, line) {
    super();
    this.server = sheet;
    /** The controls are built once, for these objects: what changes later is written onto them. */
    this.aspects = withBefore(sheet.aspects, sheet.previous);
    this.rules = sheet.rules;
    this.journal = journal;
    this.line = line;
    journal.addEventListener("news", ({ detail }) => this._heard(detail));
  }

  /** Reads what this tablet keeps beyond the page: a newer state of the sheet, its own acts. */
  async open() {
    this.server = { ...this.server, ...(await this.journal.keepSheet(this.server)) };
    const waiting = await this.journal.waiting();
    this.#unsent = waiting.filter((row) => row.sheet === this.server.id);
    this.#history = await this.journal.ofSheet(this.server.id);
    this.#starts = (await this.journal.get(`starts:${this.server.id}`)) ?? {};
    this._changed();
    return this;
  }

  /** True if the controls were built by rules that are no longer in force. */
  get isOutdated() {
    return Boolean(this.server.rules && this.rules && this.server.rules !== this.rules);
  }

  /** The sheet as it stands: the server's, with the acts on the disk. {values, state, watch, open} */
  get now() {
    return replay(this.server, this.#unsent.map((row) => row.act));
  }

  /** The sheet as it will stand once the taps of this moment are on the disk. */
  get intended() {
    return replay(this.server, [...this.#unsent.map((row) => row.act), ...this.#pending]);
  }

  /** True if an act of this sheet is not stored by the server yet. */
  get waits() {
    return this.#unsent.length > 0;
  }

  /** Records a value. Returns why it is refused, in a sentence; null once it goes to the disk. */
  put(aspect, value, extra = {}) {
    const problem = refusal(aspect, value);
    if (problem) return problem;
    this._add([{ kind: "mark", aspect: aspect.code, value, ...extra }]);
    return null;
  }

  /** Takes a value back, so that the aspect is unmarked again. */
  clear(aspect, extra = {}) {
    this._add([{ kind: "clear", aspect: aspect.code, ...extra }]);
  }

  /** Writes a note to an aspect, or to the whole sheet. */
  note(aspect, text) {
    return this._add([{ kind: "note", aspect: aspect?.code, note: text }], true);
  }

  /** Writes the comment to the contestant; an empty text takes it back. */
  comment(text) {
    return this._add([{ kind: "comment", note: text }], true);
  }

  /** Records several acts in one write, such as a stopped watch and its time. */
  together(acts) {
    return this._add(acts);
  }

  /**
   * How long ago a watch was started: {own, server, rough, within}. `own` by this tablet's own
   * clock, null where another one started it; `server` by the server's, null where it is not known
   * or was not at the start; `rough` by what is known; `within` how exactly they can agree, in ms.
   */
  since(code, at) {
    const start = this.#starts[code];
    const { skew, within } = this.line;
    const isOwn = start?.at === at;
    const rough = this.line.now() - Date.parse(at);
    return {
      own: isOwn ? Date.now() - start.wall : null,
      server: skew === null || (isOwn && start.skew === null) ? null : rough,
      rough,
      within: within + (isOwn ? start.within ?? 0 : 0),
    };
  }

  /** Starts a watch, or goes on with it, as of this instant of the server's clock. */
  startWatch(code, started, before = []) {
    const at = new Date(started).toISOString();
    const isKnown = [...this.server.watch ?? [], ...this.#unsent.map((row) => row.act), ...this.#pending]
      .some((act) => act.kind === "watch_start" && Date.parse(act.at) === Date.parse(at));
    if (!isKnown) {
      const { skew, within } = this.line;
      this.#starts = { ...this.#starts, [code]: { at, wall: Date.parse(at) - (skew ?? 0), skew, within } };
      this.journal.set(`starts:${this.server.id}`, this.#starts);
    }
    const acts = [...before, { kind: "watch_start", aspect: code, at }];
    if (this.intended.values[code] !== undefined) acts.push({ kind: "clear", aspect: code });
    return this._add(acts);
  }

  _add(drafts, always = false) {
    if (!always && !this.intended.open) return Promise.resolve(false);
    const at = new Date(this.line.now()).toISOString();
    const rows = drafts.map(({ undoes, ...draft }) => {
      const { values, met } = this.intended;
      const before = values[draft.aspect];
      const beforeMet = met[draft.aspect];
      const act = { uuid: uuid(), sheet: this.server.id, at, known: this._known(), ...draft };
      this.#pending.push(act);
      const { code, module } = this.server;
      return { act, before, beforeMet, undoes, label: { code, module, aspect: this._name(act) } };
    });
    return this.journal.append(rows).then(() => true);
  }

  /**
   * The last act of the judge's other tablets that is behind what this one shows. While its own
   * acts wait they lie over whatever has come since they were made.
   */
  _known() {
    const waiting = [...this.#unsent.map((row) => row.act), ...this.#pending];
    const numbers = [this.server.acts, ...waiting.map((act) => act.known)];
    return numbers.every(Number.isInteger) ? Math.min(...numbers) : undefined;
  }

  _name(act) {
    return this.aspects.find((aspect) => aspect.code === act.aspect)?.name ?? "";
  }

  /** True for what 撤销 takes back: marks, but not times, which are corrected with a reason. */
  _undoable(row) {
    if (!UNDOABLE.has(row.act.kind)) return false;
    const aspect = this.aspects.find((candidate) => candidate.code === row.act.aspect);
    return !aspect || !typeOf(aspect).timed;
  }

  /** The row that 撤销 would take back now, or null. */
  get last() {
    if (!this.now.open || this.#pending.length) return null;
    const undone = new Set(this.#history.map((row) => row.undoes));
    const start = this.#history.map((row) => row.act.kind).lastIndexOf("submit");
    const row = this.#history.slice(start + 1).filter((candidate) =>
      this._undoable(candidate) && !candidate.undoes && !undone.has(candidate.uuid)).pop();
    if (!row) return null;
    const wanted = row.act.kind === "mark" ? row.act.value : undefined;
    return this.now.values[row.act.aspect] === wanted ? row : null;
  }

  /** The newest row of this tablet on the sheet that 撤销 could be for, or null. */
  get latest() {
    return this.#history.filter((row) => this._undoable(row)).pop() ?? null;
  }

  /** Takes the last act back by a new act; the old one stays on record. */
  async undo() {
    // A tap of this moment is written first.
    await this.journal.written();
    const row = this.last;
    if (!row) return;
    const { aspect } = row.act;
    this._add([row.before === undefined || row.before === null
      ? { kind: "clear", aspect, undoes: row.uuid }
      : { kind: "mark", aspect, value: row.before, undoes: row.uuid,
        ...(row.beforeMet ? { note: metNote(row.beforeMet) } : {}) }]);
  }

  _heard(news) {
    if (news.type === "acts") this._written(news.rows);
    else if (news.type === "again") this._asked(news.rows);
    else if (news.type === "settled") this._settled(news);
    else if (news.type === "sheet" && news.sheet.id === this.server.id) {
      this.server = { ...this.server, ...news.sheet };
      this._changed();
    }
  }

  _written(rows) {
    const known = new Set(this.#history.map((row) => row.uuid));
    const ours = rows.filter((row) => row.sheet === this.server.id && !known.has(row.uuid));
    if (!ours.length) return;
    const ids = new Set(ours.map((row) => row.uuid));
    this.#pending = this.#pending.filter((act) => !ids.has(act.uuid));
    this.#unsent.push(...ours);
    this.#history.push(...ours);
    this._changed();
  }

  /** Counts these as unsent again: the server may have lost them, and is asked anew. */
  _asked(rows) {
    const known = new Set(this.#unsent.map((row) => row.uuid));
    const ours = rows.filter((row) => row.sheet === this.server.id && !known.has(row.uuid));
    this.#unsent = [...ours, ...this.#unsent].sort((a, b) => a.n - b.n);
    this._changed();
  }

  _settled({ held, refused }) {
    const reasons = new Map(refused.map((entry) => [entry.uuid, entry.reason]));
    const gone = new Set([...held, ...reasons.keys()]);
    const refusedRows = this.#unsent.filter((row) => reasons.has(row.uuid));
    this._keepWatch(this.#unsent.filter((row) => held.includes(row.uuid)));
    this._keepMet(this.#unsent.filter((row) => held.includes(row.uuid)));
    this._keepComment(this.#unsent.filter((row) => held.includes(row.uuid)));
    this.#unsent = this.#unsent.filter((row) => !gone.has(row.uuid));
    this.#history = this.#history.filter((row) => !reasons.has(row.uuid));
    for (const row of refusedRows) {
      this.dispatchEvent(new CustomEvent("refused", {
        detail: { row, reason: reasons.get(row.uuid) },
      }));
    }
    this._changed();
  }

  /** Notes which checks are met in the acts that the server stored: its short answer leaves that out. */
  _keepMet(rows) {
    const acts = rows.map((row) => row.act)
      .filter((act) => act.kind === "mark" && metIn(act.note) !== null);
    if (!acts.length) return;
    const met = { ...this.server.met };
    for (const act of acts) met[act.aspect] = metIn(act.note);
    this.server = { ...this.server, met };
    this.journal.keepSheet({ id: this.server.id, version: this.server.version, met });
  }

  /** Notes the comment that the server stored: its short answer leaves it out. */
  _keepComment(rows) {
    const last = rows.map((row) => row.act).filter((act) => act.kind === "comment").pop();
    if (!last) return;
    const comment = last.note ?? "";
    this.server = { ...this.server, comment };
    this.journal.keepSheet({ id: this.server.id, version: this.server.version, comment });
  }

  /** Notes the watch acts that the server stored: its short answer leaves the watch out. */
  _keepWatch(rows) {
    const acts = rows.map((row) => row.act).filter((act) => act.kind.startsWith("watch_"));
    if (!acts.length) return;
    const watch = [...(this.server.watch ?? []), ...acts];
    this.server = { ...this.server, watch };
    this.journal.keepSheet({ id: this.server.id, version: this.server.version, watch });
  }

  _changed() {
    withBefore(this.aspects, this.server.previous);
    this.dispatchEvent(new Event("change"));
  }
}
