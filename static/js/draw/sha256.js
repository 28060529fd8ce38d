// SHA-256 (FIPS 180-4) and HMAC with it (RFC 2104).
// A browser's own are missing on plain HTTP, where halls without a certificate are.

const BLOCK = 64;

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
const ROUNDS = Int32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
);

// The same of the square roots of the first eight.
const START = Int32Array.of(
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
);

const schedule = new Int32Array(BLOCK);

const turned = (word, bits) => (word >>> bits) | (word << (32 - bits));

/** One block of 64 bytes into a state of eight words. */
function compress(state, bytes, from) {
  const w = schedule;
  for (let i = 0, at = from; i < 16; i += 1, at += 4) {
    w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }
  for (let i = 16; i < BLOCK; i += 1) {
    const x = w[i - 15];
    const y = w[i - 2];
    const small0 = turned(x, 7) ^ turned(x, 18) ^ (x >>> 3);
    const small1 = turned(y, 17) ^ turned(y, 19) ^ (y >>> 10);
    w[i] = (w[i - 16] + small0 + w[i - 7] + small1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < BLOCK; i += 1) {
    const big1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const first = (h + big1 + ((e & f) ^ (~e & g)) + ROUNDS[i] + w[i]) | 0;
    const big0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const second = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

/** A hash that is fed piece by piece. */
export class Sha256 {
  constructor() {
    this.state = START.slice();
    this.block = new Uint8Array(BLOCK);
    this.length = 0;
  }

  /** Another one that has been fed the same. */
  clone() {
    const other = new Sha256();
    other.state.set(this.state);
    other.block.set(this.block);
    other.length = this.length;
    return other;
  }

  update(bytes) {
    let at = 0;
    let filled = this.length % BLOCK;
    this.length += bytes.length;
    if (filled) {
      at = Math.min(BLOCK - filled, bytes.length);
      this.block.set(bytes.subarray(0, at), filled);
      filled += at;
      if (filled < BLOCK) return this;
      compress(this.state, this.block, 0);
    }
    for (; at + BLOCK <= bytes.length; at += BLOCK) compress(this.state, bytes, at);
    this.block.set(bytes.subarray(at));
    return this;
  }

  /** The 32 bytes; it can't be fed any more afterwards. */
  digest() {
    const filled = this.length % BLOCK;
    const tail = new Uint8Array(filled < 56 ? BLOCK : 2 * BLOCK);
    tail.set(this.block.subarray(0, filled));
    tail[filled] = 0x80;
    const bits = new DataView(tail.buffer, tail.length - 8);
    bits.setUint32(0, Math.floor(this.length / 2 ** 29));
    bits.setUint32(4, (this.length << 3) >>> 0);
    for (let at = 0; at < tail.length; at += BLOCK) compress(this.state, tail, at);
    const out = new DataView(new ArrayBuffer(32));
    this.state.forEach((word, i) => out.setInt32(4 * i, word));
    return new Uint8Array(out.buffer);
  }
}

export const sha256 = (bytes) => new Sha256().update(bytes).digest();

/** HMAC-SHA-256 under one key of messages that all begin alike: a function from the rest of a
 * message to 32 bytes. */
export function hmac(key, beginning = new Uint8Array(0)) {
  const padded = new Uint8Array(BLOCK);
  padded.set(key.length > BLOCK ? sha256(key) : key);
  const inner = new Sha256().update(padded.map((byte) => byte ^ 0x36)).update(beginning);
  const outer = new Sha256().update(padded.map((byte) => byte ^ 0x5c));
  return (rest) => outer.clone().update(inner.clone().update(rest).digest()).digest();
}
