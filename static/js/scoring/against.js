// What was worked out against what was published.

/** Where two results differ, a few places: {path, who: whose row it stands in, or null}. */
export function differences(own, published, most = 3) {
  const places = [];
  look(own, published, "", null, places, most);
  return places;
}

const isObject = (value) => typeof value === "object" && value !== null;

function look(own, other, path, who, places, most) {
  if (places.length >= most || own === other) return;
  if (!isObject(own) || !isObject(other) || Array.isArray(own) !== Array.isArray(other)) {
    places.push({ path, who });
    return;
  }
  const owner = other.member ?? other.entrant ?? other.team ?? other.unit ?? who;
  for (const name of new Set([...Object.keys(own), ...Object.keys(other)])) {
    const place = Array.isArray(other) ? `${path}[${name}]` : `${path}.${name}`;
    look(own[name], other[name], place.replace(/^\./, ""), owner, places, most);
  }
}
