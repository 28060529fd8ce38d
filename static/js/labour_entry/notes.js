// Evidence and comments on the chosen square: files as tiles, comments below. They are sent at
// once; what could not be sent stays here and goes again under its own number.

import { openDialog } from "../shared/dialog.js";
import { clone, parts, press, show, write } from "../shared/dom.js";
import { uuid } from "../shared/uuid.js";
import { _ } from "../shared/words.js";

export class Notes {
  #square = null;
  /** Comments begun and not sent, by square: going elsewhere keeps them. */
  #drafts = new Map();
  /** What is on its way or did not arrive, by square: {uuid, text, file, problem}. */
  #sent = new Map();

  /** part: the elements of the page by name; changed(unit, code, n): so many stand there now. */
  constructor(part, { line, model, url, changed }) {
    Object.assign(this, { part, line, model, url, changed });
    part.notefile.addEventListener("change", () => {
      const [file] = part.notefile.files;
      if (file) this._send({ uuid: uuid(), text: "", file });
      part.notefile.value = "";
    });
    part.notetext.addEventListener("input", () => this.#drafts.set(this._key(), part.notetext.value));
    part.noteform.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = part.notetext.value.trim();
      if (!text) return;
      this._send({ uuid: uuid(), text, file: null });
    });
    press(part.noteagain, () => {
      const waiting = this.#sent.get(this._key());
      if (waiting) this._send(waiting);
    });
  }

  _key(square = this.#square) {
    return `${square.unit}|${square.code}`;
  }

  /** Another square: nothing of it is known yet. */
  move(unit, code) {
    if (this.#square?.unit === unit && this.#square.code === code) return;
    this.#square = { unit, code };
    this.part.notetext.value = this.#drafts.get(this._key()) ?? "";
    this.draw(null);
  }

  /** What stands on the square; null while it is not known. */
  draw(notes) {
    const { part, model } = this;
    const files = (notes ?? []).filter((note) => note.name);
    const comments = (notes ?? []).filter((note) => !note.name);
    part.files.replaceChildren(...files.map((note) => this._file(note)));
    part.comments.replaceChildren(...comments.map((note) => this._comment(note)));
    show(part.comments, comments.length > 0);
    const standing = files.filter((note) => !note.gone);
    const photos = standing.filter((note) => note.photo).length;
    const words = [];
    if (photos) words.push(_("照片 %(n)s", { n: photos }));
    if (standing.length > photos) words.push(_("文件 %(n)s", { n: standing.length - photos }));
    write(part.noteswords, words.join(_("，")));
    show(part.noteadd, !model.closed);
    show(part.noteform, !model.closed);
    this._trouble();
  }

  _file(note) {
    const root = clone("t-file");
    const own = parts(root);
    write(own.name, note.name);
    write(own.by, [note.by, note.when, note.size].filter(Boolean).join(_("，")));
    root.dataset.gone = String(Boolean(note.gone));
    if (note.url) own.open.href = note.url;
    else own.open.removeAttribute("href");
    if (note.photo && note.url) {
      own.picture.src = note.url;
      own.picture.alt = note.name;
    }
    show(own.picture, Boolean(note.photo && note.url));
    show(own.sheet, !(note.photo && note.url));
    this._end(own, note);
    return root;
  }

  _comment(note) {
    const root = clone("t-comment");
    const own = parts(root);
    write(own.when, note.when);
    write(own.said, note.text);
    write(own.by, note.own ? _("%(name)s，参赛单位", { name: note.by }) : note.by);
    root.dataset.gone = String(Boolean(note.gone));
    this._end(own, note);
    return root;
  }

  _end(own, note) {
    write(own.gone, note.gone ? _("收回了：%(why)s", { why: note.gone }) : "");
    show(own.gone, Boolean(note.gone));
    show(own.back, note.mine && !note.gone && !this.model.closed);
    press(own.back, () => this._takeBack(note));
  }

  _trouble() {
    const { part } = this;
    const waiting = this.#sent.get(this._key());
    const problem = waiting?.problem ?? "";
    write(part.noteproblem, problem);
    show(part.noteproblem, Boolean(problem));
    show(part.noteagain, Boolean(waiting?.again));
    part.notes.dataset.busy = String(Boolean(waiting && !problem));
    write(part.notebusy, waiting && !problem ? _("正在上传 %(name)s", { name: waiting.file?.name ?? _("意见") }) : "");
  }

  async _send(note) {
    const square = this.#square;
    const { unit, code } = square;
    const here = () => this._key() === this._key(square);
    this.#sent.set(this._key(square), { ...note, problem: "" });
    this._trouble();
    const form = new FormData();
    form.set("unit", unit);
    form.set("indicator", code);
    form.set("uuid", note.uuid);
    form.set("text", note.text);
    if (note.file) form.set("file", note.file);
    const answer = await this.line.call(this.url, form);
    if (answer.status === 200) {
      this.#sent.delete(this._key(square));
      if (note.text && this.#drafts.get(this._key(square))?.trim() === note.text) {
        this.#drafts.delete(this._key(square));
        if (here()) this.part.notetext.value = "";
      }
      this.changed(unit, code, answer.data.standing);
      if (here()) this.draw(answer.data.notes);
      return;
    }
    const cut = answer.status === 0 || answer.status >= 500;
    const problem = cut ? _("没传上去，还在这里") : answer.refusal?.error ?? _("没传上去");
    this.#sent.set(this._key(square), { ...note, problem, again: cut });
    if (here()) this._trouble();
  }

  _takeBack(note) {
    const { unit, code } = this.#square;
    const root = clone("t-back");
    const own = parts(root);
    const close = openDialog(root, _("收回"));
    root.addEventListener("submit", async (event) => {
      event.preventDefault();
      const answer = await this.line.call(`${this.url}/${note.uuid}/back`, { reason: own.reason.value });
      if (answer.status !== 200) {
        write(own.problem, answer.refusal?.error ?? _("没连上，再试一次"));
        show(own.problem, true);
        return;
      }
      close();
      this.changed(unit, code, answer.data.standing);
      if (this._key() === `${unit}|${code}`) this.draw(answer.data.notes);
    });
    own.reason.focus();
  }
}
