// Marks that can't get out: handed over as a file, or as a series of QR codes that
// another machine reads off the screen. Handing over changes nothing here: the acts
// go on waiting, and whichever way is first, the server holds each once.

import { openDialog } from "../shared/dialog.js";
import { clock, clone, dayStamp, parts, press, write } from "../shared/dom.js";
import { sealed } from "./keeping/tablet_key.js";
import { qr } from "../shared/qr.js";
import { _ } from "../shared/words.js";

/** Bytes of text in one code: version 17, which a phone reads off a tablet at arm's length. */
const PIECE = 460;
const KEYS = ["uuid", "sheet", "kind", "aspect", "value", "at", "tablet", "seq", "note", "known"];

/**
 * What is handed over: {format, judge, tablet, made, keys, acts, mac}, each act a list in the
 * keys' order; without a key neither tablet nor mac.
 * Printable ASCII without spaces: a scanner that types can garble nothing else, and a
 * piece may begin and end anywhere.
 */
export function packed(judge, rows, key) {
  const text = ascii(JSON.stringify({
    format: key ? "compete-acts/2" : "compete-acts/1",
    judge,
    ...(key && { tablet: key.tablet }),
    made: new Date().toISOString(),
    keys: KEYS,
    acts: rows.map(({ act }) => KEYS.map((name) => act[name] ?? null)),
  }));
  return key ? sealed(text, key) : text;
}

const ascii = (json) => json.replace(/[^!-~]/g, (letter) =>
  `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** CRC-32, as hexadecimal digits, of the bytes. */
export function checksum(bytes) {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  }
  return ((rest ^ 0xffffffff) >>> 0).toString(16).padStart(8, "0");
}

/** The texts of the codes: CA1 number/count checksum-of-the-whole, a space, then a piece. */
export function pieces(text) {
  const bytes = new TextEncoder().encode(text);
  const sum = checksum(bytes);
  const count = Math.ceil(bytes.length / PIECE);
  return Array.from({ length: count }, (_none, index) => {
    const head = new TextEncoder().encode(`CA1 ${index + 1}/${count} ${sum} `);
    const piece = bytes.slice(index * PIECE, (index + 1) * PIECE);
    const whole = new Uint8Array(head.length + piece.length);
    whole.set(head);
    whole.set(piece, head.length);
    return whole;
  });
}

/** What no system takes in a name: what parts folders, and what can't be seen. */
const UNSAFE = /[\\\/:*?\u0022<>|\p{C}\s]+/gu;
/** Letters of a module's or a person's name, so that a name of 255 bytes holds them all. */
const LONGEST_PART = 24;

const part = (text) => [...text.replace(UNSAFE, " ").trim()].slice(0, LONGEST_PART).join("").trim();

/** What a person finds the file by: `评分 分拣 许静 2026-11-23 14.05.json`. */
function fileName(rows, name) {
  const names = [...new Set(rows.map(({ label }) => label.module).filter(Boolean))];
  const what = names.length > 1
    ? _("%(name)s等 %(count)s 个模块", { name: part(names[0]), count: names.length })
    : part(names[0] ?? "");
  const now = Date.now();
  const at = `${dayStamp(now)} ${clock(now).replace(":", ".")}`;
  const words = [_("评分"), what, part(name ?? ""), at];
  return `${words.filter(Boolean).join(" ")}.json`;
}

/** Save what waits as a file in the tablet's downloads. */
export function saveFile(judge, rows, key, name = document.body.dataset.name) {
  const link = document.createElement("a");
  const url = URL.createObjectURL(new Blob([packed(judge, rows, key)], { type: "application/json" }));
  link.href = url;
  link.download = fileName(rows, name);
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Show what waits as codes, one after another. */
export function showCodes(judge, rows, key) {
  const codes = pieces(packed(judge, rows, key));
  const box = clone("t-codes");
  const part = parts(box);
  let at = 0;
  const draw = () => {
    write(part.place, _("第 %(number)s 张，共 %(count)s 张", { number: at + 1, count: codes.length }));
    part.code.replaceChildren(qr(codes[at], _("二维码")));
  };
  const turn = (by) => () => {
    at = (at + by + codes.length) % codes.length;
    draw();
  };
  press(part.before, turn(-1));
  press(part.after, turn(1));
  const close = openDialog(box, part.title.textContent);
  press(part.close, close);
  draw();
}
