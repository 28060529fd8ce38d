// A file that is too large is refused where it was chosen, before any of it is sent.
// The server refuses it too; this only saves the wait.

for (const input of document.querySelectorAll("input[type=file][data-most-bytes]")) {
  const place = document.getElementById(input.dataset.problem ?? "workbook-problem");

  const check = () => {
    const large = [...input.files].some((file) => file.size > Number(input.dataset.mostBytes));
    const sentence = large ? input.dataset.tooLarge : "";
    input.setAttribute("aria-invalid", String(large));
    place.querySelector("span").textContent = sentence;
    place.hidden = !large;
    return !large;
  };

  input.addEventListener("change", check);
  input.form.addEventListener("submit", (event) => {
    if (check()) return;
    event.preventDefault();
    input.focus();
  });
  // The browser may have kept the file over a reload.
  check();
}
