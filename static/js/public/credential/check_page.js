// The page on which anybody checks a credential.
// The file stays in the browser; fetched are, without a cookie, this site's keys and status lists,
// whole, so that nobody learns which place was looked at.

import { sha256 } from "../../draw/sha256.js";
import { bytesText, hex, textBytes } from "../../proof/encoding.js";
import { signatureChecker } from "../../proof/ed25519.js";
import { keysOf } from "../../proof/keys.js";
import { bitOf, datesOf, entryOf, issuerOf, readSigned, signatureOf } from "../../proof/standing.js";
import { clone, dayStamp, parts, show, write } from "../../shared/dom.js";
import { _ } from "../../shared/words.js";

const VERDICTS = ["waiting", "working", "good", "bad", "doubt", "refused"];
const BIGGEST = 1024 * 1024;
const page = parts(document);
const site = page.page.dataset;
const field = (id) => document.getElementById(id);
let shown = null;
/** Counts the checks: an older one gives up. */
let turn = 0;

function only(verdict) {
  for (const name of VERDICTS) show(page[name], name === verdict);
}

function tell(verdict, title, text) {
  only(verdict);
  write(page[`${verdict}-title`], title);
  write(page[`${verdict}-text`], text);
  page[verdict].focus();
}

async function fetched(address) {
  const answer = await fetch(address, { credentials: "omit", cache: "no-store" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.text();
}

/** {verdict, title, text} of what was read; null where the site could not be asked. */
async function judged(signed) {
  const issuer = issuerOf(signed.document);
  const check = await signatureChecker(site.vendor);
  if (!check) return ["refused", "", _("这个浏览器太旧，验不了签名。换一个浏览器。")];
  const keys = keysOf(JSON.parse(await fetched(site.keys)));
  const signature = await signatureOf(signed, keys, check);
  if (signature === "wrong signature") {
    return ["bad", _("签名不对"), _("内容改过，或者不是发证方签的。不要相信上面写的。")];
  }
  if (signature === "unknown key") {
    return ["bad", _("钥匙不认得"), _("发证方的公钥文件里没有签它的钥匙，或者那把钥匙已经作废。不要相信上面写的。")];
  }
  shown = signed.document;
  const [revoked, suspended, replaced] = await bitsOf(signed.document, { issuer, keys, check });
  const now = Date.now();
  if (revoked && replaced) return ["bad", _("已换发"), _("有新的证书代替它，这一张不能再用。")];
  if (revoked) return ["bad", _("已撤销"), _("发证方撤销了这张证书，不能再用。")];
  if (suspended) return ["doubt", _("复核中"), _("有结论以前先别用。")];
  const dated = datesOf(signed.document, now);
  if (dated === "not yet") return ["doubt", _("还没生效"), _("证书上写的日期还没到。")];
  if (dated !== "good") return ["bad", _("已过期"), _("证书上写的日期已经过了。")];
  if (revoked === null || suspended === null || replaced === null) {
    return ["doubt", _("不知道是否撤销"), _("签名对得上，状态表没取到或者信不过。过一会儿再验。")];
  }
  return ["good", _("有效"), _("签名对得上，刚查过状态表：没有撤销，不在复核。")];
}

/** The three bits; null for one that could not be looked up. */
async function bitsOf(document, how) {
  const entry = entryOf(document);
  return Promise.all(["revocation", "suspension", "refresh"].map(async (purpose) => {
    const address = [entry?.main, ...(entry?.others ?? [])].find(
      (url) => typeof url === "string" && url.endsWith(`/${purpose}`));
    const path = address && new URL(address, location.href).pathname;
    if (!path?.startsWith("/status/")) return null;
    const text = await fetched(path).catch(() => null);
    const signed = text && readSigned(text);
    return signed ? bitOf(signed, { ...how, address, purpose, index: entry.index, now: Date.now() }) : null;
  }));
}

function fact(label, value) {
  const line = clone("fact");
  const { label: name, value: text } = parts(line);
  write(name, label);
  write(text, value);
  return line;
}

const text = (value) => (typeof value === "string" ? value : "");

/** What it says, only where its signature holds. */
function fillSaid() {
  show(page["said-card"], shown !== null);
  show(page["name-card"], shown !== null);
  write(page["name-found"], "");
  if (!shown) return;
  const subject = shown.credentialSubject ?? {};
  const possible = new Map([subject.achievement?.resultDescription ?? []].flat().map((description) => [description?.id, description]));
  const facts = [
    [_("发证方"), text(shown.issuer?.name)],
    [_("证书"), text(shown.description) || text(shown.name)],
    [_("编号"), text(subject.licenseNumber)],
    [_("日期"), dayStamp(shown.validFrom)],
  ];
  for (const result of [subject.result ?? []].flat()) {
    const about = possible.get(result?.resultDescription);
    const level = [about?.rubricCriterionLevel ?? []].flat().find((rubricLevel) => rubricLevel?.id === result.achievedLevel);
    facts.push([text(about?.name), text(level?.name) || text(result.value)]);
  }
  page.said.replaceChildren(...facts.filter(([, value]) => value).map(([label, value]) => fact(label, value)));
}

/** Another site's: where it is checked; null for ours. */
function elsewhere(issuer) {
  if (site.did && issuer === site.did) return null;
  const named = /^did:web:([A-Za-z0-9.-]+)(%3A[0-9]+)?$/.exec(issuer ?? "");
  if (!named) return _("它不是本站发的，这一页验不了。可以用 compete verify-credential 查验。");
  return _("它不是本站发的，是 %(site)s 发的。先看清那是不是发证方的网址，再到那里查验，或者用 compete verify-credential。",
    { site: decodeURIComponent(named[1] + (named[2] ?? "")) });
}

async function checkFile(file) {
  turn += 1;
  const mine = turn;
  shown = null;
  fillSaid();
  only("working");
  let verdict;
  const signed = file.size > BIGGEST ? null
    : readSigned(bytesText(new Uint8Array(await file.arrayBuffer())) ?? "");
  const types = [signed?.document.type ?? []].flat();
  if (!types.includes("OpenBadgeCredential") && !types.includes("AchievementCredential")) {
    verdict = ["refused", "", _("这不是电子证书，或者文件坏了。")];
  } else {
    const other = elsewhere(issuerOf(signed.document));
    try {
      verdict = other ? ["refused", "", other] : await judged(signed);
    } catch {
      verdict = ["refused", "", _("没取到发证方的公钥。连上网再选一次。")];
    }
  }
  if (mine !== turn) return;
  tell(...verdict);
  fillSaid();
}

field("file").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  // The same file can be chosen again.
  if (file) await checkFile(file);
  target.value = "";
});
page.choose.addEventListener("submit", (event) => event.preventDefault());

page["name-form"].addEventListener("submit", (event) => {
  event.preventDefault();
  const name = field("name").value.normalize("NFC").trim();
  const known = [shown?.credentialSubject?.identifier ?? []].flat().find((identifier) => identifier?.identityType === "name");
  if (!name || !known) return;
  const hashed = `sha256$${hex(sha256(textBytes(name + known.salt)))}`;
  write(page["name-found"], hashed === known.identityHash
    ? _("是：证书就是发给 %(name)s 的", { name })
    : _("不是：证书不是发给 %(name)s 的。字要和证书上一样", { name }));
});
