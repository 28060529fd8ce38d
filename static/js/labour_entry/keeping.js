// What is written is kept in this browser first and sent until the server holds it: the
// journal, the line and the outbox, for squares.

import { Keeping } from "../keeping/keeping.js";
import { Line } from "../keeping/line.js";
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

export class SquaresKeeping extends Keeping {
  /** most: how many acts the server takes in one call. */
  constructor(keeper, path, most) {
    super(keeper, { line: new AnsweringLine(keeper), path, batch: most });
  }

  async open() {
    await super.open();
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
