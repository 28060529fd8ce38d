// Files that are too large together are refused where they were chosen, before any of them is sent.
// The server refuses them too; this only saves the wait.

for (const input of document.querySelectorAll("input[type=file][data-most-bytes]")) {
  const place = document.getElementById(input.dataset.problem ?? "workbook-problem");

  const check = () => {
    const bytes = [...input.files].reduce((sum, file) => sum + file.size, 0);
    const large = bytes > Number(input.dataset.mostBytes);
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
