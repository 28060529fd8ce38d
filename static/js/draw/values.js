// Single values out of the tree of a draw file, each held against what may stand there.

import { Members, OddNumber } from "./parse.js";
import { clipped, msg, textFault } from "./text.js";

/** How many problems of one file are told; the rest is counted. */
const MOST_PROBLEMS = 100;

const HEX = /^[0-9a-f]*$/;

/** The place of a key in the object at `path`. */
export const member = (path, key) => (path ? `${path}.${clipped(key)}` : clipped(key));

/** What an object may hold; keys with a question mark may be left out. */
export function keys(text) {
  const words = text.split(" ");
  return {
    all: words.map((word) => word.replace("?", "")),
    required: words.filter((word) => !word.endsWith("?")),
  };
}

/** A value of the tree, for a sentence about it. */
function valueWords(value) {
  if (value === null) return msg("null");
  if (value === true) return msg("true");
  if (value === false) return msg("false");
  if (typeof value === "string") return msg("文字“%(text)s”", { text: clipped(value) });
  if (Array.isArray(value)) return msg("一个列表");
  if (value instanceof Members) return msg("一个对象");
  const text = value instanceof OddNumber ? value.text : String(value);
  return msg("数 %(text)s", { text: clipped(text) });
}

/** Takes values out of objects. What is wrong or missing is noted, and comes out undefined. */
export class Values {
  constructor() {
    this.problems = [];
    this.more = 0;
  }

  note(path, { text, holes }) {
    if (this.problems.length < MOST_PROBLEMS) this.problems.push({ path, text, holes });
    else this.more += 1;
  }

  /** All that were kept, and a last one that counts the others. */
  listed() {
    if (!this.more) return this.problems;
    return [...this.problems, { path: "", ...msg("还有 %(count)s 处问题没有列出", { count: this.more }) }];
  }

  wrong(path, value, wanted) {
    this.note(path, msg("这里是%(found)s，应当是%(wanted)s", { found: valueWords(value), wanted }));
    return undefined;
  }

  /** The members of an object with all the keys it needs and no others, or null. */
  object(value, path, { all, required }) {
    if (!(value instanceof Members)) {
      this.wrong(path, value, msg("对象"));
      return null;
    }
    for (const key of value.twice) {
      this.note(member(path, key), msg("“%(key)s”写了不止一次", { key: clipped(key) }));
    }
    for (const key of value.map.keys()) {
      if (all.includes(key)) continue;
      this.note(member(path, key), msg("不认识“%(key)s”，这里可以写：%(keys)s", {
        key: clipped(key), keys: all,
      }));
    }
    for (const key of required) {
      if (!value.map.has(key)) this.note(member(path, key), msg("少了“%(key)s”", { key }));
    }
    return value.map;
  }

  /** A list's members, each with its place in the file. */
  rows(owner, key, path, least = 0) {
    const value = owner.get(key);
    const place = member(path, key);
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.wrong(place, value, msg("列表"));
      return [];
    }
    if (value.length < least) {
      this.note(place, msg("这里有 %(there)s 项，至少要 %(least)s 项", { there: value.length, least }));
    }
    return value.map((item, number) => [`${place}[${number}]`, item]);
  }

  text(owner, key, path, plain = false) {
    const value = owner.get(key);
    return value === undefined ? undefined : this.textAt(value, member(path, key), plain);
  }

  textAt(value, path, plain = false) {
    if (typeof value !== "string") return this.wrong(path, value, msg("文字"));
    const fault = textFault(value, plain);
    if (!fault) return value;
    this.note(path, fault);
    return undefined;
  }

  /** So many hexadecimal digits. */
  hex(owner, key, path, digits) {
    const value = owner.get(key);
    if (value === undefined) return undefined;
    if (typeof value === "string" && value.length === digits && HEX.test(value)) return value;
    return this.wrong(member(path, key), value, msg("%(n)s 位十六进制数字，字母小写", { n: digits }));
  }

  whole(owner, key, path, least = -Number.MAX_SAFE_INTEGER) {
    const value = owner.get(key);
    if (value === undefined || (typeof value === "number" && value >= least)) return value;
    const wanted = msg("从 %(least)s 到 %(most)s 的整数，只写数字", { least, most: Number.MAX_SAFE_INTEGER });
    return this.wrong(member(path, key), value, wanted);
  }

  truth(owner, key, path) {
    const value = owner.get(key);
    if (value === undefined || typeof value === "boolean") return value;
    return this.wrong(member(path, key), value, msg("不加引号的 true 或 false"));
  }
}
