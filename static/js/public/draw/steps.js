// The six steps of a check in words, each with its evidence.

import { BY_ROUNDS, isLayered } from "../../draw/layers.js";
import { clone, parts, show, write } from "../../shared/dom.js";
import { _ } from "../../shared/words.js";

/** What the ceremony is called, and which one it is. */
export const titleOf = ({ ceremony, number }) =>
  (number > 1 ? _("%(ceremony)s，第 %(number)s 次", { ceremony, number }) : ceremony);

/** What is drawn, in words. */
function layerText(layer) {
  if (layer === "station") return _("工位");
  if (layer === "order") return _("出场序");
  if (layer === "unit") return _("单位");
  if (layer === "code") return _("加密号");
  return layer;
}

/** Which turn of its session a place is: its order counts on through all sessions. */
const turnIn = (place, places) => new Set(places
  .filter((other) => other.session === place.session && other.order <= place.order)
  .map(({ order }) => order)).size;

/** A place in words, of all its layer has: its station or code, and where and when that is. */
export function placeText(layerName, place, places) {
  const layer = layerText(layerName);
  const details = [];
  if (place.session) details.push(place.session);
  if (place.order !== undefined) details.push(_("第 %(n)s 个", { n: turnIn(place, places) }));
  return {
    name: place.line ?? place.code,
    detail: _("%(layer)s %(code)s", { layer, code: [place.code, ...details].join(" · ") }),
  };
}

/** One line for each step into `list`; the first that differs tells both values. */
export function fillSteps(list, answer) {
  const steps = pageSteps(answer);
  const first = steps.find(({ difference }) => difference);
  list.replaceChildren(...steps.map((step, at) => stepLine(step, at + 1, answer, step === first)));
}

/** The check's steps as the page tells them: what was opened stands with the seals. */
function pageSteps({ steps }) {
  const openings = steps.find(({ name }) => name === "openings");
  return steps.filter((step) => step !== openings).map((step) => (
    step.name === "seals" && openings.difference && !step.difference
      ? { ...step, fits: false, difference: openings.difference }
      : step));
}

function stepLine({ name, fits, difference }, number, answer, isFirst) {
  const line = clone("step");
  const part = parts(line);
  show(part["icon-ok"], fits === true);
  show(part["icon-bad"], fits === false);
  show(part["icon-open"], fits === null);
  const { title, text, hashes = [], lines = [], swaps } = SAID[name](answer);
  write(part.title, `${number} ${title}`);
  write(part.text, text);
  part.hashes.replaceChildren(...hashes.map(hashLine));
  part.evidence.replaceChildren(...lines.map(evidenceLine));
  show(part.evidence, lines.length);
  if (swaps?.length) tellAll(part, swaps);
  if (difference) tellDifference(part, difference, isFirst);
  return line;
}

const people = ({ file }) => file.draws.reduce((sum, { list }) => sum + list.length, 0);

const noted = (hash) => {
  if (hash.noted === null) return _("没有和现场记下的比");
  return hash.noted ? _("和现场记下的一样") : _("和现场记下的不一样");
};

const SAID = {
  list: (answer) => ({
    title: _("名单、位置和规则没换过"),
    text: _("%(n)s 个编号。%(noted)s", { n: people(answer), noted: noted(answer.head) }),
    hashes: [{ label: _("封存值"), ...answer.head }],
  }),
  seals: (answer) => ({
    title: _("各方的签没换过"),
    text: _("签加随机码，和封签一个一个对。拆签值：%(noted)s", { noted: noted(answer.openings) }),
    hashes: [{ label: _("拆签值"), ...answer.openings }],
    lines: answer.parties.map((party) => ({
      left: party.place === "spare" ? _("%(name)s（备签）", { name: party.name }) : party.name,
      right: party.opened ? party.share : _("没拆"),
      under: party.fits === false ? _("和封签对不上") : _("封签 %(words)s", { words: party.words }),
    })),
  }),
  seed: ({ seed }) => ({
    title: _("种子是大家的签合出来的"),
    text: seed ? "" : _("备签没拆，没有种子"),
    hashes: seed ? [{ label: _("种子"), ...seed }] : [],
  }),
  shuffle: ({ file, draws }) => ({
    title: _("用种子换位"),
    text: isLayered(file)
      ? _("单位抽一遍，再在 %(units)s 个单位里各抽一遍，一共换 %(n)s 次",
        { units: draws.length - 1, n: draws.reduce((sum, { swaps }) => sum + swaps.length, 0) })
      : draws.map(({ swaps, tries }, at) => several(file, at, _("从最后一位往前，换 %(n)s 次；抽了 %(tries)s 遍",
        { n: swaps.length, tries }))).join(_("；")),
    swaps: draws.flatMap(({ swaps }, at) => swaps.map((swap) => several(file, at,
      _("第 %(position)s 签：%(came)s，从第 %(with)s 签换来", swap)))),
  }),
  rule: ({ file, draws }) => ({
    title: _("按规则调位"),
    text: file.draws.some(hasRule)
      ? draws.map(({ moves }, at) => several(file, at, ruleText(file.draws[at], moves))).join(_("；"))
      : _("没有规则"),
    lines: draws.flatMap(({ moves, unmet }, at) => [
      ...moves.map((move) => ({
        left: several(file, at, _("第 %(position)s 签 %(came)s、第 %(with)s 签 %(went)s", move)),
        under: move.why === "apart" ? _("同单位连着上，对调") : _("这一场同单位的满了，对调"),
      })),
      ...unmet.map((place) => ({ left: several(file, at, _("%(place)s：规则做不到", { place })) })),
    ]),
  }),
  result: (answer) => ({
    title: _("和文件里的抽签结果比"),
    lines: isLayered(answer.file) ? [{ left: bothText(answer.file) }] : [],
    text: _("%(n)s 行，%(differing)s 行不同", {
      n: answer.draws.reduce((sum, { result }) => sum + result.length, 0),
      differing: answer.draws.reduce((sum, { differing }) => sum + differing, 0),
    }),
  }),
};

/** How the numbers of both layers give the places. */
const bothText = ({ draws: [, second] }) => (second.layer === BY_ROUNDS
  ? _("位置照次序给：先是各单位的第 1 号，按单位的号排，再是各单位的第 2 号")
  : _("位置照次序给：先是第 1 号单位的，按他们的号排，再是第 2 号单位的"));

const hasRule = ({ rule }) => Boolean(rule?.apart || rule?.per_session);

function ruleText({ rule }, moves) {
  const sentences = [];
  if (rule?.apart) sentences.push(_("同单位不在同一工位连着上"));
  if (rule?.per_session) sentences.push(_("一场里一个单位最多 %(n)s 个参赛号", { n: rule.per_session }));
  if (!sentences.length) return _("没有规则");
  return _("%(rule)s。调了 %(n)s 处", { rule: sentences.join(_("，")), n: moves.length });
}

/** The text; of a ceremony with several draws with what is drawn before it. */
function several(file, at, text) {
  const { draws } = file;
  if (draws.length < 2) return text;
  const layer = at > 0 && isLayered(file)
    ? _("%(unit)s 里的次序", { unit: draws[0].list[at - 1].code })
    : layerText(draws[at].layer);
  return _("%(layer)s：%(text)s", { layer, text });
}

function hashLine({ label, words, hex }) {
  const line = clone("hash");
  const part = parts(line);
  write(part.label, label);
  write(part.words, words);
  write(part.hex, hex);
  return line;
}

function evidenceLine({ left, right = "", under = "" }) {
  const line = clone("line");
  const part = parts(line);
  write(part.left, left);
  write(part.right, right);
  write(part.under, under);
  return line;
}

/** All swaps, made only once somebody wants to see them. */
function tellAll({ all, swaps: list }, swaps) {
  show(all, true);
  all.addEventListener("toggle", () => {
    if (list.childElementCount) return;
    list.replaceChildren(...swaps.map((text) => {
      const line = clone("plain-line");
      write(line, text);
      return line;
    }));
  });
}

function tellDifference(part, { what, place, found: value, wanted }, isFirst) {
  show(part.difference, true);
  const isNoted = what === "head" || what === "openings";
  write(part.where, isFirst ? _("第一处对不上：%(place)s", { place }) : _("对不上：%(place)s", { place }));
  write(part["found-label"], isNoted ? _("现场记下") : _("文件写着"));
  write(part["wanted-label"], isNoted ? _("文件算出") : _("重新算出"));
  write(part.found, valueText(value));
  write(part.wanted, valueText(wanted));
}

/** A value as the file would write it. */
function valueText(value) {
  if (value === undefined || value === null) return _("没有");
  if (typeof value !== "object") return String(value);
  if (value.code === undefined) return JSON.stringify(value);
  return _("%(place)s：%(code)s%(moved)s", {
    place: value.place, code: value.code, moved: value.moved ? _("（调过）") : "",
  });
}
