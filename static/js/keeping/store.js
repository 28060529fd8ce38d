// What the tablet keeps: an IndexedDB with
//   acts     every act of a judge, append-only, in the order of `n`
//   queue    which of them the server does not hold yet; `again` where it may hold them
//   refused  which of them it would not take, and why, until the judge has seen it
//   sheets   the newest word of the server on each sheet
//   meta     the tablet's id, its counter, the sender's lease, small settings
// A row of `acts` is {n, uuid, judge, sheet, act, label, before, undoes, declined}; only
// `act` ever leaves the tablet. `declined` says that the server once refused it.

import { uuid } from "../shared/uuid.js";

const NAME = "compete-judge";

function build(database) {
  const acts = database.createObjectStore("acts", { keyPath: "n", autoIncrement: true });
  acts.createIndex("uuid", "uuid", { unique: true });
  acts.createIndex("sheet", ["judge", "sheet"]);
  const queue = database.createObjectStore("queue", { keyPath: "n" });
  queue.createIndex("judge", "judge");
  queue.createIndex("uuid", "uuid", { unique: true });
  database.createObjectStore("refused", { keyPath: "uuid" });
  database.createObjectStore("sheets", { keyPath: ["judge", "id"] });
  database.createObjectStore("meta");
}

const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function open() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => build(request.result);
  return answer(request);
}

/** Whether what is kept of a sheet is newer than a word that was asked for at `since`. */
export function isNewer(old, sheet, since) {
  if (!old || (old.version ?? 0) <= (sheet.version ?? 0)) return false;
  // A time in the future was written by a clock that has been set back since.
  const known = old.kept <= Date.now() ? old.kept : 0;
  return !since || known >= since;
}

/** The rows of these numbers, which rise; those that lie close together are asked for at once. */
async function rowsAt(acts, numbers) {
  const [first, last] = [numbers[0], numbers.at(-1)];
  if (!numbers.length || last - first >= 2 * numbers.length) {
    return Promise.all(numbers.map((n) => answer(acts.get(n))));
  }
  const rows = new Map();
  for (const row of await answer(acts.getAll(IDBKeyRange.bound(first, last)))) rows.set(row.n, row);
  return numbers.map((n) => rows.get(n));
}

/** Whole numbers, which rise, as stretches without a gap: [[first, last], …]. */
function stretches(numbers) {
  const runs = [];
  for (const n of numbers) {
    if (runs.length && runs.at(-1)[1] === n - 1) runs.at(-1)[1] = n;
    else runs.push([n, n]);
  }
  return runs;
}

/**
 * What is kept of a sheet whose server was put back to a backup. A signature is the server's
 * alone and no tablet can offer it again: who had signed is told so, until it is signed anew.
 */
export const asBefore = (sheet) =>
  ({ ...sheet, version: 0, acts: 0, unsigned: sheet.unsigned || sheet.state === "signed" });

export const asKept = (sheet) => (sheet.state === "signed" ? { ...sheet, unsigned: false } : sheet);

/** Whether this browser keeps anything of a judge: looking must not make an empty store. */
export async function isKept() {
  if (!globalThis.indexedDB) return false;
  const names = await indexedDB.databases?.().catch(() => null);
  return !names || names.some(({ name }) => name === NAME);
}

export class Store {
  #opening = null;

  /** Open the database once; again after the browser has closed it. */
  async _database() {
    if (!this.#opening) {
      this.#opening = open().then((database) => {
        const forget = () => { this.#opening = null; };
        database.onclose = forget;
        database.onversionchange = () => { database.close(); forget(); };
        return database;
      });
    }
    return this.#opening.catch((error) => { this.#opening = null; throw error; });
  }

  /** Run work in one transaction; resolves with its result once that is on the disk. */
  async _run(names, mode, work) {
    const database = await this._database();
    const options = mode === "readwrite" ? { durability: "strict" } : undefined;
    const transaction = database.transaction(names, mode, options);
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
    });
    const stores = {};
    for (const name of names) stores[name] = transaction.objectStore(name);
    try {
      const result = await work(stores);
      await done;
      return result;
    } catch (error) {
      done.catch(() => {});
      try { transaction.abort(); } catch { /* it is over already */ }
      throw error;
    }
  }

  /** Write rows in one transaction, giving each its number, tablet and counter. */
  append(rows) {
    return this._run(["acts", "queue", "meta"], "readwrite", async ({ acts, queue, meta }) => {
      let tablet = await answer(meta.get("tablet"));
      if (!tablet) await answer(meta.put((tablet = uuid()), "tablet"));
      let seq = (await answer(meta.get("seq"))) ?? 0;
      const kept = rows.map((row) => ({ ...row, act: { ...row.act, tablet, seq: ++seq } }));
      // All are asked for at once: thousands of squares, one after another, took seconds.
      const places = await Promise.all(kept.map((row) => answer(acts.add(row))));
      const written = kept.map((row, at) => ({ ...row, n: places[at] }));
      await Promise.all(written.map(({ n, uuid: id, judge }) => answer(queue.add({ n, uuid: id, judge }))));
      await answer(meta.put(seq, "seq"));
      return written;
    });
  }

  /** Those of the rows that are not here. */
  unknown(rows) {
    return this._run(["acts"], "readonly", async ({ acts }) => {
      const index = acts.index("uuid");
      const places = await Promise.all(rows.map((row) => answer(index.getKey(row.uuid))));
      return rows.filter((row, at) => places[at] === undefined);
    });
  }

  /** The judge's rows that the server does not hold, oldest first; all, or so many. */
  waiting(judge, most) {
    return this._run(["acts", "queue"], "readonly", async ({ acts, queue }) => {
      const places = await answer(queue.index("judge").getAll(judge, most));
      places.sort((a, b) => a.n - b.n);
      const rows = await rowsAt(acts, places.map(({ n }) => n));
      return places.map(({ again }, at) => (again ? { ...rows[at], again } : rows[at]));
    });
  }

  /**
   * The server's data is of this generation now. Where another one confirmed the judge's
   * acts, a backup was restored meanwhile, and all of them wait again: what the server
   * has it takes for known. What it once refused stays refused. Returns the rows that
   * wait anew, oldest first.
   */
  meet(judge, generation) {
    return this._run(["acts", "queue", "sheets", "meta"], "readwrite", async (stores) => {
      const { acts, queue, sheets, meta } = stores;
      const key = `${judge}:generation`;
      const known = await answer(meta.get(key));
      if (known === generation) return [];
      await answer(meta.put(generation, key));
      if (!known) return [];
      const places = await answer(queue.index("judge").getAll(judge));
      const waits = new Set(places.map((place) => place.n));
      const rows = (await answer(acts.getAll())).filter((row) =>
        row.judge === judge && !row.declined && !waits.has(row.n));
      for (const { n, uuid: id } of rows) await answer(queue.add({ n, uuid: id, judge, again: true }));
      // What is kept of the server's word is that of the other generation.
      for (const sheet of await answer(sheets.getAll())) {
        if (sheet.judge === judge) await answer(sheets.put(asBefore(sheet)));
      }
      return rows.map((row) => ({ ...row, again: true }));
    });
  }

  /** How many rows wait by judge: {judge: count}. */
  counts() {
    return this._run(["queue"], "readonly", async ({ queue }) => {
      const tally = {};
      for (const { judge } of await answer(queue.getAll())) tally[judge] = (tally[judge] ?? 0) + 1;
      return tally;
    });
  }

  /** All the judge's rows on one sheet, oldest first. */
  ofSheet(judge, sheet) {
    return this._run(["acts"], "readonly", ({ acts }) =>
      answer(acts.index("sheet").getAll([judge, sheet])));
  }

  /**
   * Take out of the queue what the server holds or has refused. False where that was
   * another generation of its data, met since: then nothing is settled, and all is asked again.
   */
  settle(judge, held, refused, generation) {
    return this._run(["acts", "queue", "refused", "meta"], "readwrite", async (stores) => {
      const known = await answer(stores.meta.get(`${judge}:generation`));
      if (known && generation && known !== generation) return false;
      const leave = async (id) => {
        const place = await answer(stores.queue.index("uuid").get(id));
        if (place) await answer(stores.queue.delete(place.n));
        return place;
      };
      // A block's acts lie beside each other: they leave together, what else there is by its name.
      const gone = new Set(held);
      const places = (await answer(stores.queue.index("judge").getAll(judge, 2 * held.length + 1)))
        .filter((place) => gone.has(place.uuid));
      for (const place of places) gone.delete(place.uuid);
      await Promise.all(stretches(places.map(({ n }) => n).sort((a, b) => a - b))
        .map(([first, last]) => answer(stores.queue.delete(IDBKeyRange.bound(first, last)))));
      for (const id of gone) await leave(id);
      for (const { uuid: id, reason } of refused) {
        const place = await leave(id);
        if (!place) continue;
        const row = await answer(stores.acts.get(place.n));
        await answer(stores.acts.put({ ...row, declined: true }));
        await answer(stores.refused.put({ ...row, reason, again: Boolean(place.again) }));
      }
      return true;
    });
  }

  /** The judge's refused rows that nobody has put away yet. */
  refusals(judge) {
    return this._run(["refused"], "readonly", async ({ refused }) =>
      (await answer(refused.getAll())).filter((row) => row.judge === judge));
  }

  /** The judge has read why this one was refused. */
  putAway(id) {
    return this._run(["refused"], "readwrite", ({ refused }) => answer(refused.delete(id)));
  }

  /**
   * Keep the server's word on a sheet unless a newer one is here; returns the newest.
   * since: when the server was asked for it, by this tablet's clock. Then it replaces
   * whatever was kept before that moment, also a higher version (the server may have
   * been restored from a backup), but nothing that any tab has kept since.
   */
  keepSheet(judge, sheet, since = 0) {
    return this._run(["sheets"], "readwrite", async ({ sheets }) => {
      const old = await answer(sheets.get([judge, sheet.id]));
      if (isNewer(old, sheet, since)) return old;
      const kept = asKept({ ...old, ...sheet, judge, kept: Date.now() });
      await answer(sheets.put(kept));
      return kept;
    });
  }

  /** The newest words kept of all the judge's sheets. */
  sheets(judge) {
    return this._run(["sheets"], "readonly", async ({ sheets }) =>
      (await answer(sheets.getAll())).filter((sheet) => sheet.judge === judge));
  }

  get(key) {
    return this._run(["meta"], "readonly", ({ meta }) => answer(meta.get(key)));
  }

  set(key, value) {
    return this._run(["meta"], "readwrite", ({ meta }) => answer(meta.put(value, key)));
  }

  /** Become, or stay, the one tab that sends, for so many milliseconds. */
  lease(owner, length) {
    return this._run(["meta"], "readwrite", async ({ meta }) => {
      const lease = await answer(meta.get("sender"));
      const left = lease ? lease.until - Date.now() : 0;
      // A lease far in the future was written by a clock that has been set back since.
      if (lease && lease.owner !== owner && left > 0 && left <= 2 * length) return false;
      await answer(meta.put({ owner, until: Date.now() + length }, "sender"));
      return true;
    });
  }

  /** Let another tab send. */
  release(owner) {
    return this._run(["meta"], "readwrite", async ({ meta }) => {
      const lease = await answer(meta.get("sender"));
      if (lease?.owner === owner) await answer(meta.delete("sender"));
    });
  }

  /** Check that the disk takes a write; throws where it doesn't. */
  async probe() {
    await this.set("probe", Date.now());
    navigator.storage?.persist?.().catch(() => {});
  }
}

