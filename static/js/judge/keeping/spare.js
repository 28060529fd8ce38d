// The stand-in when the tablet's own store can't be written: acts stay in this
// page's memory until the server has them. Same methods as Store; the chip is loud.

import { isNewer } from "./store.js";
import { uuid } from "../../shared/uuid.js";

export class Spare {
  #rows = [];
  #queue = new Set();
  #refused = [];
  #declined = new Set();
  #meta = new Map();
  #sheets = new Map();
  #tablet = uuid();

  async append(rows) {
    return rows.map((row) => {
      const n = this.#rows.length + 1;
      // Far above any counter of the store, so that the order stays that of the taps.
      const kept = { ...row, n: 1e12 + n, act: { ...row.act, tablet: this.#tablet, seq: n } };
      this.#rows.push(kept);
      this.#queue.add(kept.uuid);
      return kept;
    });
  }

  async waiting(judge) {
    return this.#rows.filter((row) => row.judge === judge && this.#queue.has(row.uuid));
  }

  async counts() {
    const found = {};
    for (const row of this.#rows) {
      if (this.#queue.has(row.uuid)) found[row.judge] = (found[row.judge] ?? 0) + 1;
    }
    return found;
  }

  async ofSheet(judge, sheet) {
    return this.#rows.filter((row) => row.judge === judge && row.sheet === sheet);
  }

  async settle(judge, held, refused, generation) {
    const known = this.#meta.get(`${judge}:generation`);
    if (known && generation && known !== generation) return false;
    for (const id of held) this.#queue.delete(id);
    for (const { uuid: id, reason } of refused) {
      if (!this.#queue.delete(id)) continue;
      this.#declined.add(id);
      this.#refused.push({ ...this.#rows.find((row) => row.uuid === id), reason });
    }
    return true;
  }

  async meet(judge, generation) {
    const known = this.#meta.get(`${judge}:generation`);
    this.#meta.set(`${judge}:generation`, generation);
    if (!known || known === generation) return [];
    const rows = this.#rows.filter((row) =>
      row.judge === judge && !this.#queue.has(row.uuid) && !this.#declined.has(row.uuid));
    for (const row of rows) this.#queue.add(row.uuid);
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
    const kept = { ...old, ...sheet, judge, kept: Date.now() };
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

  async lease() {
    return true;
  }

  async release() {}
}
