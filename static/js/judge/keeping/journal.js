// The judge's journal on this tablet: the store, a stand-in in memory for when the
// store fails, and word to the other tabs of what was written.

import { Spare } from "./spare.js";
import { Store } from "./store.js";

export class Journal extends EventTarget {
  #store = new Store();
  #spare = new Spare();
  #channel = globalThis.BroadcastChannel ? new BroadcastChannel("compete-judge") : null;
  #last = Promise.resolve();

  /** judge: the public id of whose tablet this is now. */
  constructor(judge) {
    super();
    this.judge = judge;
    /** null, or why the tablet can't keep marks: "absent" or "full". */
    this.trouble = null;
    this.#channel?.addEventListener("message", ({ data }) => {
      if (data.judge === this.judge) this.#tell(data);
    });
  }

  async open() {
    try {
      await this.#store.probe();
    } catch (error) {
      this.#inTrouble(error);
    }
    return this;
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
    this.#last = this.#last.then(() => this.#write(owned));
    return this.#last;
  }

  /** Resolves when everything appended so far is written. */
  written() {
    return this.#last;
  }

  async #write(rows) {
    let written;
    try {
      // What had to stay in memory goes to the disk first: it is older.
      const stranded = await this.#spare.waiting(this.judge);
      const all = [...stranded.map(({ n, ...row }) => row), ...rows];
      written = (await this.#store.append(all)).slice(stranded.length);
      await this.#spare.settle(this.judge, stranded.map((row) => row.uuid), []);
      this.#outOfTrouble();
    } catch (error) {
      this.#inTrouble(error);
      written = await this.#spare.append(rows);
    }
    this.#say({ type: "acts", rows: written });
    return written;
  }

  /** What waits, oldest first; all, or at least the first so many. */
  async waiting(most) {
    return this.#both((store) => store.waiting(this.judge, most));
  }

  async ofSheet(sheet) {
    return this.#both((store) => store.ofSheet(this.judge, sheet));
  }

  async refusals() {
    return this.#both((store) => store.refusals(this.judge));
  }

  /** Acts of other judges that still wait on this tablet. */
  async others() {
    const counts = await this.#store.counts().catch(() => ({}));
    return Object.entries(counts)
      .filter(([judge]) => judge !== this.judge)
      .reduce((sum, [, count]) => sum + count, 0);
  }

  /**
   * Note what this generation of the server's data said of acts: held uuids, refused
   * [{uuid, reason}]. False where another one was met since, whose word alone counts.
   */
  async settle(held, refused, generation) {
    const said = [this.judge, held, refused, generation];
    const spare = await this.#spare.settle(...said);
    const store = await this.#store.settle(...said).catch((error) => this.#inTrouble(error));
    if (spare === false || store === false) return false;
    this.#say({ type: "settled", held, refused });
    return true;
  }

  /** The server says of which generation its data is; what it may have lost waits again. */
  async meet(generation) {
    const rows = [
      ...(await this.#store.meet(this.judge, generation).catch(() => [])),
      ...(await this.#spare.meet(this.judge, generation)),
    ];
    if (rows.length) this.#say({ type: "again", rows });
  }

  async putAway(id) {
    await this.#spare.putAway(id);
    await this.#store.putAway(id).catch(() => {});
    this.#say({ type: "settled", held: [], refused: [] });
  }

  /** Keep the server's newest word on a sheet and tell every tab that shows it. */
  async keepSheet(sheet, since = 0) {
    const kept = await this.#first((store) => store.keepSheet(this.judge, sheet, since));
    this.#say({ type: "sheet", sheet: kept });
    return kept;
  }

  async sheets() {
    return this.#both((store) => store.sheets(this.judge));
  }

  get(key) {
    return this.#first((store) => store.get(`${this.judge}:${key}`));
  }

  set(key, value) {
    return this.#first((store) => store.set(`${this.judge}:${key}`, value));
  }

  lease(owner, length) {
    return this.#first((store) => store.lease(owner, length));
  }

  release(owner) {
    return this.#first((store) => store.release(owner));
  }

  async #both(ask) {
    const kept = await ask(this.#store).catch(() => []);
    return kept.concat(await ask(this.#spare));
  }

  #first(ask) {
    return ask(this.#store).catch(() => ask(this.#spare));
  }

  #inTrouble(error) {
    const trouble = globalThis.indexedDB && error?.name === "QuotaExceededError"
      ? "full" : "absent";
    if (this.trouble === trouble) return;
    this.trouble = trouble;
    this.#tell({ type: "trouble" });
  }

  #outOfTrouble() {
    if (!this.trouble) return;
    this.trouble = null;
    this.#tell({ type: "trouble" });
  }

  /** Tell this tab and the others. */
  #say(news) {
    this.#tell(news);
    try {
      this.#channel?.postMessage({ ...news, judge: this.judge });
    } catch { /* the page is closing */ }
  }

  #tell(news) {
    this.dispatchEvent(new CustomEvent("news", { detail: news }));
  }
}
