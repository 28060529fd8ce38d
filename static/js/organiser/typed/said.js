// What a page says of the forms that are saved as they are typed: the chip, what is wrong with a
// field, what another set there, whose counts.

import { clock, icon } from "../../shared/dom.js";

const SAID = "data-typed-said";
const place = document.getElementById("typed");
export const words = place?.dataset ?? {};

export const sentence = (text, holes = {}) => Object.entries(holes).reduce((result, [name, value]) => result.replaceAll(`{${name}}`, value), text);

const copy = (name) => place.content.querySelector(`[data-copy=${name}]`).cloneNode(true);

/** The worst of what forms of a page have come to stands on its chip; first the worst. */
const ORDER = ["out", "failed", "homeless", "both", "refused", "wrong", "waits", "saving", "saved", "idle"];
const LOOKS = {
  out: ["bad", "wifi-off"], failed: ["bad", "wifi-off"], homeless: ["warn", "warn"], both: ["warn", "people"], refused: ["bad", "warn"],
  wrong: ["warn", "warn"], waits: ["warn", "clock"], saving: ["", "clock"], saved: ["ok", "cloud-check"], idle: ["", "cloud-check"],
};

export class Chip {
  #chip = null;

  constructor() {
    this.#chip = copy("chip");
    const at = document.createElement("span");
    at.className = "typed-at";
    at.append(this.#chip);
    document.querySelector(".page-head h1")?.after(" ", at);
    // Further down the page it goes along.
    const foot = document.querySelector(".foot-bar .acts");
    new IntersectionObserver(([seen]) => {
      if (foot) (seen.isIntersecting ? at : foot).prepend(this.#chip);
      else this.#chip.classList.toggle("floats", !seen.isIntersecting);
    }).observe(at);
    this.show([]);
  }

  /** `states` are {name, at, n} of each form. */
  show(states) {
    const worst = ORDER.find((name) => states.some((state) => state.name === name)) ?? "idle";
    const alike = states.filter(({ name }) => name === worst);
    const n = alike.reduce((sum, state) => sum + (state.n ?? 0), 0);
    const at = Math.max(...states.map((state) => state.at ?? 0));
    const [kind, sign] = LOOKS[worst];
    let text = sentence(words[worst], { n, at: at > 0 ? clock(at) : "" });
    if (worst === "wrong" && at > 0) text = sentence(words.partly, { n, at: clock(at) });
    this.#chip.className = `chip typed-chip ${kind}${this.#chip.classList.contains("floats") ? " floats" : ""}`;
    this.#chip.dataset.state = worst;
    icon(this.#chip.querySelector("svg"), `i-${sign}`);
    const line = this.#chip.querySelector("[data-part=text]");
    if (line.textContent !== text) line.textContent = text;
    // Who hears the page is told what came of it, not that it is on its way.
    const heard = this.#chip.querySelector("[role=status]");
    if (!["idle", "saving"].includes(worst) && heard.textContent !== text) heard.textContent = text;
  }
}

/** The button that takes the last step back, at the page's head or where the page has a place for it. */
export function undoButton(act) {
  const button = copy("undo");
  button.addEventListener("click", act);
  const place = document.querySelector("[data-part=typedundo]");
  if (place) {
    place.append(button);
    return button;
  }
  const head = document.querySelector(".page-head");
  if (!head) return button;
  let acts = head.querySelector(":scope > .acts");
  if (!acts) {
    acts = document.createElement("div");
    acts.className = "acts";
    head.append(acts);
  }
  acts.prepend(button);
  return button;
}

const lines = (field, kind) => [...field.form.querySelectorAll(`[${SAID}=${kind}]`)].filter((line) => line.dataset.of === field.key);

function put(field, kind, element) {
  unsay(field, kind);
  element.setAttribute(SAID, kind);
  element.dataset.of = field.key;
  let after = field.place;
  while (after.nextElementSibling?.hasAttribute(SAID)) after = after.nextElementSibling;
  after.after(element);
}

export function unsay(field, kind) {
  for (const line of lines(field, kind)) line.remove();
  if (kind !== "wrong" || field.first.dataset.typedWrong === undefined) return;
  for (const input of field.all) {
    input.removeAttribute("aria-invalid");
    const rest = (input.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== input.dataset.typedWrong);
    if (rest.length) input.setAttribute("aria-describedby", rest.join(" "));
    else input.removeAttribute("aria-describedby");
    delete input.dataset.typedWrong;
  }
}

/** Say beside a field why it was not saved. */
export function sayWrong(field, text) {
  const line = copy("wrong");
  line.querySelector("span").textContent = text;
  line.id = `${field.first.id || field.first.name}-typed-wrong`;
  put(field, "wrong", line);
  for (const input of field.all) {
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", [input.getAttribute("aria-describedby"), line.id].filter(Boolean).join(" "));
    input.dataset.typedWrong = line.id;
  }
}

function who(field, value, changes) {
  // A record that names none of the form's fields may be of any.
  const last = changes.find(({ names }) => names.includes(field.first.name) || !names.some((name) => field.form.elements.namedItem(name)));
  const text = field.textOf(value, words);
  return last ? sentence(words.others, { who: last.who, at: last.at, text }) : sentence(words.stands, { text });
}

/** Say that another set this field, which nobody typed in here. */
export function sayTaken(field, value, changes) {
  const line = copy("taken");
  line.querySelector("span").textContent = who(field, value, changes);
  put(field, "taken", line);
}

/** Ask whose counts; `chosen` hears "mine" or "theirs". */
export function askWhose(field, value, changes, chosen) {
  const box = copy("whose");
  const summary = who(field, value, changes);
  box.setAttribute("aria-label", `${field.label} ${summary}`);
  box.querySelector("[data-part=said]").textContent = summary;
  for (const name of ["mine", "theirs"]) {
    box.querySelector(`[data-part=${name}]`).addEventListener("click", () => {
      unsay(field, "whose");
      field.first.focus({ preventScroll: true });
      chosen(name);
    });
  }
  put(field, "whose", box);
}

/** What is wrong with no one field, on top of the form; nothing takes it away. */
export function sayOfForm(form, texts, kind = "bad") {
  for (const line of form.querySelectorAll(`[${SAID}=form]`)) line.remove();
  if (!texts.length && kind !== "out") return;
  const box = copy({ bad: "problem", out: "out" }[kind] ?? "news");
  box.setAttribute(SAID, "form");
  const body = box.querySelector("[data-part=text]");
  if (kind === "out") {
    box.querySelector("a").href = location.href;
    form.prepend(box);
    return;
  }
  body.replaceChildren(...texts.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
  form.prepend(box);
}

const lostAt = (form) => document.querySelector(`[${SAID}=lost][data-of="${CSS.escape(form.id)}"]`);

/** How much is told that has no place any more. */
export const lostOf = (form) => lostAt(form)?.querySelectorAll("[data-part=text] > p").length ?? 0;

/** Say what was typed and has no place any more, until somebody has seen it; `seen` hears that. */
export function sayLost(form, texts, seen) {
  let box = lostAt(form);
  if (!box) {
    box = copy("lost");
    box.setAttribute(SAID, "lost");
    box.dataset.of = form.id;
    box.querySelector("button").addEventListener("click", () => {
      box.remove();
      seen();
    });
    (document.querySelector("#main .page-head") ?? form).after(box);
  }
  box.querySelector("[data-part=text] > button").before(...texts.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
}

/** Who changed what the form shows, the newest first. */
export const changesOf = (form) => JSON.parse(form.dataset.changes || "[]");
