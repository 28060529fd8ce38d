// Sitting down at this device: admission number and the room's six digits, then 是我.

import { parts, press, show, write } from "../shared/dom.js";
import { _ } from "../shared/words.js";

/** The name under which this browser keeps whose sitting was here last. */
const lastKey = (competition) => `exam ${competition}`;

/** The sitting that was here last, "" for none; null where the browser keeps nothing. */
export function lastSitting(competition) {
  try {
    return localStorage.getItem(lastKey(competition)) ?? "";
  } catch {
    return null;
  }
}

export function keepSitting(competition, id) {
  try {
    if (id) localStorage.setItem(lastKey(competition), id);
    else localStorage.removeItem(lastKey(competition));
  } catch { /* then the server's cookie alone says who sits here */ }
}

/** The secret by which this browser is known again where the answer to sitting down was lost. */
function ownSecret(competition) {
  const made = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const key = `exam seat ${competition}`;
  try {
    if (!localStorage.getItem(key)) localStorage.setItem(key, made());
    return localStorage.getItem(key);
  } catch {
    return made();
  }
}

function dropSecret(competition) {
  try {
    localStorage.removeItem(`exam seat ${competition}`);
  } catch { /* it was kept nowhere */ }
}

/** Wire the form; seated(id) is called once somebody sits here. why: in words, why to sit down anew. */
export function seatForm(root, line, competition, { why = "", seated }) {
  const part = parts(root);
  const secret = ownSecret(competition);
  let asked = null;
  const tell = (words) => {
    show(part.problem, Boolean(words));
    write(part.sentence, words);
    for (const field of [part.number, part.code]) field.setAttribute("aria-invalid", String(Boolean(words)));
  };
  const send = async (confirm) => {
    const body = { competition, number: part.number.value.trim(), code: part.code.value.replace(/\s/g, ""), confirm, secret };
    if (!body.number || !body.code) return tell(_("编号和六位数都要输"));
    part.go.disabled = true;
    const { status, data, refusal } = await line.call("/api/exam/seat", body);
    part.go.disabled = false;
    if (status === 200) return data;
    tell(refusal?.error ?? _("连不上服务器，举手找监考"));
    return null;
  };
  const open = (step) => {
    show(part.form, step === "form");
    show(part.confirm, step === "confirm");
    (step === "form" ? part.number : part.yes).focus();
  };
  show(part.why, Boolean(why));
  write(part.whywords, why);
  part.form.addEventListener("submit", async (event) => {
    event.preventDefault();
    tell("");
    asked = await send(false);
    if (!asked) return;
    const { person, place, exam } = asked;
    write(part.name, person.name);
    write(part.unit, [person.number, person.unit].filter(Boolean).join(" · "));
    write(part.where, [exam.name, place.room, place.session, place.seat && _("%(seat)s 号座", { seat: place.seat })].filter(Boolean).join(" · "));
    show(part.face, Boolean(person.photo));
    if (person.photo) part.face.src = person.photo;
    open("confirm");
  });
  press(part.yes, async () => {
    const word = await send(true);
    if (!word) return open("form");
    dropSecret(competition);
    seated(word.sitting.id);
  });
  press(part.no, () => {
    part.number.value = "";
    open("form");
  });
  open("form");
}
