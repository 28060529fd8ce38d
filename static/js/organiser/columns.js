// The columns of a file: a choice is sent as it is made, N answers the question with no.

for (const form of document.querySelectorAll("form[data-sent-by-choice]")) {
  form.querySelector("button").hidden = true;
  form.querySelector("select").addEventListener("change", () => form.submit());
}

for (const select of document.querySelectorAll("select[data-looks-again]")) {
  const look = select.form.querySelector("[data-look]");
  select.addEventListener("change", () => select.form.requestSubmit(look));
}

const no = document.querySelector("[data-answer=no]");

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("select, input, textarea");
  if (!no || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key.toLowerCase() === "n") no.click();
});
