// What a page keeps on its device first and sends until the server holds it: the journal on the
// disk, the line to the server with its clock, and the outbox between them. Whoever keeps
// something (a judge's sheet, check-in, a labour competition's squares, an examination) has one.

import { Journal } from "./journal.js";
import { Line } from "./line.js";
import { Outbox } from "./outbox.js";

export class Keeping {
  /**
   * keeper: the mark of whose this is; line: the line to the server, where it is one with more to
   * tell; photosOf(line): the queue of photos, where there are any; sending: see Outbox.
   */
  constructor(keeper, { line = new Line(keeper), photosOf, ...sending }) {
    this.journal = new Journal(keeper);
    this.line = line;
    this._photosOf = photosOf;
    this._sending = sending;
  }

  /** Take up what the device keeps; nothing is sent before `outbox.start()`. */
  async open() {
    await this.journal.open();
    const photos = this._photosOf?.(this.line);
    this.outbox = new Outbox(this.journal, this.line, photos ? { ...this._sending, photos } : this._sending);
    return this;
  }
}
