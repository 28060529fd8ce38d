// The judge's journal on this tablet: the store, a stand-in in memory for when the
// store fails, and word to the other tabs of what was written.

import { othersAside } from "./aside.js";
import { Spare } from "./spare.js";
import { Store } from "./store.js";

/** Milliseconds after which a store that failed is tried again. */
const AGAIN = 10_000;

export class Journal extends EventTarget {
  #store = new Store();
  #spare = new Spare();
  #channel = globalThis.BroadcastChannel ? new BroadcastChannel("compete-judge") : null;
  #last = Promise.resolve();
  /** What the server said of rows while the store took no word of it: {held, refused, generation}. */
  #owed = [];
  #timer = null;

  /** judge: the public id of whose tablet this is now. */
  constructor(judge) {
    super();
    this.judge = judge;
    /** null, or why the tablet can't keep marks: "absent" or "full". */
    this.trouble = null;
    this.#channel?.addEventListener("message", ({ data }) => {
      if (data.judge !== this.judge) return;
      // Another tab may have taken up what waits aside.
      if (data.type === "stored") this.#spare.forget(this.judge, data.uuids);
      else if (data.type === "settled") {
        this.#spare.settle(this.judge, [...data.held, ...data.refused.map((refusal) => refusal.uuid)], []);
      }
      if (data.type !== "stored") this._tell(data);
    });
  }

  async open() {
    this.#spare.recover(this.judge);
    try {
      await this.#store.probe();
      await this._catchUp();
    } catch (error) {
      this._inTrouble(error);
    }
    // Whoever has the tablet next is told whose marks wait on it.
    if (document.body.dataset.name) await this.set("name", document.body.dataset.name);
    return this;
  }

  /** Whether something that waits would be lost with this page. */
  get fragile() {
    return this.#spare.fragile;
  }

  /**
   * Write acts, oldest first; one call is all or nothing. Resolves with the rows once
   * they are on the disk, or, with `trouble` set, once they are in memory.
   */
  append(rows) {
    const owned = rows.map((row) => ({
      ...row, uuid: row.act.uuid, sheet: row.sheet ?? row.act.sheet, judge: this.judge,
    }));
    // One after another, so that the order on the disk is the order of the taps.
    this.#last = this.#last.then(() => this._write(owned));
    return this.#last;
  }

  /** Resolves when everything appended so far is written. */
  written() {
    return this.#last;
  }

  async _write(rows) {
    let written;
    try {
      await this._catchUp();
      written = rows.length ? await this.#store.append(rows) : [];
      this._outOfTrouble();
    } catch (error) {
      this._inTrouble(error);
      written = await this.#spare.append(rows);
    }
    this._say({ type: "acts", rows: written });
    return written;
  }

  /** What had to stay beside the store goes into it first: it is older. */
  async _catchUp() {
    const stranded = await this.#spare.waiting(this.judge);
    if (stranded.length) {
      const fresh = await this.#store.unknown(stranded);
      if (fresh.length) await this.#store.append(fresh.map(({ n, ...row }) => row));
      const uuids = stranded.map((row) => row.uuid);
      this.#spare.forget(this.judge, uuids);
      this._post({ type: "stored", uuids });
    }
    while (this.#owed.length) {
      const { held, refused, generation } = this.#owed[0];
      await this.#store.settle(this.judge, held, refused, generation);
      this.#owed.shift();
      for (const { uuid: id } of refused) await this.#spare.putAway(id);
    }
  }

  /** What waits, oldest first; all, or at least the first so many. */
  async waiting(most) {
    const settledIds = new Set(this.#owed.flatMap(({ held, refused }) =>
      [...held, ...refused.map((refusal) => refusal.uuid)]));
    const rows = await this._both((store) => store.waiting(this.judge, most && most + settledIds.size));
    return rows.filter((row) => !settledIds.has(row.uuid));
  }

  async ofSheet(sheet) {
    return this._both((store) => store.ofSheet(this.judge, sheet));
  }

  async refusals() {
    return this._both((store) => store.refusals(this.judge));
  }

  /** Acts of other judges that still wait on this tablet. */
  async others() {
    const counts = await this.#store.counts().catch(() => ({}));
    return Object.entries(counts)
      .filter(([judge]) => judge !== this.judge)
      .reduce((sum, [, count]) => sum + count, othersAside(this.judge));
  }

  /**
   * Note what this generation of the server's data said of acts: held uuids, refused
   * [{uuid, reason}]. False where another one was met since, whose word alone counts.
   */
  async settle(held, refused, generation) {
    const verdict = [this.judge, held, refused, generation];
    const spare = await this.#spare.settle(...verdict);
    const store = await this.#store.settle(...verdict).catch((error) => this._owe(error, verdict));
    if (spare === false || store === false) return false;
    this._say({ type: "settled", held, refused });
    return true;
  }

  /** The store can't be told yet: nobody is asked twice about what the server has answered. */
  async _owe(error, [judge, held, refused, generation]) {
    this._inTrouble(error);
    const reasons = new Map(refused.map((refusal) => [refusal.uuid, refusal.reason]));
    if (reasons.size) {
      const rows = await this.#store.waiting(judge).catch(() => []);
      this.#spare.refuse(rows.filter((row) => reasons.has(row.uuid))
        .map((row) => ({ ...row, reason: reasons.get(row.uuid) })));
    }
    this.#owed.push({ held, refused, generation });
  }

  /** The server says of which generation its data is; what it may have lost waits again. */
  async meet(generation) {
    this.#owed = this.#owed.filter((debt) => debt.generation === generation);
    const rows = [
      ...(await this.#store.meet(this.judge, generation).catch(() => [])),
      ...(await this.#spare.meet(this.judge, generation)),
    ];
    if (rows.length) this._say({ type: "again", rows });
  }

  async putAway(id) {
    await this.#spare.putAway(id);
    await this.#store.putAway(id).catch(() => {});
    this._say({ type: "settled", held: [], refused: [] });
  }

  /** Keep the server's newest word on a sheet and tell every tab that shows it. */
  async keepSheet(sheet, since = 0) {
    const kept = await this._first((store) => store.keepSheet(this.judge, sheet, since));
    this._say({ type: "sheet", sheet: kept });
    return kept;
  }

  async sheets() {
    return this._both((store) => store.sheets(this.judge));
  }

  /** What was set last, also where the store could not be told. */
  async get(key) {
    const name = `${this.judge}:${key}`;
    return (await this.#spare.get(name)) ?? this.#store.get(name).catch(() => undefined);
  }

  async set(key, value) {
    const name = `${this.judge}:${key}`;
    try {
      await this.#store.set(name, value);
      this.#spare.unset(name);
    } catch {
      await this.#spare.set(name, value);
    }
  }

  lease(owner, length) {
    return this._first((store) => store.lease(owner, length));
  }

  release(owner) {
    return this._first((store) => store.release(owner));
  }

  async _both(ask) {
    const kept = await ask(this.#store).catch(() => []);
    return kept.concat(await ask(this.#spare));
  }

  _first(ask) {
    return ask(this.#store).catch(() => ask(this.#spare));
  }

  _inTrouble(error) {
    const trouble = globalThis.indexedDB && error?.name === "QuotaExceededError"
      ? "full" : "absent";
    // Room may come without another tap: nobody taps on a tablet that says so.
    if (!this.#timer) {
      this.#timer = setTimeout(() => {
        this.#timer = null;
        this.#last = this.#last.then(() => this._again());
      }, AGAIN);
    }
    if (this.trouble === trouble) return;
    this.trouble = trouble;
    this._tell({ type: "trouble" });
  }

  async _again() {
    if (!this.trouble) return;
    try {
      await this.#store.probe();
      await this._catchUp();
      this._outOfTrouble();
    } catch (error) {
      this._inTrouble(error);
    }
  }

  _outOfTrouble() {
    if (!this.trouble) return;
    this.trouble = null;
    this._tell({ type: "trouble" });
  }

  /** Tell this tab and the others. */
  _say(news) {
    this._tell(news);
    this._post(news);
  }

  _post(news) {
    try {
      this.#channel?.postMessage({ ...news, judge: this.judge });
    } catch { /* the page is closing */ }
  }

  _tell(news) {
    this.dispatchEvent(new CustomEvent("news", { detail: news }));
  }
}
