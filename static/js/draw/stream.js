// Chance out of a seed: numbers that anybody with the seed can make again.

import { hmac } from "./sha256.js";
import { utf8 } from "./text.js";

const HALF = 2 ** 32;

/** The remainder by n, below 2^32, of the number of two halves of 32 bits; exact in doubles. */
export function remainder(high, low, n) {
  const first = ((high % n) * 0x10000 + (low >>> 16)) % n;
  return (first * 0x10000 + (low & 0xffff)) % n;
}

/** Whether a number of 64 bits lies beyond the last multiple of n and is passed over. */
export function isBeyond(high, low, n) {
  // Only the last n numbers can; all of them have a full upper half.
  return high === HALF - 1 && n - remainder(high, low, n) > HALF - low;
}

/** The stream of one draw of a ceremony, eight bytes at a time. */
export class Stream {
  constructor(seed, draw, layer) {
    // What all blocks begin with is taken in once: nobody can make it long and dear.
    this.mac = hmac(seed, utf8(`compete-draw/1 ${draw} ${layer} `));
    this.block = 0;
    this.bytes = null;
    this.at = 32;
  }

  /** The next number from 0 to n - 1, each equally likely. */
  below(n) {
    for (;;) {
      if (this.at === 32) {
        const digest = this.mac(utf8(String(this.block)));
        this.bytes = new DataView(digest.buffer);
        this.block += 1;
        this.at = 0;
      }
      const high = this.bytes.getUint32(this.at);
      const low = this.bytes.getUint32(this.at + 4);
      this.at += 8;
      if (!isBeyond(high, low, n)) return remainder(high, low, n);
    }
  }
}
