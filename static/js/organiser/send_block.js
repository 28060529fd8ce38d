// A pasted block, sent to be read: the answer says what goes where.

/** Send a body of a block by the form's own token to the address that the form names. */
export function sendBlock(form, body) {
  const token = form.querySelector("[name=csrf_token]")?.value ?? "";
  return fetch(form.dataset.blocksUrl, {
    method: "POST", body: JSON.stringify(body), credentials: "same-origin", redirect: "error",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": token },
  }).then(async (answer) => ({ status: answer.status, data: await answer.json() })).catch(() => ({ status: 0 }));
}
