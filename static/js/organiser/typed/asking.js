// Asks the server to save a form, and reads the page that it answers with: the form as it stands
// now, what was wrong with it. The answer is the page that the button would have led to.

import { calledNow } from "./coming_back.js";
import { fieldsOf } from "./fields.js";

const PATIENCE = 20_000;
/** Browsers send no more than this after a page was left. */
const KEPT_ALIVE = 60_000;
const BUSY = [408, 425, 429];

const parse = (text) => new DOMParser().parseFromString(text, "text/html");

async function ask(url, options) {
  const reply = await fetch(url, {
    credentials: "same-origin", cache: "no-store", redirect: "follow",
    signal: AbortSignal.timeout(PATIENCE), ...options,
  }).catch(() => null);
  if (!reply || reply.status >= 500 || BUSY.includes(reply.status)) return null;
  const text = await reply.text().catch(() => null);
  return text === null ? null : { reply, page: parse(text) };
}

/** What a page says that has no such form: it was refused, or somebody has to sign in. */
function without(form, { reply, page }) {
  if (new URL(reply.url).pathname !== location.pathname && page.querySelector("input[type=password]")) return { out: true };
  if (!page.body?.dataset.person) return { out: true };
  const lines = [...page.querySelectorAll("main h1, main p, main .message")].slice(0, 3).map((line) => line.textContent.trim());
  return { refused: lines.filter(Boolean) };
}

/** The page as it stands now: {form, page}, {out}, {refused}, or null without network. */
export async function standing(form) {
  const answer = await ask(location.href, {});
  if (!answer) return null;
  const newForm = answer.page.getElementById(form.id);
  return newForm ? { form: newForm, page: answer.page } : without(form, answer);
}

/** Whether what waits of another page arrived all the same, such as from a tab that was closed. */
export async function isStored({ page, form, ...kept }) {
  const answer = await ask(page, {});
  const newForm = answer?.page.getElementById(form);
  if (!newForm) return false;
  const stored = fieldsOf(newForm);
  return Object.entries(calledNow(kept, stored)).every(([key, [, mine]]) => stored.get(key)?.value === mine);
}

/**
 * Send the fields, of each what `valueOf` gives: {form, page, ok}, with `ok` false where something was refused, `late` where
 * somebody else may have been earlier; else as `standing`.
 */
export async function sent(form, fields, valueOf) {
  const entries = hiddenOf(form).map(({ name, value }) => [name, value]);
  for (const [key, field] of fields) entries.push(...field.entries(valueOf(key, field)));
  if (form.dataset.act) entries.push(["act", form.dataset.act]);
  const body = new URLSearchParams(entries);
  const answer = await ask(form.action, {
    method: "post", body, headers: { "X-Typed": "1", Accept: "text/html" },
    keepalive: String(body).length < KEPT_ALIVE,
  });
  if (!answer) return null;
  const newForm = answer.page.getElementById(form.id);
  if (!newForm) return without(form, answer);
  return { form: newForm, page: answer.page, ok: answer.reply.ok, late: answer.reply.status === 409 };
}

/** What the answer says is wrong: `fields` by key, `texts` of none of them. */
export function faults(form, page, fields) {
  const wrong = new Map();
  const lines = new Set();
  for (const [key, field] of fields) {
    const group = field.first.type === "radio" ? field.first.closest("fieldset") : null;
    const of = [field.first, group].filter(Boolean).flatMap((place) => (place.getAttribute("aria-describedby") ?? "").split(" "));
    const line = of.map((id) => (id ? page.getElementById(id) : null)).find((element) => element?.classList.contains("field-error"));
    if (!line) continue;
    lines.add(line);
    wrong.set(key, line.textContent.trim());
  }
  const known = new Set([...document.querySelectorAll("main .message.bad")].filter((message) => !message.closest("[data-typed-said]")).map((message) => message.textContent.trim()));
  const messages = [...page.querySelectorAll("main .message.bad"), ...form.querySelectorAll(".field-error")];
  const texts = messages.filter((message) => !lines.has(message)).map((message) => message.textContent.trim());
  return { wrong, texts: [...new Set(texts)].filter((text) => text && !known.has(text)) };
}

/** What a request carries besides the fields that are typed in. */
export const hiddenOf = (form) => [...form.elements].filter((input) => input.type === "hidden" && input.name && !input.matches(":disabled"));

/** What the form carries is what the `fresh` one does; of several of one name each is its own. */
export function renew(form, fresh) {
  const left = new Map();
  for (const { name, value } of hiddenOf(fresh)) left.set(name, [...(left.get(name) ?? []), value]);
  for (const input of hiddenOf(form)) if (left.get(input.name)?.length) input.value = left.get(input.name).shift();
}

/** What the form said it showed, by which the server knows whether somebody was earlier. */
export const marksOf = (form) => hiddenOf(form).filter(({ name }) => ["shown", "seen", "was"].includes(name)).map(({ name, value }) => `${name}=${value}`).join("\n");
