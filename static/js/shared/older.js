// What browsers since Chrome 80 may lack of what the scripts call, added where it is missing.
// Nothing imports it: it stands before every page's script (compete/web/assets/packs.py).

function add(owner, name, method) {
  if (!owner || name in owner.prototype) return;
  Object.defineProperty(owner.prototype, name, { value: method, configurable: true, writable: true });
}

function at(place) {
  const whole = Math.trunc(place) || 0;
  return this[whole < 0 ? this.length + whole : whole];
}

for (const owner of [Array, String, Object.getPrototypeOf(Uint8Array)]) add(owner, "at", at);

add(String, "replaceAll", function replaceAll(sought, put) {
  if (sought instanceof RegExp) return this.replace(sought, put);
  const literal = String(sought).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return this.replace(new RegExp(literal, "g"), put);
});

for (const owner of [globalThis.Element, globalThis.Document, globalThis.DocumentFragment]) {
  add(owner, "replaceChildren", function replaceChildren(...children) {
    while (this.lastChild) this.lastChild.remove();
    this.append(...children);
  });
}

if (!Object.hasOwn) Object.hasOwn = (owner, name) => Object.prototype.hasOwnProperty.call(owner, name);

if (!Map.groupBy) {
  Map.groupBy = (rows, keyOf) => {
    const groups = new Map();
    for (const row of rows) {
      const key = keyOf(row);
      groups.set(key, [...(groups.get(key) ?? []), row]);
    }
    return groups;
  };
}
