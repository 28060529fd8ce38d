// A share is sealed here, on the party's own device. Nothing leaves the page.

import { hashWords } from "../../draw/hash_words.js";
import { sealsOf } from "../../draw/hashing.js";
import { shareCode } from "../../draw/share_code.js";
import { hex, textFault } from "../../draw/text.js";
import { clone, parts, press, show, write } from "../../shared/dom.js";
import { qr } from "../../shared/qr.js";
import { _ } from "../../shared/words.js";
import { dropShare, keepShare, keptShares } from "./kept_shares.js";
import { sentence } from "./sentence.js";

const KEY_BYTES = 16;
const FIELDS = ["ceremony", "number", "name", "share"];
const page = parts(document);
const field = (name) => document.getElementById(name);
let saved = null;

/** What is wrong with a field, or nothing. */
function faultOf(name, text) {
  if (name === "number") {
    return /^[1-9]\d{0,8}$/.test(text) ? "" : _("写 1 或更大的整数");
  }
  const fault = textFault(text, name !== "share");
  return fault ? sentence(fault) : "";
}

function complain(name, fault) {
  const line = page[`${name}-error`];
  show(line, fault);
  write(line.querySelector("span"), fault);
  if (fault) field(name).setAttribute("aria-invalid", "true");
  else field(name).removeAttribute("aria-invalid");
}

function makeSeal() {
  const told = Object.fromEntries(FIELDS.map((name) => [name, field(name).value]));
  // Names are trimmed as the desk trims them; the share counts as it is.
  for (const name of ["ceremony", "number", "name"]) told[name] = told[name].trim();
  const wrong = FIELDS.filter((name) => {
    const fault = faultOf(name, told[name]);
    complain(name, fault);
    return fault;
  });
  if (wrong.length) {
    field(wrong[0]).focus();
    return;
  }
  const key = hex(crypto.getRandomValues(new Uint8Array(KEY_BYTES)));
  const number = Number(told.number);
  const seal = sealsOf({ ceremony: told.ceremony, number })({ name: told.name, key, share: told.share });
  write(page.seal, seal);
  write(page.words, hashWords(seal));
  write(page["share-text"], told.share);
  write(page.key, key);
  write(page.copied, "");
  const made = { ...told, number, key, seal };
  page.code.replaceChildren(drawn("seal", made));
  const isKept = keepShare(made);
  show(page["is-kept"], isKept);
  show(page["not-kept"], !isKept);
  keep(made);
  show(page.given, true);
  show(page.kept, true);
  page.given.focus();
}

/** What has to be kept, as a file. */
function keep({ ceremony, number, name, share, key, seal }) {
  const lines = [
    _("抽签：%(ceremony)s，第 %(number)s 次", { ceremony, number }),
    _("出签方：%(name)s", { name }),
    _("签：%(share)s", { share }),
    _("随机码：%(key)s", { key }),
    _("封签：%(seal)s", { seal }),
  ];
  if (saved) URL.revokeObjectURL(saved);
  saved = URL.createObjectURL(new Blob([`${lines.join("\n")}\n`], { type: "text/plain;charset=utf-8" }));
  page.save.href = saved;
  page.save.download = `${_("签")}-${name.replace(/[^\p{L}\p{N}]+/gu, "_")}.txt`;
}

/** The code of a seal, or of the opening that fits it, for the desk to read off this screen. */
const drawn = (kind, share) => qr(
  new TextEncoder().encode(shareCode(kind, share)),
  kind === "seal" ? _("封签码，给电脑扫") : _("拆签码，给电脑扫"),
);

/** Copy `text`; where the browser does not let us, select `shown`, which says the same. */
async function copy(text, shown, told) {
  try {
    await navigator.clipboard.writeText(text);
    write(told, _("复制好了"));
  } catch {
    const range = document.createRange();
    range.selectNodeContents(shown);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    write(told, _("已选中，长按或按 Ctrl C 复制"));
  }
}

/** What was sealed on this device: opened here when the time has come. */
function showKept() {
  const shares = keptShares();
  show(page.before, shares.length > 0);
  page.shares.replaceChildren(...shares.map(keptLine));
}

function keptLine(share) {
  const line = clone("t-share");
  const part = parts(line);
  write(part.title, _("%(name)s：%(ceremony)s，第 %(number)s 次", share));
  write(part.seal, hashWords(share.seal));
  press(part.open, () => {
    const opening = part.opening.hidden;
    show(part.opening, opening);
    part.open.setAttribute("aria-expanded", String(opening));
    if (!opening) return part.code.replaceChildren();
    write(part.share, share.share);
    write(part.key, share.key);
    write(part.text, shareCode("open", share));
    return part.code.replaceChildren(drawn("open", share));
  });
  press(part.copy, () => {
    show(part.text, true);
    copy(shareCode("open", share), part.text, part.copied);
  });
  press(part.drop, () => show(part.sure, true));
  press(part.yes, () => {
    dropShare(share.seal);
    showKept();
  });
  return line;
}

const asked = new URLSearchParams(location.search);
for (const name of ["ceremony", "number", "name"]) {
  if (asked.get(name)) field(name).value = asked.get(name);
}
page.form.addEventListener("submit", (event) => {
  event.preventDefault();
  makeSeal();
});
page.copy.addEventListener("click", () => copy(page.seal.textContent, page.seal, page.copied));
showKept();
