// One tab of a browser at a time works on a thing: the others say so, and may take it over. What is
// kept is the browser's, so whoever takes over loses nothing.

import { uuid } from "../shared/uuid.js";

/** Milliseconds in which a tab that has it answers; and in which it has written what it was about to. */
const ANSWERED = 350;
const WRITTEN = 1500;

export class OneTab extends EventTarget {
  #channel;
  #me = { since: Date.now(), id: uuid() };
  #asking = null;
  #waits = null;

  /** name: of the thing; leave(): resolves once this tab has written what it was about to. */
  constructor(name, leave) {
    super();
    /** Whether this tab has it. */
    this.active = false;
    this._leave = leave;
    this.#channel = globalThis.BroadcastChannel ? new BroadcastChannel(`compete-tab ${name}`) : null;
    this.#channel?.addEventListener("message", ({ data }) => this._heard(data));
  }

  /** Have it, unless another tab does. Resolves with whether this tab has it now. */
  async ask() {
    this.#asking = { taken: false };
    this._say("ask");
    await new Promise((resolve) => { setTimeout(resolve, this.#channel ? ANSWERED : 0); });
    const { taken } = this.#asking;
    this.#asking = null;
    this._set(!taken);
    return this.active;
  }

  /** Take it over from the tab that has it. */
  async take() {
    const left = new Promise((resolve) => { this.#waits = resolve; });
    this._say("take");
    await Promise.race([left, new Promise((resolve) => { setTimeout(resolve, WRITTEN); })]);
    this._set(true);
  }

  _say(what) {
    this.#channel?.postMessage({ what, ...this.#me });
  }

  async _heard({ what, since, id }) {
    const earlier = this.#me.since < since || (this.#me.since === since && this.#me.id < id);
    if (what === "ask" && (this.active || (this.#asking && earlier))) this._say("mine");
    else if (what === "mine" && this.#asking) this.#asking.taken = true;
    else if (what === "left") this.#waits?.();
    else if (what === "take" && this.active) {
      this._set(false);
      await this._leave();
      this._say("left");
    }
  }

  _set(active) {
    if (this.active === active) return;
    this.active = active;
    this.dispatchEvent(new Event("change"));
  }
}
