// The page that proves what is published against the log and the rules, in the visitor's own
// browser. What this browser saw last time it remembers, and holds the log against that too.

import { hashWords } from "../../draw/hash_words.js";
import { checkedCheckpoint, readCheckpoint } from "../../proof/checkpoint.js";
import { bytesText, textBytes } from "../../proof/encoding.js";
import { signatureChecker } from "../../proof/ed25519.js";
import { ProofError, readKey } from "../../proof/note.js";
import { pageData, parts, press, show, write } from "../../shared/dom.js";
import { _ } from "../../shared/words.js";
import { fetchedOrKept } from "./kept.js";
import { showHow } from "./way.js";
import { filesHash, lineOf, provenBeginning, provenVersion } from "./proving.js";
import { copied, howText, recordText, save } from "./record.js";
import { ownWords, rescored, scoreWords } from "./rescoring.js";

const VERDICTS = ["working", "holds", "differs", "unknown", "unable"];
const STEPS = ["file", "signed", "leaf", "score", "own", "last", "older"];
const data = pageData("log-data");
const page = parts(document);
/** The figures of the contestant's page that this stands in, if it does. */
const own = page.prove?.dataset ?? null;
let code = own?.code ?? decodeURIComponent(location.hash.slice(1));
/** The hash over the files that came, once they are here. */
let fileHash = "";
/** Whether some of what was worked out is what this device kept, since no server answered. */
let isOld = false;
const isOwn = () => Boolean(own) && code === own.code;

function verdict(name, text) {
  for (const other of VERDICTS) show(page[other], other === name);
  show(page.next, name === "differs");
  show(page["by-computer"], name === "unable");
  write(page[`${name}-text`], text);
}

/** How a step ended: ok, bad or open; and in words. */
function step(name, state, text) {
  const place = parts(page[`step-${name}`]);
  for (const end of ["ok", "bad", "open"]) show(place[`icon-${end}`], end === state);
  write(place.text, text);
}

/** Four words as they stand on the paper, with the digits beside, under what a step says. */
function boxed(name, label, sha256, kind = "") {
  const place = parts(page["step-file"]);
  show(place[name], true);
  write(place[`${name}-says`], label);
  write(place[`${name}-words`], hashWords(sha256));
  place[`${name}-words`].classList.toggle("bad", kind === "bad");
  write(place[`${name}-digits`], label && sha256.slice(0, 16));
}

const unmeant = (many) => (many
  ? _("有 %(n)s 家单位的名称里有“%(said)s”，写全称", { n: many, said: code })
  : _("公布的文件里没有这家单位：%(said)s", { said: code }));

function showWay(way) {
  const isMeant = way?.meant === undefined;
  showHow(page, isMeant ? way : null, data.periods);
  if (!isMeant) write(page["other-says"], unmeant(way.meant));
}

/** That something did not come; any other surprise is this browser's. */
class Lost extends Error {}

async function fetched(address) {
  try {
    const { answer, isKept } = await fetchedOrKept(address);
    if (isKept) isOld = true;
    // What the log can't show counts as not there; anything else may be the network.
    if (answer.status === 404) throw new ProofError("missing");
    if (!answer.ok) throw new TypeError(`${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  } catch (error) {
    throw error instanceof ProofError ? error : new Lost(error.message);
  }
}

/** What checks signatures here; null where this browser can't, whatever it fetches. */
async function checkerHere() {
  const check = globalThis.BigInt && await signatureChecker(data.vendor);
  if (check || !globalThis.BigInt) return check ?? null;
  const { ok } = await fetch(`${data.vendor}/noble-ed25519/index.js`).catch(() => ({ ok: false }));
  if (!ok) throw new Lost("vendor");
  return null;
}

async function fileStep(newest) {
  const files = await Promise.all(data.files.map(fetched));
  fileHash = filesHash(files);
  if (fileHash !== newest.sha256) {
    step("file", "bad", _("下载的文件和公布的不一样。多半是中途断过网，也可能刚公布了新的一版"));
    boxed("found", _("下载的算出来是"), fileHash, "bad");
    boxed("announced", _("公布的是"), newest.sha256);
    throw new ProofError("file");
  }
  const size = files.reduce((sum, file) => sum + file.length, 0);
  step("file", "ok", _("两个文件共 %(kb)s KB 都收全了，算出来的核对词和公布的一样", {
    kb: Math.ceil(size / 1024),
  }));
  boxed("found", "", fileHash);
  if (data.periods) return files;
  const line = code ? lineOf(files[1], code) : null;
  show(page.mine, Boolean(line) && !isOwn());
  if (line) {
    write(page["mine-text"], line.rank
      ? _("参赛号 %(code)s：第 %(rank)s 名，总成绩 %(total)s", { code, rank: line.rank, total: line.total })
      : _("参赛号 %(code)s：没有名次", { code }));
  }
  write(page["other-says"], code && !line ? _("公布的文件里没有参赛号 %(code)s", { code }) : "");
  return files;
}

/** Whether the rules give what was published; true, or null where this browser can't say. */
async function scoreStep(files, newest) {
  step("score", "open", _("正在重算…"));
  const answer = await rescored(data.scorer, files, code);
  const { state, text } = scoreWords(answer);
  step("score", state, text);
  if (state === "bad") throw new ProofError("scores");
  showWay(answer.way ?? null);
  if (isOwn()) ownStep(answer, newest);
  return state === "ok";
}

function ownStep({ standings }, newest) {
  if (!standings) {
    step("own", "open", _("没有重算，也就没有可比的"));
    return;
  }
  const line = standings.find(({ entrant }) => entrant === code);
  const { state, text } = ownWords(own, line, newest.version);
  step("own", state, text);
  if (state === "bad") throw new ProofError("own");
}

async function leafStep(newest, keys, check) {
  const wanted = { competition: data.competition, version: newest.version, sha256: newest.sha256 };
  const proven = await provenVersion(await fetched(newest.proof), wanted, keys, check);
  step("signed", "ok", _("检查点由总账的钥匙签了名，一共 %(size)s 条", { size: proven.checkpoint.size }));
  step("leaf", "ok", _("第 %(number)s 条，共 %(size)s 条，一层层往上对了 %(steps)s 次", {
    number: proven.index + 1,
    size: proven.checkpoint.size,
    steps: proven.steps,
  }));
  return proven.checkpoint;
}

async function olderStep(older, checkpoint, keys, check) {
  if (!older.length) {
    step("older", "open", _("只公布过这一版"));
    return;
  }
  for (const { version, sha256, proof, size } of older) {
    const wanted = { competition: data.competition, version, sha256 };
    await provenVersion(await fetched(proof), wanted, keys, check);
    const earlier = await fetched(`${data.log}/checkpoint/${size}`);
    try {
      await checkedCheckpoint(earlier, keys, check);
    } catch (error) {
      // Signed with a key that another took the place of: the line itself was found.
      if (error.reason === "stranger") continue;
      throw error;
    }
    await beginning(earlier, checkpoint);
  }
  const versions = older.map(({ version }) => version).sort((a, b) => a - b).join(_("、"));
  step("older", "ok", _("第 %(versions)s 版还在总账里，总账从那时起只往后加过", { versions }));
}

async function beginning(earlier, checkpoint) {
  const { size } = readCheckpoint(earlier);
  if (size > checkpoint.size) throw new ProofError("rewritten", { size });
  const between = size && size < checkpoint.size
    ? bytesText(await fetched(`${data.log}/consistency/${size}/${checkpoint.size}`))
    : "";
  return provenBeginning(earlier, checkpoint, between);
}

const memory = `compete.log ${data.key.split("+")[0]}`;

function remembered() {
  try {
    return localStorage.getItem(memory);
  } catch {
    return null;
  }
}

function remember(note) {
  try {
    localStorage.setItem(memory, note);
    return true;
  } catch {
    return false;
  }
}

async function lastTimeStep(checkpoint, note) {
  const last = remembered();
  if (last) {
    const before = await beginning(textBytes(last), checkpoint);
    step("last", "ok", _("和这台设备上次看到的（%(size)s 条）接得上", { size: before.size }));
  }
  const kept = remember(note);
  if (!last) {
    step("last", "open", kept
      ? _("这台设备第一次看，已经记下，下次再验就能比")
      : _("这台设备不让网页记东西，下次没有可比的"));
  }
}

const BAD = {
  signature: "signed", stranger: "signed", checkpoint: "signed", note: "signed", key: "signed",
  leaf: "leaf", other: "leaf", proof: "leaf",
};

/** Steps that have said themselves what is wrong; of the second ones the download was whole. */
const SAID = ["file", "scores", "own"];
const WHOLE = ["scores", "own"];

function words(error) {
  if (error.reason === "rewritten") {
    return _("总账的前 %(size)s 条和当时的不一样：有人改过历史，或者恢复过旧的备份", { size: error.size });
  }
  if (error.reason === "missing") return _("总账拿不出来");
  if (error.reason === "signature") return _("签名对不上");
  if (error.reason === "stranger") return _("不是这把钥匙签的");
  return _("一层层算上去，和检查点对不上");
}

async function run() {
  verdict("working", "");
  for (const name of STEPS) step(name, "open", _("还没验"));
  for (const name of ["found", "announced"]) show(parts(page["step-file"])[name], false);
  write(page["other-says"], "");
  fileHash = "";
  isOld = false;
  document.documentElement.dataset.proving = "yes";
  write(page["how-says"], "");
  show(page["step-own"], isOwn());
  showHow(page, null);
  const [newest, ...older] = data.versions;
  if (!newest) {
    verdict("unknown", _("这一版还没记进总账，过一会儿再来"));
    return;
  }
  let at = "file";
  try {
    const check = await checkerHere();
    if (!check) {
      verdict("unable");
      return;
    }
    const keys = [readKey(data.key)];
    const files = await fileStep(newest);
    at = "leaf";
    const checkpoint = await leafStep(newest, keys, check);
    at = "score";
    const isScored = await scoreStep(files, newest);
    at = "last";
    const note = bytesText(await fetched(`${data.log}/checkpoint/${checkpoint.size}`));
    await lastTimeStep(checkpoint, note);
    at = "older";
    await olderStep(older, checkpoint, keys, check);
    const sentence = isScored
      ? _("验过的都对得上，都在这台设备上算的")
      : _("验过的都对得上，成绩没有在这里重算");
    verdict("holds", isOld ? _("没连上服务器，验的是这台设备上次下载的：%(said)s", { said: sentence }) : sentence);
  } catch (error) {
    if (error instanceof Lost) {
      verdict("unknown", _("没有下载全，看看网络再验一次"));
      return;
    }
    if (!(error instanceof ProofError)) {
      verdict("unable");
      return;
    }
    const isTold = SAID.includes(error.reason);
    if (!isTold) step(at === "leaf" ? BAD[error.reason] ?? "leaf" : at, "bad", words(error));
    verdict("differs", WHOLE.includes(error.reason)
      ? _("文件是公布的那一份，对不上的在下面，照“接着做”去问")
      : _("先别下结论，多半是下载没下全"));
  }
}

/** Every step in a line: what was compared, how it ended, in words. */
function stepLines() {
  return STEPS.filter((name) => !page[`step-${name}`].hidden).map((name) => {
    const place = parts(page[`step-${name}`]);
    const shown = ["ok", "bad", "open"].map((end) => place[`icon-${end}`]).find((icon) => !icon.hidden);
    const state = shown.querySelector("svg").getAttribute("aria-label");
    return `${state} ${page[`step-${name}`].querySelector("h3").textContent}：${place.text.textContent}`;
  });
}

function saveRecord() {
  const shown = VERDICTS.find((name) => !page[name].hidden);
  const heading = page[shown].querySelector("h1").textContent;
  const [newest] = data.versions;
  save(`${_("验算记录")}-${data.competition}.txt`, recordText({
    at: new Date().toString(),
    address: location.href.replace(/#.*/, ""),
    competition: data.competition,
    version: newest?.version ?? "—",
    sha256: newest?.sha256 ?? "—",
    found: fileHash,
    key: data.key,
    verdict: `${heading}：${page[shown].querySelector("p").textContent}`,
    steps: stepLines(),
  }));
}

async function copyHow() {
  const isDone = await copied(howText(page), page["how-rows"]);
  write(page["how-says"], isDone ? _("复制好了") : _("已选中，长按或按 Ctrl C 复制"));
}

press(page.again, run);
press(page.record, saveRecord);
press(page["copy-how"], copyHow);
page.other.addEventListener("submit", (event) => {
  event.preventDefault();
  const wanted = page.other.elements.code.value.normalize("NFKC").trim();
  if (!wanted) return;
  code = wanted;
  run();
});
run();
