// The line to the server: whether it is open, whose session it is, and of which
// generation the server's data are (another after a restore); and the token that
// proves a request is ours.

const PATIENCE = 10_000;
/** For a picture, over a slow line. */
const LONG_PATIENCE = 60_000;

export class Line extends EventTarget {
  #token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";

  /** judge: the public id that the page was made for. */
  constructor(judge) {
    super();
    this.judge = judge;
    /** open, cut (no answer), ill (the server answers with errors), signin, other (another judge),
     * over (whose seat somebody else has: signing in again leads nowhere). */
    this.state = navigator.onLine === false ? "cut" : "open";
    /** Server time minus the tablet's, in ms; null until it is known. */
    this.skew = null;
    /** In its own words what ails a server that answers and can't take anything in. */
    this.ailment = null;
    /** Of which generation the server's data is: another one after a backup was restored. */
    this.generation = null;
    addEventListener("offline", () => this.#set("cut"));
  }

  /** The time by the server's clock, in ms; by the tablet's own until the server has said. */
  now() {
    return this.told(Date.now());
  }

  /** What the server's clock showed, in ms, when the tablet's showed this. */
  told(at) {
    return new Date(at).getTime() + (this.skew ?? 0);
  }

  /**
   * Ask the server. Returns {status, data, wait, said}: status 0 where no answer came,
   * data the JSON of an answer with 200, said that of any other, wait the seconds it asks
   * us to stay away. body: an object, sent as JSON, or a FormData.
   */
  async call(path, body, { keepalive = false } = {}) {
    const first = await this.#once(path, body, keepalive);
    // A token goes stale when the judge signs in again in another tab.
    if ((first.status === 400 || first.status === 403) && body && this.state !== "over" && (await this.#renew())) {
      return this.#once(path, body, keepalive);
    }
    return first;
  }

  async #once(path, body, keepalive) {
    const abort = new AbortController();
    const form = body instanceof FormData;
    const timer = setTimeout(() => abort.abort(), form ? LONG_PATIENCE : PATIENCE);
    const headers = { Accept: "application/json", "X-Judge": this.judge };
    if (body) headers["X-CSRF-Token"] = this.#token;
    if (body && !form) headers["Content-Type"] = "application/json";
    try {
      const reply = await fetch(path, {
        method: body ? "POST" : "GET",
        headers, keepalive,
        body: body && !form ? JSON.stringify(body) : body,
        credentials: "same-origin", cache: "no-store", redirect: "manual",
        signal: abort.signal,
      });
      return await this.#read(reply);
    } catch {
      this.#set("cut");
      return { status: 0 };
    } finally {
      clearTimeout(timer);
    }
  }

  async #read(reply) {
    const status = reply.type === "opaqueredirect" ? 401 : reply.status;
    if (status === 200) {
      const data = await reply.json();
      if (data.generation && data.generation !== this.generation) {
        this.generation = data.generation;
        this.dispatchEvent(new Event("generation"));
      }
      if (data.now) this.skew = Date.parse(data.now) - Date.now();
      this.#set("open");
      return { status, data };
    }
    const wait = Number(reply.headers.get("Retry-After")) || 0;
    const said = await reply.json().catch(() => ({}));
    // Of a 500 the sentence speaks of a page, and a proxy's own answers bring none.
    this.ailment = [503, 507].includes(status) ? (said.error ?? null) : null;
    this.#set(said.over ? "over" : status === 401 ? "signin" : status >= 500 ? "ill" : "open");
    return { status, wait, said };
  }

  /** Read a fresh token from the judge's page; false where it would not help. */
  async #renew() {
    try {
      const reply = await fetch(location.href, { cache: "no-store", redirect: "manual" });
      if (reply.type === "opaqueredirect" || reply.status === 401) this.#signedOut();
      if (!reply.ok) return false;
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      if (page.body.dataset.judge !== this.judge) {
        this.#set("other");
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

  /** Only a call of the interface says that the seat is over. */
  #signedOut() {
    if (this.state !== "over") this.#set("signin");
  }

  #set(state) {
    if (this.state === state) return;
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }
}
