// An appeal on a phone: step by step, the words kept on the phone at each pause, the server's
// clock on top. Sent by fetch, so that a lost network keeps the page and all that is on it: the
// words first, whose arrival counts, then the files.

import { block, pageData, parts, press, show, write } from "../shared/dom.js";
import { pickedFiles, sent } from "./appeal_files.js";

const words = pageData("appeal-words");
const form = document.getElementById("appeal");
const key = `appeal:${location.pathname}`;

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

function kept() {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

/** Keep the words; false where the browser keeps nothing (private windows). */
function keep(draft) {
  try {
    if (draft) localStorage.setItem(key, JSON.stringify(draft));
    else localStorage.removeItem(key);
    return true;
  } catch {
    return false;
  }
}

/** The form's fields without its files: those follow. */
function fields(wanted) {
  const body = new FormData(wanted);
  body.delete("photos");
  return body;
}

/** 0:31 of so many seconds. */
const length = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

function begin() {
  const part = parts(form);
  const steps = [...form.querySelectorAll("[data-step]")];
  const clock = document.getElementById("appeal-clock");
  const dial = parts(clock);
  const ahead = new Date(clock.dataset.now) - Date.now();
  let filed = null;
  let at = 0;
  let sending = false;

  const value = (name) => form.elements[name]?.value?.trim() ?? "";
  const chosen = () => form.querySelector("input[name=item]:checked");
  const complain = (text) => {
    write(part.problem, text);
    show(part.problem, Boolean(text));
    if (text) part.problem.scrollIntoView({ block: "center" });
  };
  const files = pickedFiles(form.elements.photos, part, words, complain);

  function draw() {
    steps.forEach((step, number) => { step.hidden = number !== at; });
    [...part.steps.children].forEach((step, number) => {
      step.classList.toggle("done", number < at);
      step.classList.toggle("now", number === at);
    });
    write(part.next, words.next[at]);
    show(part.back, at > 0);
    write(part.chosen, chosen() ? `${chosen().dataset.name} · ` : "");
    (at < 2 ? part.picked : part.sending).append(part.photos);
    if (at < 2) return;
    const kind = form.querySelector("input[name=kind]:checked");
    write(part["read-item"], chosen()?.dataset.name ?? "");
    write(part["read-kind"], kind?.nextElementSibling.textContent ?? "");
    write(part["read-matter"], value("matter"));
    write(part["read-photos"], files.count() ? filled(words.photos, { n: files.count() }) : words.none);
  }

  /** What is lacking on a step, or "". */
  function lacking(step) {
    if (step === 0) return chosen() ? "" : words.choose;
    if (step === 1) {
      if (!value("kind")) return words.kind;
      return value("matter").length < 5 ? words.matter : "";
    }
    return form.elements.last_four && !value("last_four") ? words.four : "";
  }

  function go(to) {
    at = to;
    complain("");
    draw();
    steps[at].querySelector("h2").focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }

  /** What is offered until a set moment, what ends first before the others. */
  const timed = [...form.querySelectorAll("input[name=item][data-until]:enabled")]
    .sort((a, b) => new Date(a.dataset.until) - new Date(b.dataset.until));
  const leftOf = (item) => (item.dataset.until ? Math.floor((new Date(item.dataset.until) - (Date.now() + ahead)) / 1000) : Infinity);

  function tick() {
    // What is over meanwhile can't be chosen any more; what is chosen stays, so that it can be read.
    for (const item of timed.filter((input) => leftOf(input) <= 0)) {
      item.disabled = !item.checked;
      item.closest("label").classList.add("is-shut");
    }
    const next = timed.find((input) => leftOf(input) > 0) ?? timed.at(-1);
    const item = chosen()?.dataset.until ? chosen() : next;
    show(clock, Boolean(item) && !filed);
    const over = Boolean(item) && !filed && leftOf(item) <= 0;
    block(part.next, over);
    form.elements.matter.readOnly = over;
    if (!item || filed) return;
    const { at: shown } = item.dataset;
    const left = leftOf(item);
    clock.classList.toggle("late", left < 600);
    if (over) {
      write(dial.left, words.over);
      write(dial.until, filled(words.overAt, { at: shown }));
      return;
    }
    const minutes = Math.floor(left / 60);
    const text = left < 60 ? filled(words.seconds, { n: left })
      : minutes < 120 ? filled(words.left, { n: minutes })
      : filled(words.hours, { h: Math.floor(minutes / 60), n: minutes % 60 });
    write(dial.left, text);
    write(dial.until, filled(words.until, { at: shown }));
  }

  function save() {
    const draft = { uuid: value("uuid"), item: chosen()?.value ?? "", kind: value("kind"), matter: form.elements.matter.value };
    show(part.saved, Boolean(draft.matter) && keep(draft));
  }

  async function submit() {
    const lack = [0, 1, 2].find((step) => lacking(step));
    if (lack !== undefined) {
      go(lack);
      complain(lacking(lack));
      return;
    }
    if (sending) return;
    if (filed && !files.lost()) {
      location.assign(filed.url);
      return;
    }
    sending = true;
    complain("");
    write(part.next, words.sending);
    if (!filed) {
      const answer = await sent(form.action, fields(form));
      if (!answer.url) {
        sending = false;
        write(part.next, words.next[2]);
        complain(answer.problem ?? words.lost);
        return;
      }
      keep(null);
      filed = answer;
      tick();
    }
    // The words are in, whatever the time; the files follow.
    write(part.next, words.follow);
    show(part.back, false);
    await files.send(filed.add, proof(), submit);
    sending = false;
    if (!files.lost() && !files.refused()) {
      location.assign(filed.url);
      return;
    }
    complain(files.lost() ? filled(words.filesLost, { until: filed.until ?? "" }) : words.filesNot);
    write(part.next, files.lost() ? words.again : words.onward);
    part.onward.firstElementChild.href = filed.url;
    show(part.onward, files.lost() > 0);
  }

  /** What says who sends, beside a file. */
  function proof() {
    const names = ["last_four", "csrf_token", "once"].filter((name) => form.elements[name]);
    return Object.fromEntries(names.map((name) => [name, form.elements[name].value]));
  }

  // It may have come in although the answer was lost. What was typed of another item since
  // then is a new appeal, which under the old one's number would be taken for that one.
  const isOpen = (item) => [...form.querySelectorAll("input[name=item]:enabled")].some((input) => input.value === item);
  const cameIn = form.dataset.filed.split(" ").includes(kept().uuid);
  if (cameIn && !isOpen(kept().item)) keep(null);
  const before = kept();
  if (before.matter && !form.elements.matter.value) {
    if (before.uuid && !cameIn) form.elements.uuid.value = before.uuid;
    form.elements.matter.value = before.matter;
    for (const [name, wanted] of [["item", before.item], ["kind", before.kind]]) {
      const field = [...form.querySelectorAll(`input[name=${name}]:enabled`)].find((input) => input.value === wanted);
      if (field) {
        field.checked = true;
        field.closest("details")?.setAttribute("open", "");
      }
    }
    show(part.saved, true);
  }
  form.noValidate = true;
  // What is wrong stands above the foot, on whichever step it is.
  form.insertBefore(part.problem, part.foot);
  show(part.steps, true);
  show(part.read, true);
  show(part.foot, true);
  show(part.submit, false);
  form.addEventListener("input", () => { save(); tick(); });
  form.addEventListener("change", () => { save(); tick(); });
  form.addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  press(part.back, () => go(at - 1));
  press(part.next, () => {
    if (at === 2) submit();
    else if (lacking(at)) complain(lacking(at));
    else go(at + 1);
  });
  press(part.mark, () => {
    const field = form.elements.instants;
    const before = field.value.trimEnd();
    field.value = `${before}${before ? "\n" : ""}${length(part.player.currentTime)} `;
    part.player.pause();
    field.focus();
  });
  draw();
  tick();
  setInterval(tick, 1000);
}

if (form) begin();
// What is put with an appeal later: told before it is sent in vain.
for (const field of document.querySelectorAll("input[data-most]")) {
  field.addEventListener("change", () => {
    const all = [...field.files].reduce((sum, file) => sum + file.size, 0);
    field.setCustomValidity(all > Number(field.dataset.most) ? field.dataset.large : "");
    field.reportValidity();
  });
}
const place = document.getElementById("appeal-kept");
if (place && kept().matter) {
  write(place.querySelector("[data-part=kept]"), kept().matter);
  show(place, true);
}
