// Entering a paper sheet by keyboard: Enter goes on to the next field, and from the last one saves.
// 1 and 0 answer a yes-or-no question that has the focus.

import { placeBlock } from "../shared/blocks.js";
import { parts } from "../shared/dom.js";
import { _ } from "../shared/words.js";
import { sendBlock } from "./send_block.js";

/** The places to type into or choose from, one for each question, in their order. */
function stops(form) {
  const seen = new Set();
  return [...form.querySelectorAll("input:not([type=hidden])")].filter((input) => {
    if (seen.has(input.name)) return false;
    seen.add(input.name);
    return true;
  });
}

function goOn(form, input) {
  const all = stops(form);
  const next = all[all.findIndex((field) => field.name === input.name) + 1];
  if (!next) return form.requestSubmit();
  const chosen = form.querySelector(`input[name="${CSS.escape(next.name)}"]:checked`);
  (chosen ?? next).focus();
  if (next.type === "text") next.select();
}

function answer(form, input, value) {
  const choice = [...form.elements[input.name]].find((radio) => radio.value === value);
  if (!choice) return;
  choice.checked = true;
  goOn(form, input);
}

/** Wire one form. */
export function enterByKeyboard(form) {
  form.addEventListener("keydown", (event) => {
    const input = event.target;
    if (input.tagName !== "INPUT" || event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      goOn(form, input);
    } else if (input.type === "radio" && /^[01]$/.test(event.key)) {
      event.preventDefault();
      answer(form, input, event.key);
    }
  });
  (form.querySelector(".in-doubt input") ?? form.querySelector("[autofocus]"))?.focus();
}

const labelOf = (input) => (input.type === "radio"
  ? input.closest("fieldset").querySelector("legend")
  : input.closest("form").querySelector(`label[for="${CSS.escape(input.id)}"]`))?.textContent.trim() ?? input.name;

/** Choose or type a text into the place of a question. */
function put(form, input, text) {
  if (input.type !== "radio") input.value = text;
  else {
    const same = [...form.querySelectorAll(`input[name="${CSS.escape(input.name)}"]`)]
      .find((radio) => radio.value === text || radio.closest("label").textContent.trim() === text);
    if (same) same.checked = true;
  }
}

/** A pasted column goes by the questions' names, without any from the one with the focus down. */
function takeBlocks(form, notice) {
  form.addEventListener("paste", async (event) => {
    const text = event.clipboardData.getData("text/plain").replace(/(\r?\n)+$/, "");
    if (event.target.tagName !== "INPUT" || !/[\t\r\n]/.test(text)) return;
    event.preventDefault();
    const fields = stops(form).filter((input) => input.type === "text" || input.type === "radio");
    const rows = fields.map((input) => [labelOf(input)]);
    const first = fields.findIndex((input) => input.name === event.target.name);
    const look = ({ row, text: value }) => {
      if (!value) return { text: "" };
      const field = fields[row];
      if (field.type !== "radio") return { text: field.value };
      return { text: form.querySelector(`input[name="${CSS.escape(field.name)}"]:checked`)?.value ?? "" };
    };
    const placed = await placeBlock({
      send: (body) => sendBlock(form, body), kind: "texts", text, rows,
      columns: [[_("得分"), _("分"), _("录的"), _("次数"), _("分值"), _("成绩")]], at: [first, 0], look,
    });
    if (!placed) return;
    const say = (words) => {
      notice.hidden = false;
      notice.firstElementChild.textContent = words;
    };
    if (placed.refused) {
      say(placed.refused);
      return;
    }
    for (const square of placed.fills) put(form, fields[square.row], square.text);
    const not = placed.out.map(({ text: what, why }) => `${what}（${why}）`);
    say(not.length
      ? _("填了 %(n)s 格。没填的：%(not)s", { n: placed.fills.length, not: not.join(_("；")) })
      : _("填了 %(n)s 格", { n: placed.fills.length }));
  });
}

const { entry, pasted } = parts(document);
if (entry) {
  enterByKeyboard(entry);
  if (entry.dataset.blocksUrl) takeBlocks(entry, pasted);
}
