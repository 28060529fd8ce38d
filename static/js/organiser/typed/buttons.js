// The buttons of a form that is saved as it is typed.

const of = (form) => [...document.querySelectorAll("button")].filter((button) => button.form === form && button.type === "submit");

/** Those that show only while something is to be done by hand. */
export const byHandOf = (form) => of(form).filter(({ dataset }) => dataset.byHand !== undefined);

/** Whether a button, or none, leads on with what is typed, as one more row does. */
export const leadsOn = (button) => Boolean(button?.name && button.dataset.byHand === undefined);

/** Press again a button that was pressed before the form was put anew. */
export const pressAgain = (form, { name, value }) => form.requestSubmit(of(form).find((button) => button.name === name && button.value === value));
