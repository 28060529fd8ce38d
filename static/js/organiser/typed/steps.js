// Saved steps of this page, taken back one by one: by the button, or by Ctrl+Z where the field
// that has the caret has nothing of its own to take back. A step goes back by the same way as any
// change; what somebody else set since is left alone, and told.

const MOST = 100;

export class Steps {
  #steps = [];
  #left = true;
  button = null;
  words = () => "";

  constructor(say) {
    this.say = say;
    document.addEventListener("focusout", () => (this.#left = true));
  }

  push(form, step) {
    if (form.form.dataset.steps === "own") return;
    const last = this.#steps.at(-1);
    const keys = Object.keys(step);
    // Who rests while typing in one field made one step of it.
    const goesOn = !this.#left && last?.form === form && keys.length === 1 && Object.keys(last.step).join() === keys[0];
    if (goesOn && form.fields.get(keys[0])?.hasFocus) last.step[keys[0]].now = step[keys[0]].now;
    else this.#steps.push({ form, step });
    this.#steps.splice(0, this.#steps.length - MOST);
    this.#left = false;
    this.show();
  }

  show() {
    if (this.button) this.button.disabled = !this.#steps.length;
  }

  back() {
    const last = this.#steps.pop();
    if (!last) return;
    this.#left = true;
    const values = {};
    for (const [key, { was, now }] of Object.entries(last.step)) {
      const field = last.form.fields.get(key);
      if (!field) continue;
      if (last.form.saved.get(key) === now) values[key] = was;
      else this.say(last.form.form, this.words(field.label));
    }
    if (Object.keys(values).length) last.form.take(values);
    this.show();
  }

  keyed(event, forms) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "z") return;
    const here = document.activeElement;
    const isText = here?.matches?.("textarea, input:not([type=checkbox], [type=radio])");
    const form = forms.find(({ fields }) => [...fields.values()].some((field) => field.hasFocus));
    // Of another field, a search or a reason, the browser takes back what was typed.
    if (isText && !form) return;
    const field = form && [...form.fields.values()].find((candidate) => candidate.hasFocus);
    if (isText && form.dirty.includes(field.key)) return;
    if (!this.#steps.length) return;
    event.preventDefault();
    this.back();
  }
}
