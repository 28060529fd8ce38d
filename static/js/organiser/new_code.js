// The number that is proposed for a new competition bears the year in which it begins.

const [code, starts] = ["code", "starts"].map((name) => document.querySelector(`form [name=${name}]`));
let proposed = code?.defaultValue;

starts?.addEventListener("change", () => {
  const year = starts.value.slice(0, 4);
  if (!year || code.value !== proposed) return;
  proposed = proposed.replace(/-\d{4}$/, `-${year}`);
  code.value = proposed;
});
