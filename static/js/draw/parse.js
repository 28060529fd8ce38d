// JSON as strictly as a file needs that is hashed: a key that stands twice is seen, and
// no number loses a digit on the way. Browsers' own JSON.parse tells of neither.

// How many values are read between two looks at the clock.
const BATCH = 512;

const SPACE = /[ \t\n\r]*/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
// NaN and its like are no JSON, but are so often written that they deserve to be named.
const WORD = /true|false|null|NaN|-?Infinity/y;
const WORDS = new Map([["true", true], ["false", false], ["null", null]]);
const ESCAPES = new Map([
  ['"', '"'], ["\\", "\\"], ["/", "/"], ["b", "\b"], ["f", "\f"], ["n", "\n"], ["r", "\r"], ["t", "\t"],
]);

/** An object of the file: its members, and the keys that stand in it more than once. */
export class Members {
  constructor() {
    this.map = new Map();
    this.twice = [];
  }

  add(key, value) {
    if (this.map.has(key)) this.twice.push(key);
    this.map.set(key, value);
  }
}

/** A number that is not whole, or too large to be kept exactly: no right file has one. */
export class OddNumber {
  constructor(text) {
    this.text = text;
  }
}

/** The text is no JSON; `line` and `column` count from 1. */
export class JsonError extends Error {
  constructor(text, at) {
    const before = text.slice(0, at).split("\n");
    super(`line ${before.length}`);
    this.line = before.length;
    this.column = before[before.length - 1].length + 1;
  }
}

/** The JSON value in a text. It yields now and then, so that it can be read in slices. */
export function* parseJson(text) {
  const scanner = new Scanner(text);
  // Objects and lists that are open, each with the key under which its next value goes.
  const open = [];
  let value;
  for (let count = 0; ; count += 1) {
    if (count % BATCH === 0) yield;
    value = scanner.value();
    if (value instanceof Members || Array.isArray(value)) {
      const inner = { value, key: null, ends: Array.isArray(value) ? "]" : "}" };
      if (!scanner.takes(inner.ends)) {
        if (inner.ends === "}") inner.key = scanner.key();
        open.push(inner);
        continue;
      }
    }
    // A value is whole; with it perhaps those that it ends.
    for (;;) {
      const outer = open[open.length - 1];
      if (!outer) {
        scanner.end();
        return value;
      }
      if (outer.ends === "]") outer.value.push(value);
      else outer.value.add(outer.key, value);
      if (scanner.takes(",")) {
        if (outer.ends === "}") outer.key = scanner.key();
        break;
      }
      if (!scanner.takes(outer.ends)) throw scanner.fault();
      value = open.pop().value;
    }
  }
}

class Scanner {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  fault(at = this.at) {
    return new JsonError(this.text, at);
  }

  /** What a pattern finds right here, or null. */
  match(pattern) {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match) this.at = pattern.lastIndex;
    return match;
  }

  takes(sign) {
    this.match(SPACE);
    if (this.text[this.at] !== sign) return false;
    this.at += 1;
    return true;
  }

  end() {
    this.match(SPACE);
    if (this.at < this.text.length) throw this.fault();
  }

  key() {
    this.match(SPACE);
    if (this.text[this.at] !== '"') throw this.fault();
    const key = this.string();
    if (!this.takes(":")) throw this.fault();
    return key;
  }

  /** A text, number or word; of an object or list only that it begins. */
  value() {
    this.match(SPACE);
    const sign = this.text[this.at];
    if (sign === '"') return this.string();
    if (sign === "{" || sign === "[") {
      this.at += 1;
      return sign === "{" ? new Members() : [];
    }
    const word = this.match(WORD);
    if (word) return WORDS.has(word[0]) ? WORDS.get(word[0]) : new OddNumber(word[0]);
    const number = this.match(NUMBER);
    if (!number) throw this.fault();
    const whole = !number[1] && !number[2] && Number.isSafeInteger(Number(number[0]));
    // Minus zero is zero.
    return whole ? Number(number[0]) + 0 : new OddNumber(number[0]);
  }

  string() {
    this.at += 1;
    let text = "";
    for (;;) {
      text += this.match(PLAIN)[0];
      const sign = this.text[this.at];
      if (sign === '"') {
        this.at += 1;
        return text;
      }
      if (sign !== "\\") throw this.fault();
      text += this.escape();
    }
  }

  escape() {
    const sign = this.text[this.at + 1];
    if (ESCAPES.has(sign)) {
      this.at += 2;
      return ESCAPES.get(sign);
    }
    const digits = this.text.slice(this.at + 2, this.at + 6);
    if (sign !== "u" || !/^[0-9a-fA-F]{4}$/.test(digits)) throw this.fault();
    this.at += 6;
    return String.fromCharCode(parseInt(digits, 16));
  }
}
