// Long work in short slices, so that a page stays alive while it computes.

/** How long a page may be held up at a time, in milliseconds. */
const SLICE = 12;

const breath = () => new Promise((resolve) => { setTimeout(resolve, 0); });

/** The work was stopped by whoever asked for it. */
export class StoppedError extends Error {}

/** Drive a generator to its end and give what it returns. `progress` gets each value that it yields,
 * but for undefined; once `stopped` says so there is a `StoppedError`. */
export async function inSlices(work, { progress = () => {}, stopped = () => false } = {}) {
  let until = performance.now() + SLICE;
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (value !== undefined) progress(value);
    if (performance.now() >= until) {
      await breath();
      if (stopped()) throw new StoppedError("stopped");
      until = performance.now() + SLICE;
    }
  }
}
