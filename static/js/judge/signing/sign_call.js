// One call for one signature, in words where it does not come about.

import { unheard } from "./sign_box.js";
import { _ } from "../../shared/words.js";

/** Statuses that will be the same for every other sheet: the PIN, the session. */
const SAME_FOR_ALL = new Set([0, 400, 401, 422, 423, 428]);
const LONGEST_WAIT = 60;

/** Why signing must wait, whatever the sheet: "" where it need not. */
export function noLine(line) {
  if (line.state === "over") return _("席位换给别人了，不能再签。请交回平板");
  if (line.state === "signin") return _("登录过期了，重新登录再签");
  if (line.state === "other") return _("这台平板换人登录了，重新打开再签");
  return line.state === "open" ? "" : _("没有网络，签名要连着服务器。分数都在，连上再签");
}

/** sheet {id, version}; with {pin, drawing | name}. Returns {signed} or {problem, same}. */
export async function signSheet(line, sheet, hand) {
  const address = `/api/sheets/${encodeURIComponent(sheet.id)}/sign`;
  const body = { ...hand, version: sheet.version };
  let answer = await line.call(address, body);
  if (answer.status === 429) {
    // Many sheets in one go: the server asks for a moment.
    await new Promise((resolve) => { setTimeout(resolve, 1000 * Math.min(answer.wait || 5, LONGEST_WAIT)); });
    answer = await line.call(address, body);
  }
  if (answer.status === 200) return { signed: answer.data };
  return { problem: words(answer), same: SAME_FOR_ALL.has(answer.status) };
}

function words({ status, refusal }) {
  if (status === 0) return unheard();
  if (status === 401) return _("登录过期了，重新登录再签");
  return refusal?.error ?? _("服务器没签上，过一会儿再试");
}

/** The sheet as it stands once signed, for keeping on the tablet. */
export const asSigned = (sheet, { version, words: text, hash, at, clock }) => ({
  id: sheet.id, state: "signed", version,
  signing: { ready: false, why: null, pin: true, signed: { words: text, hash, at, clock } },
});
