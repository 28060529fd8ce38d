// The line to the server: whether it is open, whose session it is, and of which
// generation the server's data are (another after a restore); and the token that
// proves a request is ours. By its answers we know the server's clock, which is kept: whatever
// two devices share is told by it.

const PATIENCE = 10_000;
/** For a picture, over a slow line. */
const LONG_PATIENCE = 60_000;

/** Where this browser keeps how far its clock is off, for when it opens a page without a network. */
const CLOCK = "server-clock";
/** Where it keeps how far the server said it was, under the server's seal, for each person. */
const REACHED = "reached ";
/** Clocks drift apart, by up to so many milliseconds each millisecond. */
const DRIFT = 1e-4;

/** {skew, within, at}: the server's time minus ours, how exactly that is known, and since when. */
function keptClock() {
  try {
    const kept = JSON.parse(localStorage.getItem(CLOCK));
    return Number.isFinite(kept?.skew) ? kept : null;
  } catch {
    return null;
  }
}

/**
 * What is known of the server's clock after one more answer: the most exact word counts, as
 * long as no later one says that the clock was set since.
 */
export function betterClock(known, heard) {
  if (!known) return heard;
  const within = known.within + Math.abs(heard.at - known.at) * DRIFT;
  const agrees = Math.abs(heard.skew - known.skew) <= within + heard.within;
  return agrees && within < heard.within ? known : heard;
}

/** What is kept of how far the server was, after one more word of it: the later one of a generation. */
export function furthest(kept, heard) {
  const [life, , seq] = heard.split(".");
  const [known, , place] = (kept ?? "").split(".");
  return life === known && Number(seq) < Number(place) ? kept : heard;
}

export class Line extends EventTarget {
  #clock;
  #token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";

  /** judge: the public id that the page was made for. */
  constructor(judge) {
    super();
    this.judge = judge;
    /** open, cut (no answer), ill (the server answers with errors), signin, other (another judge),
     * over (whose seat somebody else has: signing in again leads nowhere). */
    this.state = navigator.onLine === false ? "cut" : "open";
    this.#clock = keptClock();
    /** When the server last told its time, by the steady clock of this page. */
    this.heard = -Infinity;
    /** In its own words what ails a server that answers and can't take anything in. */
    this.ailment = null;
    /** Of which generation the server's data is: another one after a backup was restored. */
    this.generation = null;
    /** As kept, where the browser keeps nothing. */
    this._lastReached = null;
    addEventListener("offline", () => this._set("cut"));
  }

  /** Server time minus the tablet's, in ms; null until it is known. */
  get skew() {
    return this.#clock?.skew ?? null;
  }

  /** How exactly that is known, in ms; 0 while it is not. */
  get within() {
    return this.#clock?.within ?? 0;
  }

  /** The time by the server's clock, in ms; by the tablet's own until the server has said. */
  now() {
    return Date.now() + (this.skew ?? 0);
  }

  /**
   * Ask the server. Returns {status, data, wait, refusal}: status 0 where no answer came,
   * data the JSON of an answer with 200, refusal that of any other, wait the seconds it asks
   * us to stay away. body: an object, sent as JSON, or a FormData.
   */
  async call(path, body, { keepalive = false } = {}) {
    const first = await this._once(path, body, keepalive);
    // A token goes stale when the judge signs in again in another tab.
    if ((first.status === 400 || first.status === 403) && body && this.state !== "over" && (await this._renew())) {
      return this._once(path, body, keepalive);
    }
    return first;
  }

  async _once(path, body, keepalive) {
    const abort = new AbortController();
    const form = body instanceof FormData;
    const timer = setTimeout(() => abort.abort(), form ? LONG_PATIENCE : PATIENCE);
    const headers = { Accept: "application/json", ...this._naming() };
    const reached = this._reached();
    if (reached) headers["X-Reached"] = reached;
    if (body) headers["X-CSRF-Token"] = this.#token;
    if (body && !form) headers["Content-Type"] = "application/json";
    const sent = Date.now();
    try {
      const reply = await fetch(path, {
        method: body ? "POST" : "GET",
        headers, keepalive,
        body: body && !form ? JSON.stringify(body) : body,
        credentials: "same-origin", cache: "no-store", redirect: "manual",
        signal: abort.signal,
      });
      return await this._read(reply, sent);
    } catch {
      this._set("cut");
      return { status: 0 };
    } finally {
      clearTimeout(timer);
    }
  }

  /** The headers that say whose this is. */
  _naming() {
    return { "X-Judge": this.judge };
  }

  async _read(reply, sent) {
    const came = Date.now();
    const status = reply.type === "opaqueredirect" ? 401 : reply.status;
    if (status === 200) {
      const data = await reply.json();
      if (data.reached) this._reach(data.reached);
      if (data.generation && data.generation !== this.generation) {
        this.generation = data.generation;
        this.dispatchEvent(new Event("generation"));
      }
      if (data.now) this._setClock(Date.parse(data.now), sent, came);
      this._set("open");
      return { status, data };
    }
    const wait = Number(reply.headers.get("Retry-After")) || 0;
    const refusal = await reply.json().catch(() => ({}));
    // Of a 500 the sentence speaks of a page, and a proxy's own answers bring none.
    this.ailment = [503, 507].includes(status) ? (refusal.error ?? null) : null;
    this._set(refusal.over ? "over" : status === 401 ? "signin" : status >= 500 ? "ill" : "open");
    return { status, wait, refusal };
  }

  _reached() {
    try {
      return localStorage.getItem(REACHED + this.judge) ?? this._lastReached;
    } catch {
      return this._lastReached;
    }
  }

  /** The server said how far it is: it is told with each call, and notices if it was set back. */
  _reach(word) {
    this._lastReached = furthest(this._reached(), word);
    try {
      localStorage.setItem(REACHED + this.judge, this._lastReached);
    } catch { /* then this page alone knows */ }
  }

  /** The server said its time somewhere between our sending and its answer's coming. */
  _setClock(time, sent, came) {
    const heard = { skew: time - (sent + came) / 2, within: Math.max(1, (came - sent) / 2), at: came };
    this.heard = performance.now();
    this.#clock = betterClock(this.#clock, heard);
    try {
      localStorage.setItem(CLOCK, JSON.stringify(this.#clock));
    } catch { /* then it is asked for anew on the next page */ }
  }

  /** Read a fresh token from the judge's page; false where it would not help. */
  async _renew() {
    try {
      const reply = await fetch(location.href, { cache: "no-store", redirect: "manual" });
      if (reply.type === "opaqueredirect" || reply.status === 401) this._signedOut();
      if (!reply.ok) return false;
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      if (!this._isOurs(page)) {
        this._set("other");
        return false;
      }
      const token = page.querySelector('meta[name="csrf-token"]')?.content;
      const changed = Boolean(token) && token !== this.#token;
      this.#token = token || this.#token;
      return changed;
    } catch {
      return false;
    }
  }

  /** Whether a page fetched anew is of whom this line is. */
  _isOurs(page) {
    return page.body.dataset.judge === this.judge;
  }

  /** Only a call of the interface says that the seat is over. */
  _signedOut() {
    if (this.state !== "over") this._set("signin");
  }

  _set(state) {
    if (this.state === state) return;
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }
}
