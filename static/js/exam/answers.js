// What a question is answered with: options to press, fields to write in.

import { clone, icon, parts, show, write } from "../shared/dom.js";
import { _ } from "../shared/words.js";
import { isEmpty } from "./sitting.js";
import { writeMarked } from "./marked_text.js";

/** Milliseconds without a letter, after which what was written is kept; and of writing on, at most. */
const PAUSE = 1500;
const LONGEST = 10_000;
const LETTERS = "ABCDEFGHIJ";

export function kindWord(kind) {
  switch (kind) {
    case "single": return _("单选");
    case "multiple": return _("多选");
    case "true_false": return _("判断");
    case "blank": return _("填空");
    case "numeric": return _("计算");
    default: return _("问答");
  }
}

function hint(kind) {
  switch (kind) {
    case "multiple": return _("可多选");
    case "numeric": return _("写一个数，不写单位");
    case "essay": return _("写在下面，写的时候就在存");
    default: return "";
  }
}

/** The options of a question by what they say: {id: what goes to the server, text, letter}. */
export function optionsOf({ kind, options }) {
  const all = kind === "true_false"
    ? [{ id: true, text: _("对") }, { id: false, text: _("错") }]
    : options;
  return all.map((option, place) => ({ ...option, letter: LETTERS[place] }));
}

/** Options: one is chosen, or several; what is chosen and pressed again is no more. */
function choices(root, question, sitting) {
  const several = question.kind === "multiple";
  const chosen = () => {
    const value = sitting.now.answers[question.code];
    if (several) return new Set(value ?? []);
    return new Set(isEmpty(value) ? [] : [value]);
  };
  const options = optionsOf(question);
  const choose = ({ id }) => {
    const now = chosen();
    if (!several) return sitting.answer(question.code, now.has(id) ? null : id);
    if (now.has(id)) now.delete(id);
    else now.add(id);
    // In the order in which they stand, whichever was pressed first.
    const value = options.map((option) => option.id).filter((known) => now.has(known));
    return sitting.answer(question.code, value.length ? value : null);
  };
  const rows = options.map((option) => {
    const button = clone("t-option");
    const part = parts(button);
    write(part.letter, option.letter);
    writeMarked(part.text, option.text, question.media);
    button.setAttribute("role", several ? "checkbox" : "radio");
    button.addEventListener("click", () => choose(option));
    return { button, option };
  });
  const list = document.createElement("div");
  list.className = "options";
  list.setAttribute("role", several ? "group" : "radiogroup");
  list.setAttribute("aria-labelledby", "stem");
  list.append(...rows.map(({ button }) => button));
  root.replaceChildren(list);
  return {
    update(locked) {
      const now = chosen();
      for (const { button, option } of rows) {
        button.setAttribute("aria-checked", String(now.has(option.id)));
        button.disabled = locked;
      }
    },
    /** Say of each option whether it is right, and of one that was chosen that it is not. */
    reveal(right) {
      const now = chosen();
      for (const { button, option } of rows) {
        const isRight = right.has(option.id);
        if (isRight) button.dataset.verdict = "right";
        else if (now.has(option.id)) {
          button.dataset.verdict = "wrong";
          icon(button.querySelector("svg"), "i-cross");
        }
      }
    },
    /** By the option's place, as its letter or number is typed. */
    pick(place) {
      if (options[place]) choose(options[place]);
    },
    focus() {},
    flush() {},
  };
}

/** Fields: what is written is kept after each pause, and as the field is left. */
function written(root, question, sitting) {
  const { kind, code } = question;
  const number = kind === "blank" ? question.blanks ?? 1 : 1;
  let timer = null;
  const fields = Array.from({ length: number }, (_none, place) => {
    const box = clone(kind === "essay" ? "t-essay" : "t-blank");
    const part = parts(box);
    const several = number > 1 ? _("第 %(n)s 空", { n: place + 1 }) : "";
    write(part.label, several || _("你的答案"));
    part.label.classList.toggle("spoken", !several);
    part.field.id = `answer-${place}`;
    part.label.htmlFor = part.field.id;
    if (kind === "numeric") part.field.inputMode = "decimal";
    return { box, field: part.field, count: part.count };
  });
  const value = () => {
    const texts = fields.map(({ field }) => field.value);
    if (isEmpty(texts)) return null;
    return kind === "blank" ? texts : texts[0];
  };
  const standing = () => {
    const now = sitting.now.answers[code];
    return kind === "blank" ? now ?? [] : [now ?? ""];
  };
  /** Whether something was written that is not kept yet. */
  let fresh = false;
  let since = 0;
  const flush = () => {
    clearTimeout(timer);
    if (fresh) sitting.answer(code, value());
    fresh = false;
  };
  const count = () => {
    for (const field of fields) {
      if (field.count) write(field.count, _("%(n)s 个字", { n: [...field.field.value.trim()].length }));
    }
  };
  root.replaceChildren(...fields.map(({ box }) => box));
  fields.forEach(({ field }, place) => {
    field.value = standing()[place] ?? "";
    field.addEventListener("input", () => {
      if (!fresh) since = Date.now();
      fresh = true;
      count();
      clearTimeout(timer);
      timer = setTimeout(flush, Math.min(PAUSE, Math.max(0, since + LONGEST - Date.now())));
    });
    field.addEventListener("blur", flush);
  });
  count();
  return {
    update(locked) {
      fields.forEach(({ field }, place) => {
        field.readOnly = locked;
        // What came from another device since; never over what is being written.
        if (!fresh && document.activeElement !== field) field.value = standing()[place] ?? "";
      });
    },
    reveal() {},
    pick() {},
    focus() {
      // By touch the field would call the keyboard up, over half of the page.
      if (matchMedia("(pointer: fine)").matches) fields[0].field.focus({ preventScroll: true });
    },
    flush,
  };
}

/**
 * Draw a question: its stem, its hint, what it is answered with. sitting: has the answers, and takes
 * them. Returns {update(locked), reveal(right), pick(place), focus(), flush()}.
 */
export function showQuestion(part, question, sitting) {
  const { kind, stem, media } = question;
  writeMarked(part.stem, stem, media);
  part.stem.classList.toggle("long", stem.length > 80);
  write(part.hint, hint(kind));
  show(part.hint, Boolean(hint(kind)));
  const isChoice = ["single", "multiple", "true_false"].includes(kind);
  part.answer.classList.toggle("writes", !isChoice);
  show(part.answer, true);
  return (isChoice ? choices : written)(part.answer, question, sitting);
}
