// 签名: one sheet in a dialog over it.
// Works only while the server answers, since the server alone knows the PIN and keeps what was
// signed.

import { openDialog } from "../../shared/dialog.js";
import { clone, parts, press, show, write } from "../../shared/dom.js";
import { hasTotal, totalText } from "../marking.js";
import { signBox } from "./sign_box.js";
import { asSigned, noLine, signSheet } from "./sign_call.js";
import { _ } from "../../shared/words.js";

/** page: {markedSheet, line, journal, outbox, address}. */
export function signDialog(page) {
  const { markedSheet, line, journal, outbox } = page;
  const address = `/api/sheets/${encodeURIComponent(markedSheet.server.id)}`;
  const root = clone("t-signing");
  const part = parts(root);
  const sheet = markedSheet.server;
  const words = () => ({ code: sheet.code, total: totalText(markedSheet.aspects, markedSheet.now.values) });
  const title = () => write(part.title, hasTotal(markedSheet.aspects)
    ? _("签名，%(code)s 总分 %(total)s", words()) : _("签名，%(code)s", words()));
  title();

  /** The version of the sheet of which the server has said whether it can be signed. */
  let asked = null;
  let asking = false;
  const box = signBox({
    judge: document.body.dataset.judge,
    name: document.body.dataset.name,
    line,
    // A kept page may be older than the PIN; the answer that signing waits for is not.
    hasPin: () => markedSheet.server.signing?.pin ?? true,
    label: () => _("签名，不再改"),
    waits() {
      if (markedSheet.waits) return _("还有 %(count)s 条没上传，传完再签", { count: outbox.waiting.length });
      if (noLine(line)) return noLine(line);
      if (asked !== markedSheet.server.version) return _("正在问服务器");
      return markedSheet.server.signing.ready ? "" : markedSheet.server.signing.why ?? "";
    },
    soon: () => !markedSheet.waits && !noLine(line) && asked !== markedSheet.server.version,
    about: () => totalText(markedSheet.aspects, markedSheet.now.values),
    async sign(hand) {
      const { signed, problem } = await signSheet(line, markedSheet.server, hand);
      if (!signed) {
        await ask();
        return { problem };
      }
      await journal.keepSheet(asSigned(markedSheet.server, signed));
      done(signed);
      return {};
    },
  });
  part.place.append(box.root);
  const redraw = () => {
    title();
    box.draw();
    if (!markedSheet.waits && !noLine(line) && asked !== markedSheet.server.version) ask();
  };
  for (const source of [markedSheet, outbox]) source.addEventListener("change", redraw);
  const close = openDialog(root, part.title.textContent, () => {
    for (const source of [markedSheet, outbox]) source.removeEventListener("change", redraw);
  });
  root.parentElement.classList.add("wide");
  press(part.close, close);

  /** The server's word of this moment: it may have been sent back, or signed elsewhere. */
  async function ask() {
    if (asking) return;
    asking = true;
    const since = Date.now();
    const { status, data } = await line.call(address);
    const kept = status === 200 ? await journal.keepSheet(data, since) : null;
    if (kept && kept.version === data.version) asked = data.version;
    asking = false;
    // Where acts were taken in meanwhile, the answer was older than theirs: ask once more.
    if (kept) redraw();
    else box.draw();
  }

  async function done(signed) {
    const answer = clone("t-signed");
    const inner = parts(answer);
    write(inner.heading, hasTotal(markedSheet.aspects)
      ? _("%(code)s 已签名，总分 %(total)s", words()) : _("%(code)s 已签名", words()));
    write(inner.hash, signed.words);
    part.place.replaceChildren(answer);
    root.parentElement?.classList.remove("wide");
    show(part.title, false);
    write(part.closewords, _("回到评分表"));
    inner.hash.focus();
    const { status, data } = await line.call("/api/home");
    const next = status === 200 && data.sheets.find((row) => row.ready);
    show(inner.next, Boolean(next));
    if (!next) return;
    write(inner.nextwords, _("签下一张 %(code)s", { code: next.code }));
    inner.next.setAttribute("href", `${page.address(next.id)}#sign`);
  }

  ask();
  box.focus();
}
