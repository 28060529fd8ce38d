// Fields of a form that is saved as it is typed, each under a key that outlives the place of its
// row: `stages{A}.modules{B}.weight`. A row that has no code yet is called by its place among
// such rows, `aspects{+0}`.

const NOT_TYPED = ["hidden", "file", "submit", "button", "image", "reset", "password"];
const TICKED = ["checkbox", "radio"];
const POINTS = /\.(part|carry\.from)$/;

const USUAL = { ".factor": "1", ".panel.size": "1", ".panel.drop_high": "0", ".panel.drop_low": "0" };

/** What a text field has in a row that nobody wrote in. */
export const usualText = (name) => Object.entries(USUAL).find(([end]) => name.endsWith(end))?.[1] ?? "";

/** Whether a field points at a row by its number. */
export const isPoint = (name) => POINTS.test(name);

export const isTyped = (input) => input.name && !NOT_TYPED.includes(input.type) && !("notTyped" in input.dataset) && !input.matches(":disabled");

class Field {
  constructor(form, key, first) {
    this.form = form;
    this.key = key;
    this.all = [first];
  }

  get first() { return this.all[0]; }

  /** What stands in it in a row that nobody wrote in: of a choice the first. */
  get usual() {
    if (this.first.tagName !== "SELECT") return usualText(this.first.name);
    // A page that shows more than is stored has marked what somebody chose.
    const marked = this.form.dataset.unsaved === undefined ? this.first.querySelector("option[selected]") : null;
    return this.meant((marked ?? this.first.options[0])?.value ?? "");
  }

  get isText() { return this.first.tagName !== "SELECT" && !TICKED.includes(this.first.type); }

  get isTicked() { return this.first.type === "checkbox"; }

  /** What stands in it: of a box or a choice, what is ticked, else "". */
  get value() {
    if (TICKED.includes(this.first.type)) return this.all.find((input) => input.checked)?.value ?? "";
    return this.meant(this.first.value);
  }

  set value(value) {
    if (TICKED.includes(this.first.type)) for (const input of this.all) input.checked = input.value === value;
    else if (this.first.tagName === "SELECT" && POINTS.test(this.first.name)) {
      const option = [...this.first.options].find((choice) => this.meant(choice.value) === value);
      if (option) this.first.value = option.value;
    } else this.first.value = value;
  }

  /** A field that points at a row by its number is compared by the row's code. */
  meant(value) {
    const points = value && POINTS.exec(this.first.name);
    if (!points) return value;
    const list = points[1] === "part" ? `${this.first.name.split(".")[0]}.parts` : "stages";
    const code = this.form.elements.namedItem(`${list}[${value}].was`)?.value;
    return code ? `{${code}}` : value;
  }

  /** What of it goes into a request that says `value`. */
  entries(value) {
    if (this.isTicked) return value ? [[this.first.name, this.first.value]] : [];
    if (this.first.type === "radio") return value ? [[this.first.name, value]] : [];
    if (value === this.value) return [[this.first.name, this.first.value]];
    const option = this.first.tagName === "SELECT" && [...this.first.options].find((choice) => this.meant(choice.value) === value);
    return [[this.first.name, option ? option.value : value]];
  }

  /** A value as people read it. */
  textOf(value, words) {
    if (this.isTicked) return value ? words.ticked : words.unticked;
    if (this.first.type === "radio") return this.all.find((input) => input.value === value)?.labels?.[0]?.textContent.trim() ?? words.empty;
    if (!value) return words.empty;
    if (this.first.tagName === "SELECT") return [...this.first.options].find((choice) => this.meant(choice.value) === value)?.text ?? value;
    return ["date", "datetime-local"].includes(this.first.type) ? value.replace("T", " ") : value;
  }

  get label() {
    const own = this.first;
    const text = this.isTicked || own.type !== "radio" ? own.labels?.[0]?.firstChild?.textContent : "";
    return (own.getAttribute("aria-label") || text?.trim() || own.closest("fieldset")?.querySelector("legend")?.firstChild?.textContent || "").trim();
  }

  /** After which element something is said of it. */
  get place() {
    if (TICKED.includes(this.first.type)) return this.all.at(-1).closest("label") ?? this.all.at(-1);
    return this.first;
  }

  get hasFocus() { return this.all.includes(document.activeElement); }
}

/** Names a field, or a list, by the codes of the rows it is in. */
export function nameToKey(form) {
  const codes = new Map();
  const among = new Map();
  for (const input of form.elements) {
    if (input.type !== "hidden" || !input.name.endsWith("].was")) continue;
    const row = input.name.slice(0, -".was".length);
    const list = row.slice(0, row.lastIndexOf("["));
    if (input.value) codes.set(row, input.value);
    else {
      codes.set(row, `+${among.get(list) ?? 0}`);
      among.set(list, (among.get(list) ?? 0) + 1);
    }
  }
  return (name) => name.replace(/[a-z_]+\[\d+\](?=\.)/g, (row, at) => {
    const code = codes.get(name.slice(0, at + row.length));
    return code === undefined ? row : row.replace(/\[\d+\]/, `{${code}}`);
  });
}

/** The fields of a form by their keys. */
export function fieldsOf(form) {
  const name = nameToKey(form);
  const fields = new Map();
  for (const input of form.elements) {
    if (!isTyped(input) || !form.contains(input)) continue;
    const called = name(input.name);
    if (input.type === "radio" && fields.has(called)) {
      fields.get(called).all.push(input);
      continue;
    }
    const start = input.type === "checkbox" ? `${called}=${input.value}` : called;
    let key = start;
    for (let turn = 2; fields.has(key); turn += 1) key = `${start}#${turn}`;
    fields.set(key, new Field(form, key, input));
  }
  return fields;
}

export const valuesOf = (fields) => new Map([...fields].map(([key, field]) => [key, field.value]));

/** The row that a key is of, as `stages{A}.modules{+0}`, or "". */
export const rowOf = (key) => key.slice(0, key.lastIndexOf("}") + 1);
