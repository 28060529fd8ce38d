// The published file worked out again in this browser, beside the page, and what is to be said
// of it. What was not worked out is never called right.

import { heads } from "../../shared/heads.js";
import { _ } from "../../shared/words.js";

const MOST_SECONDS = 120;

/**
 * What the worker makes of the two files, and of the contestant with this code; {failed} where
 * it can't. The files are given away.
 */
export function rescored(address, [bundle, results], code) {
  return new Promise((done) => {
    let worker;
    const finish = (answer) => {
      clearTimeout(patience);
      worker?.terminate();
      done(answer);
    };
    const patience = setTimeout(() => finish({ failed: "time" }), MOST_SECONDS * 1000);
    try {
      worker = new Worker(address);
      worker.addEventListener("message", ({ data }) => finish(data));
      worker.addEventListener("error", () => finish({ failed: "worker" }));
      worker.postMessage({ bundle, results, code }, [bundle.buffer, results.buffer]);
    } catch {
      finish({ failed: "worker" });
    }
  });
}

/** How the step ended, and in words: {state, text}. */
export function scoreWords({ failed, unknown, different, people, crewed, teams, units, seconds }) {
  if (unknown) {
    const where = unknown.join(_("、"));
    return { state: "open", text: _("这一项浏览器里没有重算：文件里有它不认得的规则（%(where)s）。请下载文件，用 compete score 重算", { where }) };
  }
  if (failed) {
    return { state: "open", text: _("这一项浏览器里没有重算：浏览器太旧，或者内存、时间不够。请下载文件，用 compete score 重算") };
  }
  if (different.length) {
    const where = different.map(({ who, path }) => (who ? `${who} ${path}` : path)).join(_("；"));
    return { state: "bad", text: _("照规则算出来的和公布的不一样：%(where)s", { where }) };
  }
  const took = { who: heads(people, crewed ?? []), teams, units, seconds: Math.max(seconds, 0.1).toFixed(1) };
  if (units) return { state: "ok", text: _("%(units)s 个单位每一期都重算了，得分、名次、红旗都一样，用了 %(seconds)s 秒", took) };
  if (teams) return { state: "ok", text: _("%(who)s、%(teams)s 队都重算了，得分、名次、奖项、等级都一样，用了 %(seconds)s 秒", took) };
  return { state: "ok", text: _("%(who)s都重算了，得分、名次、奖项、等级都一样，用了 %(seconds)s 秒", took) };
}

const placeText = (rank, total) => (rank === ""
  ? _("没有名次") : _("第 %(rank)s 名，总成绩 %(total)s", { rank, total }));

/**
 * The figures of a contestant's page beside the own line of what was worked out; `own` are the
 * page's {version, rank, total} as texts, `version` is the one that was fetched.
 */
export function ownWords(own, line, version) {
  if (own.version !== String(version)) {
    return { state: "open", text: _("已经公布了第 %(version)s 版，这一页还是第 %(own)s 版：刷新这一页再验", {
      version, own: own.version,
    }) };
  }
  const isRanked = line && line.rank !== null;
  const [rank, total] = isRanked ? [String(line.rank), line.total] : ["", ""];
  if (line && rank === own.rank && total === own.total) {
    return { state: "ok", text: placeText(rank, total) };
  }
  const page = placeText(own.rank, own.total);
  const result = line ? placeText(rank, total) : _("没有这个参赛号");
  return { state: "bad", text: _("这一页写的是：%(page)s。算出来的是：%(found)s", { page, found: result }) };
}
