// Sends photos one after another until the server has said that it holds each, or why it won't.
// Marks are never kept waiting by them.

import { StoredPhotos } from "./stored_photos.js";
import { PhotoStore } from "./photo_store.js";
import { smallerPhoto } from "../../shared/smaller_photo.js";
import { uuid } from "../../shared/uuid.js";

/** What the server can draw anew where the tablet could not. */
const SENDABLE = /^image\/(jpeg|png|webp|hei[cf])$/;
const FIRST_WAIT = 2000;
const LONGEST_WAIT = 60_000;
/** Statuses that will be the same however often it is sent. */
const FINAL = new Set([400, 404, 409, 413, 415]);

export class PhotoQueue extends EventTarget {
  #store = new PhotoStore();
  #stored = new StoredPhotos();
  #busy = false;
  #timer = null;
  #attempts = 0;

  constructor(judge, line) {
    super();
    this.judge = judge;
    this.line = line;
    /** This judge's photos that wait, and those that were refused, with `reason`. */
    this.waiting = [];
    this.refused = [];
    /** A photo is in this page's memory alone. */
    this.fragile = false;
  }

  async start() {
    await this._read();
    this.kick();
    this.#stored.tidy();
  }

  /** Keep a picture with a sheet, or an aspect of it; false where it is no picture we can send. */
  async add(sheet, aspect, file, label) {
    const picture = await smallerPhoto(file) ?? (SENDABLE.test(file.type) ? file : null);
    if (!picture || picture.size > Number(document.body.dataset.mostPhotoBytes)) return false;
    const photo = {
      uuid: uuid(), judge: this.judge, sheet, aspect: aspect ?? null,
      at: new Date(this.line.now()).toISOString(), label, picture,
    };
    this.fragile = !(await this._keep(photo)) || this.fragile;
    await this._read();
    this.kick();
    return true;
  }

  async _keep(photo) {
    if (await this.#store.put(photo)) return true;
    await this.makeRoom();
    return this.#store.put(photo);
  }

  /** The disk is full: what the server holds needs no place here. */
  makeRoom() {
    return this.#stored.clear();
  }

  /** The server's data is of this generation; what only another one was given waits again. */
  async meet(generation) {
    const lost = await this.#stored.ofOthers(this.judge, generation);
    for (const photo of lost) {
      if (await this.#store.put({ ...photo, again: true })) await this.#stored.remove(photo.uuid);
    }
    if (!lost.length) return;
    await this._read();
    this.kick();
  }

  /** The judge has read why this one was refused. */
  async putAway(id) {
    await this.#store.remove(id);
    await this._read();
  }

  kick() {
    clearTimeout(this.#timer);
    this.#attempts = 0;
    this._run();
  }

  async _read() {
    const mine = (await this.#store.all()).filter((photo) => photo.judge === this.judge);
    this.waiting = mine.filter((photo) => !photo.reason);
    this.refused = mine.filter((photo) => photo.reason);
    this.dispatchEvent(new Event("change"));
  }

  async _run() {
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.waiting.length && (await this._send(this.waiting[0]))) await this._read();
    } finally {
      this.#busy = false;
    }
    if (!this.waiting.length) return;
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#attempts++);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this._run(), wait * (0.5 + Math.random()));
  }

  /** Send one; false where it must be tried again later. */
  async _send(photo) {
    const form = new FormData();
    form.append("uuid", photo.uuid);
    form.append("at", photo.at);
    if (photo.aspect) form.append("aspect", photo.aspect);
    // The tablet's own name of a file says nothing that the server should know.
    form.append("photo", photo.picture, "photo.jpg");
    const before = this.line.generation;
    const { status, refusal } = await this.line.call(
      `/api/sheets/${encodeURIComponent(photo.sheet)}/photos`, form);
    if (status === 200) {
      const { again, ...kept } = photo;
      await this.#stored.keep(kept, before ?? this.line.generation);
      await this.#store.remove(photo.uuid);
      // Restored while this was under way: it is not known which of the two took it.
      if (before && before !== this.line.generation) await this.meet(this.line.generation);
      this.dispatchEvent(new CustomEvent("held", { detail: photo }));
      return true;
    }
    if (!FINAL.has(status)) return false;
    await this.#store.put({ ...photo, reason: refusal?.error ?? String(status) });
    return true;
  }
}
