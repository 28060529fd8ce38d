// The page on which anybody works a draw out again.
// The file stays in the browser; one that this site published is fetched without a cookie.

import { checkDraw, notedDigits, placesOf } from "../../draw/check.js";
import { finalPlaces, isLayered } from "../../draw/layers.js";
import { clone, parts, show, write } from "../../shared/dom.js";
import { _ } from "../../shared/words.js";
import { sentence } from "./sentence.js";
import { fillSteps, placeText, titleOf } from "./steps.js";

const VERDICTS = ["waiting", "working", "same", "differs", "void", "refused"];
const page = parts(document);
const field = (id) => document.getElementById(id);
let bytes = null;
let report = null;
/** Counts the checks: an older one gives up. */
let turn = 0;

function only(verdict) {
  for (const name of VERDICTS) show(page[name], name === verdict);
}

/** Work out what is in `bytes`, with the digits that were noted. */
async function check() {
  turn += 1;
  const mine = turn;
  const options = {
    head: notedDigits(field("head").value) ?? undefined,
    openings: notedDigits(field("openings").value) ?? undefined,
    progress: ({ tries }) => { if (tries > 1) write(page.progress, _("第 %(n)s 遍", { n: tries })); },
    stopped: () => mine !== turn,
  };
  only("working");
  const begun = performance.now();
  let answer;
  try {
    answer = await checkDraw(bytes, options);
  } catch (error) {
    if (mine !== turn) return;
    stop(_("这台设备没算成。再选一次文件，或换一台设备。"));
    throw error;
  }
  if (mine !== turn) return;
  report = answer;
  tell(answer, (performance.now() - begun) / 1000);
}

function tell(answer, seconds) {
  const isRead = answer.status !== "refused";
  only(answer.status);
  show(page.where, isRead);
  for (const name of ["mine-card", "steps-card", "noted-card"]) show(page[name], isRead);
  show(page["problems-card"], !isRead);
  if (!isRead) {
    write(page["refused-text"], _("这不是抽签文件，或者文件坏了。"));
    page.problems.replaceChildren(...answer.problems.map(problemLine));
    return;
  }
  const seconds1 = Math.max(0.1, seconds).toFixed(1);
  write(page["where-text"], _("刚刚在这台设备上算的，用时 %(seconds)s 秒，断网也能算", { seconds: seconds1 }));
  const drawn = isLayered(answer.file) ? answer.file.draws.slice(1) : answer.file.draws;
  const people = drawn.reduce((sum, { list }) => sum + list.length, 0);
  const title = titleOf(answer.file);
  write(page["same-text"], _("%(title)s：这台设备算出的 %(n)s 个位置，和文件里的一个不差", { title, n: people }));
  write(page["differs-text"], _("%(title)s：第一处对不上的在下面打开着", { title }));
  write(page["void-text"], answer.seed
    ? _("%(title)s：没有一方拆签，什么也没抽", { title })
    : _("%(title)s：备签没拆，什么也没抽", { title }));
  fillSteps(page.steps, answer);
  show(page["mine-card"], answer.status !== "void");
  findMine();
  page[answer.status].focus();
}

function problemLine({ path, text, holes }) {
  const line = clone("plain-line");
  const problem = sentence({ text, holes });
  write(line, path ? _("%(place)s：%(what)s", { place: path, what: problem }) : problem);
  return line;
}

/** No check, and why not. */
function stop(why) {
  only("refused");
  write(page["refused-text"], why);
  for (const name of ["where", "mine-card", "steps-card", "noted-card", "problems-card"]) show(page[name], false);
  page.refused.focus();
}

function findMine() {
  const code = field("code").value.trim();
  page.mine.replaceChildren();
  if (!code || !report?.draws) return;
  const places = isLayered(report.file) ? finalOf(code) : drawnOf(code);
  if (!places.length) {
    const line = clone("plain-line");
    write(line, _("名单里没有 %(code)s。照参赛证再输一次。", { code }));
    page.mine.append(line);
  }
  for (const { turn, text } of places) {
    const line = clone("mine");
    const { code: number, position: turnOf, place: name, detail } = parts(line);
    write(number, code);
    write(turnOf, turn);
    write(name, text.name);
    write(detail, text.detail);
    page.mine.append(line);
  }
}

/** In each draw that they are in. */
const drawnOf = (code) => placesOf(report, code).map(({ draw, position, place }) => ({
  turn: _("第 %(n)s 签", { n: position }),
  text: placeText(report.file.draws[draw].layer, place, report.file.draws[draw].places),
}));

/** Where both layers together bring them. */
const finalOf = (code) => finalPlaces(report).filter((place) => place.code === code).map((place) => ({
  turn: _("%(unit)s 抽到第 %(n)s 号，单位里抽到第 %(own)s 号",
    { unit: place.unit, n: place.unitNumber, own: place.ownNumber }),
  text: placeText("station", place.place, report.file.draws[0].places),
}));

/** Whether what was noted can be compared; says beside a field why not. */
function notedIsGood() {
  let good = true;
  for (const name of ["head", "openings"]) {
    const text = field(name).value.trim();
    const wrong = text && notedDigits(text) === null;
    const line = page[`${name}-error`];
    show(line, wrong);
    write(line.querySelector("span"), wrong ? _("要 32 到 64 位，只有数字和 a 到 f") : "");
    if (wrong) {
      field(name).setAttribute("aria-invalid", "true");
      if (good) field(name).focus();
      good = false;
    } else field(name).removeAttribute("aria-invalid");
  }
  return good;
}

/** A draw that this site published, by its address; others are not fetched. */
async function fetchPublished(asked) {
  const address = new URL(asked, location.href);
  if (address.origin !== location.origin || !/^\/draw\/[^?]+\.json$/.test(address.pathname)) {
    stop(_("这个链接不是本站公布的抽签文件。把文件下载下来，再在下面选它。"));
    return;
  }
  only("working");
  try {
    const answer = await fetch(address.pathname, { credentials: "omit" });
    if (!answer.ok) throw new Error(String(answer.status));
    bytes = new Uint8Array(await answer.arrayBuffer());
  } catch {
    stop(_("没取到抽签文件。连上网再打开这一页，或者在下面选下载好的文件。"));
    return;
  }
  page.download.href = address.pathname;
  show(page["download-row"], true);
  await check();
}

field("file").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  if (!file) return;
  show(page["download-row"], false);
  bytes = new Uint8Array(await file.arrayBuffer());
  await check();
});
page.choose.addEventListener("submit", (event) => event.preventDefault());
page.find.addEventListener("submit", (event) => {
  event.preventDefault();
  findMine();
});
page["noted-form"].addEventListener("submit", (event) => {
  event.preventDefault();
  if (notedIsGood()) check();
});

const published = new URLSearchParams(location.search).get("file");
if (published) fetchPublished(published);
