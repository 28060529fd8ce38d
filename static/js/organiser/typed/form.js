// One form that is saved as it is typed: what is not saved yet, when it is sent, what comes back.
//
// `saved` is what stands at the server, as far as this page knows; a field that differs from it
// is sent after a short rest, and again until the server has it. A field that cannot be is told,
// and the rest is saved without it. Where somebody else was earlier the server refuses (the marks
// of the form), and the two are put together field by field.

import { faults, marksOf, renew, sent, standing } from "./asking.js";
import { byHandOf, leadsOn, pressAgain } from "./buttons.js";
import { adderOf, arrived, calledNow, putBack } from "./coming_back.js";
import { fieldsOf, isTyped, rowOf, valuesOf } from "./fields.js";
import { Kept } from "./kept.js";
import { listed, outermost, renamed, together } from "./merging.js";
import { withRowsFor } from "./further.js";
import { isBeside, onceLeft, orderOf, replaced, sameKeys } from "./replacing.js";
import { isHalfTyped, isSearched, restsOf } from "./rests.js";
import { askWhose, changesOf, lostOf, sayLost, sayOfForm, sayTaken, sayWrong, sentence, unsay, words } from "./said.js";

const AGAIN = [2_000, 5_000, 10_000, 30_000];
const MOST_TURNS = 5;

export class TypedForm {
  #timer = null;
  #busy = false;
  #due = false;
  #tries = 0;
  #composing = false;
  /** The button that waits for what is on its way. */
  #pressed = null;
  #raw = new Map();
  #wrong = new Map();
  #both = new Map();
  #state = { name: "idle" };
  #taking = null;
  /** What was sent and is not answered. */
  #sent = undefined;

  /** hears: {state(), stepped(step), replaced(names)} */
  constructor(form, hears) {
    this.form = form;
    this.hears = hears;
    this.fields = fieldsOf(form);
    this.saved = valuesOf(this.fields);
    this.order = orderOf(form);
    this.kept = new Kept(form);
    this.whole = form.dataset.whole !== undefined;
    this.rest = restsOf(this.whole);
    this._hideButtons();
    form.addEventListener("input", (event) => this._typedIn(event));
    form.addEventListener("change", (event) => this._typedIn(event));
    form.addEventListener("rules:moved", () => this._soon(this.rest.left));
    form.addEventListener("compositionstart", () => (this.#composing = true));
    form.addEventListener("compositionend", () => {
      this.#composing = false;
      this._soon(this.rest.typed);
    });
    form.addEventListener("submit", (event) => this._submitted(event));
    addEventListener("online", () => this.#state.name === "failed" && this._soon(0));
  }

  get state() {
    const n = lostOf(this.form);
    return n && !["out", "failed"].includes(this.#state.name) ? { ...this.#state, name: "homeless", n } : this.#state;
  }

  /** Keys of fields that the server does not have as they stand. */
  get dirty() {
    return [...this.fields].filter(([key, field]) => {
      const value = field.value;
      return value !== (this.saved.get(key) ?? field.usual) && !(this.#raw.has(key) && this.#raw.get(key) === value);
    }).map(([key]) => key);
  }

  /** Whether rows stand in another order than at the server. */
  get isMoved() { return this.order !== orderOf(this.form); }

  /** Whether leaving now would leave something behind that is not on its way. */
  get holds() { return this.dirty.length > 0 && !["idle", "saved", "saving"].includes(this.#state.name); }

  /** Put back what was not saved when the page was left; `unsaved` pages show more than stands. */
  async begin() {
    const left = this.kept.read();
    if (this.form.dataset.unsaved !== undefined) {
      // Loaded anew, the page would ask the server again for what it asked then, with what stood then.
      history.replaceState(history.state, "");
      const now = await standing(this.form);
      if (now?.form) this.saved = valuesOf(fieldsOf(now.form));
      else this._set({ name: "failed" });
    }
    const kept = left && calledNow(left, this.fields);
    if (kept) this.fields = withRowsFor(this.form, Object.keys(kept));
    putBack(this.fields, kept ?? {}, (field, now) => this._ask(field, now, this.form));
    if (this._addsRow(Object.entries(kept ?? {}).filter(([key]) => !this.fields.has(key)), left?.lacked)) return;
    if (this.dirty.length) {
      if (kept) sayOfForm(this.form, [words.cameback], "news");
      this._soon(0);
    }
  }

  /** Whether a row is asked for that was typed in and is not here; what can have none is told. */
  _addsRow(lacking, lacked = Infinity) {
    const adder = lacking.length < lacked ? adderOf(this.form, lacking.map(([key]) => key)) : null;
    if (adder) {
      this.carried = Object.fromEntries(lacking);
      this.form.requestSubmit(adder);
    } else if (lacking.length) sayLost(this.form, [sentence(words.unplaced, { text: lacking.map(([, [, mine]]) => mine).join(" · ") })], () => this.hears.state());
    return adder !== null;
  }

  /** Set fields, as {key: value}, and save them as one step back. */
  take(values) {
    this.#taking = values;
    for (const [key, value] of Object.entries(values)) {
      const field = this.fields.get(key);
      if (!field) continue;
      field.value = value;
      field.first.dispatchEvent(new Event("input", { bubbles: true }));
      field.first.focus({ preventScroll: true });
      field.place.scrollIntoView({ block: "nearest" });
    }
    this._soon(0);
  }

  /** Send now what waits for a rest, such as when the page is left. */
  flush() {
    if (this.#timer !== null || this.#state.name === "failed") this._soon(0, true);
  }

  _hideButtons() {
    this.byHand = byHandOf(this.form);
    for (const button of this.byHand) button.hidden = !this._waits();
  }

  /** Something is to be done by the button alone. */
  _waits() {
    return this.form.dataset.waits ? this.form.querySelector(this.form.dataset.waits) !== null : false;
  }

  _typedIn({ target, type }) {
    const find = () => [...this.fields.values()].find((candidate) => candidate.all.includes(target));
    let field = find();
    if (!field && isTyped(target)) {
      // A row was added, such as by what was pasted.
      this.fields = fieldsOf(this.form);
      field = find();
    }
    if (!field) return;
    if (this.#taking && !(field.key in this.#taking)) this.#taking = null;
    unsay(field, "taken");
    if (this.byHand.length) for (const button of this.byHand) button.hidden = !this._waits();
    this._keep();
    if (this.#composing) return;
    if (["idle", "saved"].includes(this.#state.name) && this.dirty.length) this._set({ name: "saving", at: this.#state.at });
    this._soon(this.rest.after(target, type));
  }

  _submitted(event) {
    const leads = leadsOn(event.submitter) || this._waits();
    if (leads && !this.#busy) {
      // It takes along what is typed; sent besides, that would be somebody earlier to it.
      clearTimeout(this.#timer);
      this.#timer = null;
      this.kept.write(this.carried ?? {}, { lacked: Object.keys(this.carried ?? {}).length });
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (leads) this.#pressed = event.submitter ?? {};
    else this._soon(0);
  }

  _keep() {
    const fields = {};
    for (const key of this.dirty) if (!isSearched(this.fields.get(key).first)) fields[key] = [this.#both.get(key) ?? this.saved.get(key), this.fields.get(key).value];
    this.kept.write(fields, { sent: this.#sent });
  }

  _set(state) {
    if (state.at === undefined) state.at = this.#state.at;
    this.#state = state;
    this.hears.state();
  }

  _soon(wait, atOnce = false) {
    clearTimeout(this.#timer);
    this.#timer = null;
    if (atOnce) return void this._save();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this._save();
    }, wait);
  }

  async _save() {
    if (this.#composing) return;
    if (this.whole && !this.#busy) this.fields = fieldsOf(this.form);
    if (this.#busy) {
      this.#due = true;
      return;
    }
    if (this._waits()) {
      this._set({ name: "waits", n: this.dirty.length });
      return;
    }
    if (!this.dirty.length && !this.isMoved && ![...this.fields.values()].some(({ first }) => first.validity?.badInput)) {
      this._settled();
      return;
    }
    this.#busy = true;
    await this._send().finally(() => (this.#busy = false));
    this._keep();
    if (this.#pressed) pressAgain(this.form, this.#pressed);
    else if (this.#due) this._soon(0);
    this.#pressed = this.#due = null;
  }

  /** Fields that are not sent as they stand: half a date, and those where another's counts so far. */
  _notSent(wrong) {
    const apart = new Set(this.#both.keys());
    for (const [key, { first }] of this.fields) {
      // What is no number or no day a browser gives as nothing.
      if (!first.validity?.badInput) continue;
      apart.add(key);
      wrong.set(key, first.validationMessage);
    }
    for (const key of this.dirty) if (isHalfTyped(this.fields.get(key).first)) apart.add(key);
    return apart;
  }

  async _send() {
    const wrong = new Map();
    const apart = this._notSent(wrong);
    let texts = [];
    for (let turn = 0; turn < MOST_TURNS; turn += 1) {
      const mine = new Map(this.dirty.filter((key) => !apart.has(key)).map((key) => [key, this.fields.get(key).value]));
      if (!mine.size && !this.isMoved) break;
      const written = [...mine].filter(([key, value]) => value && this.fields.get(key).isText);
      const filled = [...outermost(written.map(([key]) => rowOf(key)).filter((row) => row.includes("{+")))];
      const unanswered = this.#sent;
      this.#sent ??= { values: Object.fromEntries(mine), rows: [...listed(this.saved.keys())], filled };
      this._keep();
      const answer = await sent(this.form, this.fields, (key, field) => (apart.has(key) ? this.saved.get(key) ?? field.usual : field.value));
      if (!this._answered(answer)) return;
      if (!answer.late) this.#sent = answer.ok ? undefined : unanswered;
      if (answer.ok) {
        this._tell(wrong, []);
        this._accept(answer, { mine, apart, filled });
        this._settled(Date.now());
        return;
      }
      if (answer.late && await this._wasLate()) {
        for (const key of this.#both.keys()) apart.add(key);
        continue;
      }
      const problems = faults(answer.form, answer.page, fieldsOf(answer.form));
      texts = problems.texts;
      const fresh = [...problems.wrong].filter(([key]) => this.fields.has(key));
      for (const [key, text] of fresh) wrong.set(key, text);
      const more = fresh.map(([key]) => key).filter((key) => mine.has(key));
      if (this.whole || !more.length) break;
      for (const key of more) apart.add(key);
      texts = [];
    }
    this._tell(wrong, texts);
    this._settled();
  }

  /** Whether there is an answer to go on with; else it is told. */
  _answered(answer) {
    if (answer?.form) {
      this.#tries = 0;
      return true;
    }
    if (answer?.out) {
      sayOfForm(this.form, [], "out");
      this.refusal = true;
      this._set({ name: "out" });
    } else if (answer) {
      this._tell(new Map(), answer.refused);
      this._set({ name: "refused" });
    } else {
      this._set({ name: "failed" });
      this._soon(AGAIN[Math.min(this.#tries, AGAIN.length - 1)]);
      this.#tries += 1;
    }
    return false;
  }

  /** Whether somebody else was earlier, or what was sent before had arrived; then what was set is here now. */
  async _wasLate() {
    const now = await standing(this.form);
    if (!now?.form || marksOf(now.form) === marksOf(this.form)) return false;
    const { name, values } = arrived(this.#sent, fieldsOf(now.form));
    this.#sent = undefined;
    this._absorb(now, values, name);
    return true;
  }

  _accept(answer, { mine, apart, filled }) {
    const before = new Map(this.saved);
    const after = fieldsOf(answer.form);
    const name = renamed(this.fields.keys(), after.keys(), filled);
    this._absorb(answer, mine, name);
    const step = {};
    for (const key of mine.keys()) {
      if (apart.has(key) || !before.has(key) || !this.fields.has(key)) continue;
      if (before.get(key) !== this.saved.get(key)) step[key] = { was: before.get(key), now: this.saved.get(key) };
    }
    const taken = this.#taking;
    this.#taking = null;
    if (!taken && Object.keys(step).length) this.hears.stepped(this, step);
  }

  /** Take over what the server has now; `mine` is what it has just got from here. */
  _absorb({ form, page }, mine, name) {
    const now = valuesOf(fieldsOf(form));
    const was = new Map([...this.saved].map(([key, value]) => [name(key), value]));
    for (const [key, value] of mine) was.set(name(key), value);
    for (const [key, field] of this.fields) if (!was.has(name(key))) was.set(name(key), field.usual);
    const here = new Map([...valuesOf(this.fields)].map(([key, value]) => [name(key), value]));
    for (const key of this.#raw.keys()) if (here.get(key) === this.#raw.get(key)) here.set(key, was.get(key));
    for (const key of mine.keys()) if (now.has(name(key)) && here.get(name(key)) === mine.get(key)) here.set(name(key), now.get(name(key)));
    const typed = new Map([...here].filter(([key, value]) => value !== was.get(key) && value !== now.get(key)));
    const texts = new Map([...this.fields].map(([key, field]) => [name(key), sentence(words.lost, { field: field.label, text: field.textOf(field.value, words) })]));
    const differences = together(was, here, now);
    const order = orderOf(form);
    const isLost = this.isMoved && order !== orderOf(this.form);
    this._put({ form, page }, now, typed, mine, name);
    this.saved = now;
    this.order = order;
    for (const [key, { take, both }] of differences) {
      const field = this.fields.get(key);
      if (!field || mine.has(key)) continue;
      if (take !== undefined) sayTaken(field, take, changesOf(form));
      else this._ask(field, both, form);
    }
    const lost = [...typed.keys()].filter((key) => !this.fields.has(key)).map((key) => texts.get(key));
    if (isLost) lost.push(words.order);
    if (lost.length) sayLost(this.form, lost, () => this.hears.state());
  }

  /** The page shows what stands now, and in it what was typed since. */
  _put({ form, page }, now, typed, mine, name) {
    const same = sameKeys(this.fields, now) && orderOf(form) === orderOf(this.form);
    this.#raw.clear();
    if (same) {
      renew(this.form, form);
      this.form.dataset.changes = form.dataset.changes ?? "[]";
      for (const [key, field] of this.fields) {
        if (typed.has(key) || field.value === now.get(key)) continue;
        // What somebody has the caret in stays as it was typed.
        if (mine.has(key) && field.hasFocus) this.#raw.set(key, field.value);
        else field.value = now.get(key);
      }
    } else {
      const old = this.fields;
      this.fields = replaced(this.form, form, { old, typed, name });
      this._hideButtons();
      const names = [...old].map(([key, field]) => [field.first.name, this.fields.get(name(key))?.first.name ?? null]);
      this.hears.replaced(new Map(names));
    }
    for (const part of document.querySelectorAll("[data-typed-part]")) {
      const fresh = page.querySelector(`[data-typed-part="${CSS.escape(part.dataset.typedPart)}"]`);
      if (fresh && fresh.innerHTML !== part.innerHTML) part.innerHTML = fresh.innerHTML;
    }
    this.hears.put(this);
  }

  _ask(field, theirs, form) {
    this.#both.set(field.key, theirs);
    askWhose(field, theirs, changesOf(form), (whose) => {
      this.#both.delete(field.key);
      if (whose === "theirs") {
        field.value = theirs;
        field.first.dispatchEvent(new Event("input", { bubbles: true }));
      }
      this._soon(0);
    });
  }

  _tell(wrong, texts) {
    for (const [key, field] of this.fields) if (!wrong.has(key)) unsay(field, "wrong");
    for (const [key, text] of wrong) {
      const field = this.fields.get(key);
      unsay(field, "wrong");
      // A row is not found fault with while it is being written, but once it is left.
      if (!this.whole || !isBeside(field)) sayWrong(field, text);
      else onceLeft(field, () => this.#wrong.get(key) === text && this.fields.get(key) === field && sayWrong(field, text));
    }
    this.#wrong = wrong;
    const lines = this.whole && wrong.size ? [] : texts;
    sayOfForm(this.form, lines);
    this.refusal = lines.length > 0;
  }

  _settled(at) {
    const dirty = this.dirty;
    for (const key of [...this.#both.keys()]) if (!dirty.includes(key)) this.#both.delete(key);
    if (!dirty.length && ![...this.#wrong.keys()].some((key) => this.fields.get(key)?.first.validity?.badInput)) {
      this.#wrong.clear();
      for (const field of this.fields.values()) for (const kind of ["wrong", "whose"]) unsay(field, kind);
      if (this.refusal) sayOfForm(this.form, []);
      this.refusal = false;
    }
    this._keep();
    if (this.#both.size) this._set({ name: "both", n: this.#both.size, at });
    else if (this.#wrong.size) this._set({ name: "wrong", n: this.#wrong.size, at });
    else if (this.refusal) this._set({ name: "refused", at });
    else if (dirty.length && (this.#due || this.#timer !== null)) this._set({ name: "saving", at });
    else if (this.#state.name !== "idle" || at) this._set(at || this.#state.at ? { name: "saved", at } : { name: "idle" });
  }
}
