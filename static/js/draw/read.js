// From the bytes of a draw file to its values, or to all that is wrong with them: what
// `compete.domain.ceremonies` does in Python, sentence for sentence.

import { JsonError, parseJson } from "./parse.js";
import { byCodePoint, clipped, msg } from "./text.js";
import { Values, keys } from "./values.js";

const FORMAT = "compete-draw/1";
const FILE = keys("format ceremony number before? draws parties spare");
const BEFORE = keys("head reason by");
const DRAW = keys("event stage module layer list places rule? result unmet tries");
const PERSON = keys("code unit?");
const PLACE = keys("code line? order? session?");
const RULE = keys("apart? per_session?");
const PLACED = keys("place code moved");
const PARTY = keys("name seal share key");

// How many rows are looked at between two looks at the clock.
const BATCH = 256;

/** `{ file, problems }` of the bytes of a file; `file` is null if there is a problem.
 * Keys that were left out are undefined. */
export function* readDrawFile(bytes) {
  const reader = new Reader();
  const tree = yield* treeOf(bytes, reader);
  const file = tree === undefined ? null : yield* reader.file(tree);
  const problems = reader.listed();
  return { file: problems.length ? null : file, problems };
}

function* treeOf(bytes, reader) {
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    reader.note("", msg("文件不是 UTF-8"));
    return undefined;
  }
  if (!/[^ \t\n\r]/.test(text)) {
    reader.note("", msg("文件是空的"));
    return undefined;
  }
  try {
    return yield* parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const { line, column } = error;
    reader.note("", msg("第 %(line)s 行第 %(column)s 列不合 JSON 的写法", { line, column }));
    return undefined;
  }
}

class Reader extends Values {
  * file(tree) {
    const value = this.object(tree, "", FILE);
    if (!value) return null;
    if (value.has("format") && value.get("format") !== FORMAT) {
      this.wrong("format", value.get("format"), msg("“%(option)s”", { option: FORMAT }));
    }
    const ceremony = this.text(value, "ceremony", "", true);
    const number = this.whole(value, "number", "", 1);
    const before = this.before(value, number);
    const draws = [];
    for (const [path, row] of this.rows(value, "draws", "", 1)) draws.push(yield* this.draw(row, path));
    const seen = new Map();
    const parties = this.rows(value, "parties", "", 2).map(([path, row]) => this.party(row, path, seen));
    const spare = value.has("spare") ? this.party(value.get("spare"), "spare", seen) : undefined;
    return { format: FORMAT, ceremony, number, before, draws, parties, spare };
  }

  before(owner, number) {
    if (!owner.has("before")) {
      if (number > 1) this.note("before", msg("少了“before”：number 大于 1 时要写"));
      return undefined;
    }
    if (number === 1) this.note("before", msg("number 是 1 时不能写“before”"));
    const value = this.object(owner.get("before"), "before", BEFORE);
    return value && {
      head: this.hex(value, "head", "before", 64),
      reason: this.text(value, "reason", "before"),
      by: this.text(value, "by", "before"),
    };
  }

  * readAll(rows, read) {
    const all = [];
    for (const [path, row] of rows) {
      if (all.length % BATCH === 0) yield;
      all.push(read(row, path));
    }
    return all;
  }

  * draw(row, path) {
    const value = this.object(row, path, DRAW);
    if (!value) return null;
    const list = yield* this.readAll(this.rows(value, "list", path, 1), (person, at) => this.person(person, at));
    this.unlike(list, `${path}.list`);
    this.inOrder(list, `${path}.list`);
    const places = yield* this.readAll(this.rows(value, "places", path), (place, at) => this.place(place, at));
    this.unlike(places, `${path}.places`);
    if (Array.isArray(value.get("places")) && places.length < list.length) {
      this.note(`${path}.places`, msg("有 %(people)s 个参赛号，只有 %(places)s 个位置", {
        people: list.length, places: places.length,
      }));
    }
    const result = yield* this.readAll(this.rows(value, "result", path), (placed, at) => this.placed(placed, at));
    return {
      event: this.text(value, "event", path),
      stage: this.text(value, "stage", path),
      module: this.text(value, "module", path),
      layer: this.text(value, "layer", path),
      list,
      places,
      rule: value.has("rule") ? this.rule(value.get("rule"), `${path}.rule`) : undefined,
      result,
      unmet: this.rows(value, "unmet", path).map(([at, code]) => this.textAt(code, at)),
      tries: this.whole(value, "tries", path),
    };
  }

  person(row, path) {
    const value = this.object(row, path, PERSON);
    return value && { code: this.text(value, "code", path), unit: this.text(value, "unit", path) };
  }

  /** The list stands in the order of code points. */
  inOrder(people, path) {
    let last;
    people.forEach((person, number) => {
      if (!person || person.code === undefined) return;
      if (last !== undefined && byCodePoint(person.code, last) < 0) {
        this.note(`${path}[${number}].code`, msg("“%(code)s”要排在“%(last)s”前面，编号按码位排", {
          code: clipped(person.code), last: clipped(last),
        }));
      }
      last = person.code;
    });
  }

  /** No code stands in a list twice. */
  unlike(rows, path) {
    const seen = new Set();
    rows.forEach((row, number) => {
      if (!row || row.code === undefined) return;
      if (seen.has(row.code)) {
        this.note(`${path}[${number}].code`, msg("“%(key)s”写了不止一次", { key: clipped(row.code) }));
      }
      seen.add(row.code);
    });
  }

  place(row, path) {
    const value = this.object(row, path, PLACE);
    if (!value) return null;
    if (value.has("line") && !value.has("order")) {
      this.note(`${path}.order`, msg("写了“line”就要写“order”"));
    }
    return {
      code: this.text(value, "code", path),
      line: this.text(value, "line", path),
      order: this.whole(value, "order", path),
      session: this.text(value, "session", path),
    };
  }

  rule(row, path) {
    const value = this.object(row, path, RULE);
    return value && {
      apart: this.truth(value, "apart", path),
      per_session: this.whole(value, "per_session", path, 1),
    };
  }

  placed(row, path) {
    const value = this.object(row, path, PLACED);
    return value && {
      place: this.text(value, "place", path),
      code: this.text(value, "code", path),
      moved: this.truth(value, "moved", path),
    };
  }

  /** A party or the spare; `seen` has the places of the names that stood before. */
  party(row, path, seen) {
    const value = this.object(row, path, PARTY);
    if (!value) return null;
    const name = this.text(value, "name", path, true);
    if (seen.has(name)) {
      this.note(`${path}.name`, msg("“%(name)s”和 %(where)s 重名", {
        name: clipped(name), where: seen.get(name),
      }));
    } else if (name !== undefined) {
      seen.set(name, `${path}.name`);
    }
    const closed = ["share", "key"].filter((key) => value.get(key) === null);
    if (closed.length === 1) {
      this.note(`${path}.${closed[0]}`, msg("share 和 key 要么都是 null，要么都不是"));
    }
    return {
      name,
      seal: this.hex(value, "seal", path, 64),
      share: closed.includes("share") ? null : this.text(value, "share", path),
      key: closed.includes("key") ? null : this.hex(value, "key", path, 32),
    };
  }
}
