// What a visitor takes along from the page that proves: the working of a total as plain text, and
// a record of what was compared, with the time and both hashes.

import { _ } from "../../shared/words.js";

const textOf = (element) => element.textContent.replace(/\s+/g, " ").trim();

/** The lines of the card that shows how a total came about, folded parts and all. */
export function howText(page) {
  const lines = [page["how-title"].textContent];
  for (const line of page["how-rows"].querySelectorAll("summary, .apart, h3, .soft")) {
    const [what, worth] = line.matches("summary, .apart")
      ? [...line.children].map(textOf) : [textOf(line), ""];
    lines.push(line.matches("details .apart, details .soft") ? `  ${what} ${worth}` : `${what} ${worth}`);
  }
  return lines.map((line) => line.trimEnd()).join("\n");
}

/** Put a text where the visitor can paste it from; whether that could be done without help. */
export async function copied(text, place) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const range = document.createRange();
    range.selectNodeContents(place);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return false;
  }
}

/** What was compared and how it ended: {address, competition, version, sha256, found, key, steps}. */
export function recordText({ at, address, competition, version, sha256, found: hash, key, verdict, steps }) {
  const lines = [
    _("验算记录"),
    _("时间：%(at)s", { at }),
    _("网址：%(address)s", { address }),
    _("竞赛：%(competition)s，第 %(version)s 版", { competition, version }),
    _("公布的核对词：%(sha256)s", { sha256 }),
    _("这份文件的核对词：%(found)s", { found: hash || "—" }),
    _("总账的公钥：%(key)s", { key }),
    _("结果：%(verdict)s", { verdict }),
    ...steps,
  ];
  return `${lines.join("\n")}\n`;
}

/** Have the browser save a text. */
export function save(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
