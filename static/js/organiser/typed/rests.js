// How long somebody rests before what was typed is sent, in milliseconds.

const EACH = { typed: 1_200, date: 2_500, chosen: 150, left: 100 };
/** What is saved whole, as a version, waits until somebody rests. */
const WHOLE = { typed: 4_000, date: 4_000, chosen: 1_500, left: 2_000 };
const DATES = ["date", "datetime-local", "month"];
const CHOSEN = ["checkbox", "radio", "select-one"];
const FIRST_YEAR = 1000;

export function restsOf(whole) {
  const rest = whole ? WHOLE : EACH;
  return {
    ...rest,
    /** After an event of this type at a field; each digit of a date is a change of it. */
    after: (field, type) => {
      if (DATES.includes(field.type)) return rest.date;
      if (CHOSEN.includes(field.type)) return rest.chosen;
      return type === "change" ? rest.left : rest.typed;
    },
  };
}

/** A year of which the first digits alone were typed. */
const isHalfDate = ({ type, value }) => DATES.includes(type) && value !== "" && Number(value.split("-")[0]) < FIRST_YEAR;

/** Somebody types what only finds a proposal, such as 拼音 of it: it is no text while they choose. */
export const isSearched = (field) => field === document.activeElement && (field.ariaExpanded === "true" || field.ariaBusy === "true");

export const isHalfTyped = (field) => isHalfDate(field) || isSearched(field);
