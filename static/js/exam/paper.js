// The paper on this device: it lies here sealed before the start, and the key that comes at the
// start opens it. A hall by plain HTTP has no WebCrypto: there the paper comes at the start, open,
// in one answer, so that nobody can read it before either.

/** Bytes of a text in base64url. */
function bytesOf(text) {
  const letters = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

const canOpen = () => Boolean(globalThis.crypto?.subtle);

async function unsealed({ nonce, sealed }, key) {
  const { subtle } = crypto;
  const opener = await subtle.importKey("raw", bytesOf(key), "AES-GCM", false, ["decrypt"]);
  const plain = await subtle.decrypt({ name: "AES-GCM", iv: bytesOf(nonce) }, opener, bytesOf(sealed));
  return JSON.parse(new TextDecoder().decode(plain));
}

export class Paper {
  #busy = false;

  constructor({ journal, line }) {
    this.journal = journal;
    this.line = line;
    /** The questions, once they are open. */
    this.open = null;
    /** Whether it lies here, sealed or open. */
    this.here = false;
  }

  /**
   * Bring what the sitting's word allows: the sealed paper, and with its key the open one. Returns
   * whether anything came of it; what failed is tried again by the next word.
   */
  async bring(word) {
    if (this.#busy || this.open || !word.paper) return false;
    this.#busy = true;
    try {
      return await this._bring(word);
    } finally {
      this.#busy = false;
    }
  }

  async _bring({ paper, key, state }) {
    const { sha256, address } = paper;
    const opened = await this.journal.get("opened");
    if (opened?.sha256 === sha256) return this._set(opened.paper);
    if (!canOpen()) return state === "open" ? this._fetchOpen(paper) : false;
    let sealed = await this.journal.get("sealed");
    if (sealed?.sha256 !== sha256) {
      const { status, data } = await this.line.call(address);
      if (status !== 200) return false;
      sealed = { nonce: data.nonce, sealed: data.sealed, sha256 };
      await this.journal.set("sealed", sealed);
    }
    const news = !this.here;
    this.here = true;
    if (!key) return news;
    try {
      const content = await unsealed(sealed, key);
      await this.journal.set("opened", { sha256, paper: content });
      return this._set(content);
    } catch {
      // Not the bytes that this key opens: they are fetched anew.
      await this.journal.set("sealed", null);
      return false;
    }
  }

  async _fetchOpen({ address, sha256 }) {
    const { status, data } = await this.line.call(`${address}?open=1`);
    if (status !== 200) return false;
    const { now, generation, reached, ...content } = data;
    await this.journal.set("opened", { sha256, paper: content });
    return this._set(content);
  }

  _set(content) {
    this.open = content;
    this.here = true;
    return true;
  }

  /** Nothing of the paper stays on a device that others use after. */
  async forget() {
    this.open = null;
    await this.journal.set("sealed", null);
    await this.journal.set("opened", null);
  }
}
