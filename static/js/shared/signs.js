// How much is in a field, as the server counts: signs, not halves of them, and without what is
// white at the ends.

export const signsIn = (field) => [...field.value.trim()].length;
