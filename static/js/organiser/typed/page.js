// Forms of a page that are saved as they are typed (`data-typed`): their chip, the steps back,
// and a warning before something is left that is not saved.

import { isStored } from "./asking.js";
import { TypedForm } from "./form.js";
import { forget, waitsElsewhere } from "./kept.js";
import { Chip, sayOfForm, sentence, undoButton, words } from "./said.js";
import { Steps } from "./steps.js";

async function tellElsewhere() {
  let kept = waitsElsewhere();
  // The answer came when nobody was there any more to take it.
  while (kept && await isStored(kept)) {
    forget(kept.key);
    kept = waitsElsewhere();
  }
  const line = kept && document.getElementById("kept-elsewhere")?.content.firstElementChild.cloneNode(true);
  if (!line) return;
  document.getElementById("main").prepend(line);
  line.querySelector("a").href = kept.page;
  line.querySelector("button").addEventListener("click", () => {
    forget(kept.key);
    line.remove();
  });
}

/** Save the forms of this page as they are typed. */
export function savedAsTyped() {
  tellElsewhere();
  const places = [...document.querySelectorAll("form[data-typed]")].filter((form) => form.id);
  if (!places.length || !document.getElementById("typed")) return;
  const chip = new Chip();
  const forms = [];
  const showAll = () => chip.show(forms.map(({ state }) => state));
  const steps = new Steps((form, text) => sayOfForm(form, [text], "news"));
  for (const place of places) {
    const typed = new TypedForm(place, {
      state: showAll,
      stepped: (form, step) => steps.push(form, step),
      put: () => place.dispatchEvent(new CustomEvent("typed:put", { bubbles: true })),
      replaced: (names) => place.dispatchEvent(new CustomEvent("typed:replaced", { bubbles: true, detail: names })),
    });
    forms.push(typed);
    typed.begin();
  }
  if (places.some((form) => form.dataset.steps !== "own")) {
    steps.button = undoButton(() => steps.back());
    steps.words = (field) => sentence(words.since, { field });
    document.addEventListener("keydown", (event) => steps.keyed(event, forms));
    steps.show();
  }
  let isSent = false;
  document.addEventListener("submit", (event) => (isSent = isSent || !event.defaultPrevented));
  addEventListener("pageshow", () => (isSent = false));
  addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") for (const form of forms) form.flush();
  });
  addEventListener("beforeunload", (event) => {
    if (isSent) return;
    for (const form of forms) form.flush();
    if (forms.some(({ holds }) => holds)) event.preventDefault();
  });
}
