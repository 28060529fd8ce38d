// A share is sealed here, on the party's own device. Nothing leaves the page, unless the party came
// by a link of its own: then its seal is handed in, and its share once that is asked for.

import { hashWords } from "../../draw/hash_words.js";
import { sealsOf } from "../../draw/hashing.js";
import { shareCode } from "../../draw/share_code.js";
import { hex, textFault } from "../../draw/text.js";
import { clone, parts, press, show, write } from "../../shared/dom.js";
import { qr } from "../../shared/qr.js";
import { _ } from "../../shared/words.js";
import { dropShare, keepShare, keptShares } from "./kept_shares.js";
import { askParty, handIn, openOver } from "./party.js";
import { sentence } from "./sentence.js";

const KEY_BYTES = 16;
const FIELDS = ["ceremony", "number", "name", "share"];
const page = parts(document);
const field = (name) => document.getElementById(name);
// Behind the #, so that it stands in no server's log.
const to = new URLSearchParams(location.hash.slice(1)).get("to") ?? undefined;
let saved = null;
let latest = null;

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
  const values = Object.fromEntries(FIELDS.map((name) => [name, field(name).value]));
  // Names are trimmed as the desk trims them; the share counts as it is.
  for (const name of ["ceremony", "number", "name"]) values[name] = values[name].trim();
  const wrong = FIELDS.filter((name) => {
    const fault = faultOf(name, values[name]);
    complain(name, fault);
    return fault;
  });
  if (wrong.length) {
    field(wrong[0]).focus();
    return;
  }
  const key = hex(crypto.getRandomValues(new Uint8Array(KEY_BYTES)));
  const number = Number(values.number);
  const seal = sealsOf({ ceremony: values.ceremony, number })({ name: values.name, key, share: values.share });
  write(page.seal, seal);
  write(page.words, hashWords(seal));
  write(page["share-text"], values.share);
  write(page.key, key);
  write(page.copied, "");
  const made = { ...values, number, key, seal, to };
  latest = made;
  page.code.replaceChildren(drawn("seal", made));
  const isKept = keepShare(made);
  show(page["is-kept"], isKept);
  show(page["not-kept"], !isKept);
  keep(made);
  show(page["hand-in"], to);
  show(page["by-code"], !to);
  write(page["own-words"], hashWords(seal));
  write(page.handed, "");
  show(page.given, true);
  show(page.kept, true);
  page.given.focus();
}

/** The seal goes to the desk; the share does not. */
async function send() {
  page.send.disabled = true;
  try {
    await handIn(to, latest.seal);
    show(page.send, false);
    write(page.handed, _("组委会收到了。请他念电脑上的四个词，和上面的一样才算。"));
  } catch (error) {
    write(page.handed, error.message);
  }
  page.send.disabled = false;
}

/** What the party reads before its share leaves: that its own seal is in what was published. */
async function prepareOpening(share, part) {
  write(part.told, _("正在核对公布的封存值…"));
  show(part.really, false);
  try {
    const { head, openings } = await askParty(share);
    write(part.told, openings
      ? _("公布的封存值里有你的封签。封存值：%(head)s；拆签值：%(openings)s。和会场念的一样，再拆。", { head: hashWords(head), openings: hashWords(openings) })
      : _("公布的封存值里有你的封签。封存值：%(head)s。和会场念的一样，轮到你了，再拆。", { head: hashWords(head) }));
    show(part.really, true);
  } catch (error) {
    write(part.told, error.message);
  }
}

async function openNow(share, part) {
  part.really.disabled = true;
  try {
    await openOver(share);
    show(part.really, false);
    show(part.over, false);
    show(part["by-scan"], false);
    write(part.told, _("拆好了，大屏上看得到。"));
  } catch (error) {
    write(part.told, error.message);
  }
  part.really.disabled = false;
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
async function copy(text, shown, line) {
  try {
    await navigator.clipboard.writeText(text);
    write(line, _("复制好了"));
  } catch {
    const range = document.createRange();
    range.selectNodeContents(shown);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    write(line, _("已选中，长按或按 Ctrl C 复制"));
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
  show(part.over, share.to);
  press(part.over, () => prepareOpening(share, part));
  press(part.really, () => openNow(share, part));
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
// The desk wrote who it is for: another name would be another's seal.
if (to) for (const name of ["ceremony", "number", "name"]) field(name).readOnly = true;
press(page.send, send);
press(page["no-network"], () => show(page["by-code"], true));
page.form.addEventListener("submit", (event) => {
  event.preventDefault();
  makeSeal();
});
page.copy.addEventListener("click", () => copy(page.seal.textContent, page.seal, page.copied));
showKept();
