// A checker of draw files in JavaScript, written from the page on the draw and from
// nothing else. It takes for granted that the file keeps the format, and looks at
// whether it fits together. Files come as lines of base64 on standard input; each gets
// a line of JSON.

import { createHash, createHmac } from "node:crypto";
import { readFileSync } from "node:fs";

const sha = (text) => createHash("sha256").update(text, "utf8");
const hex = (text) => sha(text).digest("hex");

// Keys are ASCII here, and JSON.stringify escapes as RFC 8785 wants.
const canonical = (value) => {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const member = (key) => `${JSON.stringify(key)}:${canonical(value[key])}`;
  return `{${Object.keys(value).sort().map(member).join()}}`;
};

function headOf({ draws, parties, spare, ...rest }) {
  const bare = ({ share, key, ...kept }) => kept;
  return hex(canonical({
    ...rest,
    draws: draws.map(({ result, unmet, tries, ...kept }) => kept),
    parties: parties.map(bare),
    spare: bare(spare),
  }));
}

function* eights(seed, number, layer) {
  for (let i = 0; ; i += 1) {
    const block = createHmac("sha256", seed).update(`compete-draw/1 ${number} ${layer} ${i}`).digest();
    for (let at = 0; at < 32; at += 8) yield block.readBigUInt64BE(at);
  }
}

function below(numbers, n) {
  const most = n * ((1n << 64n) / n);
  let x = numbers.next().value;
  while (x >= most) x = numbers.next().value;
  return Number(x % n);
}

function oneTry(draw, numbers) {
  const stands = [...draw.list];
  for (let i = stands.length - 1; i > 0; i -= 1) {
    const j = below(numbers, BigInt(i + 1));
    [stands[i], stands[j]] = [stands[j], stands[i]];
  }
  const { apart = false, per_session: most = Infinity } = draw.rule ?? {};
  const { places } = draw;
  const fits = (person, k) => {
    if (person.unit === undefined) return true;
    const mine = places.slice(0, k).filter((_, at) => stands[at].unit === person.unit);
    const { line, order, session } = places[k];
    const near = mine.some((one) =>
      line !== undefined && one.line === line && Math.abs(one.order - order) === 1);
    const there = mine.filter((one) => session !== undefined && one.session === session);
    return !(apart && near) && there.length < most;
  };
  const moved = new Set();
  const unmet = [];
  for (let k = 0; k < stands.length; k += 1) {
    if (fits(stands[k], k)) continue;
    const j = stands.findIndex((person, at) => at > k && fits(person, k));
    if (j < 0) {
      unmet.push(places[k].code);
    } else {
      moved.add(stands[k]).add(stands[j]);
      [stands[k], stands[j]] = [stands[j], stands[k]];
    }
  }
  const result = stands.map((person, k) =>
    ({ place: places[k].code, code: person.code, moved: moved.has(person) }));
  return { result, unmet };
}

function drawn(seed, number, draw) {
  const numbers = eights(seed, number, draw.layer);
  let best;
  let tries = 0;
  do {
    tries += 1;
    const found = oneTry(draw, numbers);
    if (!best || found.unmet.length < best.unmet.length) best = found;
  } while (best.unmet.length && tries < 100);
  return { ...best, tries };
}

function check(file) {
  const { ceremony, number, parties, spare } = file;
  const head = headOf(file);
  const opened = ({ name, key, share }) => (share === null ? `\n${name}\n-` : `\n${name}\n${key}\n${share}`);
  const openings = hex(`compete-draw/1 openings\n${head}${parties.map(opened).join("")}`);
  const answer = { status: 1, what: "", head, openings, seed: null };
  if (spare.share !== null) {
    answer.seed = hex(`compete-draw/1 seed\n${openings}\n${spare.key}\n${spare.share}`);
  }
  const sealed = [...parties.map((one, i) => [`parties[${i}].seal`, one]), ["spare.seal", spare]];
  for (const [what, { name, seal, key, share }] of sealed) {
    if (share === null) continue;
    const wanted = hex(`compete-draw/1 seal\n${ceremony}\n${number}\n${name}\n${key}\n${share}`);
    if (seal !== wanted) return { ...answer, what };
  }
  if (spare.share === null || parties.every(({ share }) => share === null)) {
    return { ...answer, what: "void" };
  }
  for (const [d, draw] of file.draws.entries()) {
    const wanted = drawn(Buffer.from(answer.seed, "hex"), d, draw);
    for (const key of ["result", "unmet", "tries"]) {
      if (canonical(draw[key]) !== canonical(wanted[key])) return { ...answer, what: `draws[${d}].${key}` };
    }
  }
  return { ...answer, status: 0 };
}

for (const line of readFileSync(0, "utf8").split("\n")) {
  const text = Buffer.from(line, "base64").toString("utf8").replace(/^\uFEFF/, "");
  console.log(JSON.stringify(check(JSON.parse(text))));
}
