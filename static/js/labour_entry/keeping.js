// What is written is kept in this browser first and sent until the server holds it: the
// journal, the line and the outbox of judging, for squares.

import { Journal } from "../judge/keeping/journal.js";
import { Line } from "../judge/keeping/line.js";
import { Outbox } from "../judge/keeping/outbox.js";
import { uuid } from "../shared/uuid.js";

/** Tells the page what the server answered to acts. */
class AnsweringLine extends Line {
  /** The number of the newest row that the page has: an answer to acts brings what is newer. */
  since = () => 0;

  async call(path, body, options) {
    const asked = body?.acts ? `${path}?since=${this.since()}` : path;
    const answer = await super.call(asked, body, options);
    if (answer.status === 200 && answer.data?.grids) {
      this.dispatchEvent(new CustomEvent("answer", { detail: answer.data }));
    }
    return answer;
  }
}

/** No photos go with squares. */
class NoPhotos extends EventTarget {
  waiting = [];
  refused = [];
  async start() {}
  kick() {}
  meet() {}
  makeRoom() {}
}

export class Keeping {
  /** most: how many acts the server takes in one call. */
  constructor(keeper, path, most) {
    this.journal = new Journal(keeper);
    this.line = new AnsweringLine(keeper);
    this.path = path;
    this.most = most;
  }

  async open() {
    await this.journal.open();
    this.outbox = new Outbox(this.journal, this.line, {
      path: this.path, batch: this.most, photos: new NoPhotos(),
    });
    await this.outbox.start();
    // The grid was asked for before there was anybody to hear of which generation it is.
    if (this.line.generation) this.line.dispatchEvent(new Event("generation"));
    return this;
  }

  /** Write acts, each {unit, indicator, kind, text, seen, sure, reason}; one call is all or none. */
  write(period, changes) {
    const at = new Date(this.line.now()).toISOString();
    return this.journal.append(changes.map((change) => ({
      sheet: `${period}|${change.unit}`,
      act: { uuid: uuid(), period, at, ...change },
    })));
  }
}
