// The line of the candidate's page: it says whose page it is and what this device's clock shows at
// each call, and hands the server's word on a sitting to the page, whichever call brings it.

import { Line } from "../keeping/line.js";

export class ExamLine extends Line {
  #turn = 0;

  /** sitting: its public id; none before somebody has sat down here. */
  constructor(sitting = "") {
    super(sitting);
    /** The number of the last act made here, and how many wait. */
    this.facts = () => ({ number: 0, waiting: 0 });
  }

  async call(path, body, options) {
    const turn = this.#turn += 1;
    const answer = await super.call(path, body, options);
    if (answer.status === 200 && answer.data?.state) {
      this.dispatchEvent(new CustomEvent("word", { detail: { word: answer.data, turn } }));
    }
    return answer;
  }

  _naming() {
    const { number, waiting } = this.facts();
    return {
      ...(this.judge ? { "X-Sitting": this.judge } : {}),
      "X-Clock": `${new Date().toISOString()} ${number}`,
      "X-Waiting": String(waiting),
    };
  }

  /** The page is the same for everybody who sits down at it; who sits there the cookie says. */
  _isOurs() {
    return true;
  }
}
