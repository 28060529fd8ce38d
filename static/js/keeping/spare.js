// The stand-in when the tablet's own store can't be written: acts stay in this
// page's memory, and beside it, until the server has them. Same methods as Store; the chip is loud.

import { dropAside, keptAside, putAside } from "./aside.js";
import { asBefore, asKept, isNewer } from "./store.js";
import { uuid } from "../shared/uuid.js";

export class Spare {
  #rows = [];
  #queue = new Set();
  #refused = [];
  #declined = new Set();
  #meta = new Map();
  #sheets = new Map();
  #tablet = uuid();
  #seq = 0;
  /** Something that waits is in this page's memory alone. */
  fragile = false;

  /** Take up what an earlier page, or another, could not write. */
  recover(judge) {
    const known = new Set(this.#rows.map((row) => row.uuid));
    for (const row of keptAside(judge)) {
      if (!known.has(row.uuid)) this._take(row);
    }
  }

  /** Far above any counter of the store, so that the order stays that of the taps. */
  _take(row) {
    const kept = { ...row, n: 1e12 + ++this.#seq };
    this.#rows.push(kept);
    this.#queue.add(kept.uuid);
    return kept;
  }

  async append(rows) {
    const taken = rows.map((row) => this._take(
      { ...row, act: { ...row.act, tablet: this.#tablet, seq: this.#seq + 1 } }));
    if (taken.length && !putAside(taken[0].judge, taken)) this.fragile = true;
    return taken;
  }

  /** These are in the store now. */
  forget(judge, uuids) {
    const gone = new Set(uuids);
    this.#rows = this.#rows.filter((row) => !gone.has(row.uuid));
    this._leave(judge, uuids);
  }

  _leave(judge, uuids) {
    for (const id of uuids) this.#queue.delete(id);
    if (!this.#queue.size) this.fragile = false;
    if (uuids.length) dropAside(judge, uuids);
  }

  /** Refused rows that the store could not be told of. */
  refuse(rows) {
    const known = new Set(this.#refused.map((row) => row.uuid));
    this.#refused.push(...rows.filter((row) => !known.has(row.uuid)));
  }

  async waiting(judge) {
    return this.#rows.filter((row) => row.judge === judge && this.#queue.has(row.uuid));
  }

  async counts() {
    const tally = {};
    for (const row of this.#rows) {
      if (this.#queue.has(row.uuid)) tally[row.judge] = (tally[row.judge] ?? 0) + 1;
    }
    return tally;
  }

  async ofSheet(judge, sheet) {
    return this.#rows.filter((row) => row.judge === judge && row.sheet === sheet);
  }

  async settle(judge, held, refused, generation) {
    const known = this.#meta.get(`${judge}:generation`);
    if (known && generation && known !== generation) return false;
    const refusals = refused.filter(({ uuid: id }) => this.#queue.has(id));
    for (const { uuid: id, reason } of refusals) {
      this.#declined.add(id);
      this.#refused.push({ ...this.#rows.find((row) => row.uuid === id), reason });
    }
    const gone = [...held, ...refusals.map(({ uuid: id }) => id)].filter((id) => this.#queue.has(id));
    this._leave(judge, gone);
    return true;
  }

  async meet(judge, generation) {
    const known = this.#meta.get(`${judge}:generation`);
    this.#meta.set(`${judge}:generation`, generation);
    if (!known || known === generation) return [];
    const rows = this.#rows.filter((row) =>
      row.judge === judge && !this.#queue.has(row.uuid) && !this.#declined.has(row.uuid));
    for (const row of rows) this.#queue.add(row.uuid);
    for (const [id, sheet] of this.#sheets) {
      if (sheet.judge === judge) this.#sheets.set(id, asBefore(sheet));
    }
    return rows;
  }

  async refusals(judge) {
    return this.#refused.filter((row) => row.judge === judge);
  }

  async putAway(id) {
    this.#refused = this.#refused.filter((row) => row.uuid !== id);
  }

  async keepSheet(judge, sheet, since = 0) {
    const old = this.#sheets.get(sheet.id);
    if (isNewer(old, sheet, since)) return old;
    const kept = asKept({ ...old, ...sheet, judge, kept: Date.now() });
    this.#sheets.set(sheet.id, kept);
    return kept;
  }

  async sheets() {
    return [...this.#sheets.values()];
  }

  async get(key) {
    return this.#meta.get(key);
  }

  async set(key, value) {
    this.#meta.set(key, value);
  }

  /** The store knows this one again. */
  unset(key) {
    this.#meta.delete(key);
  }

  async lease() {
    return true;
  }

  async release() {}
}
