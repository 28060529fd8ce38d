// Alt with a digit goes to the link of that number, in every browser: with an access key alone
// some of them want other keys beside it, or change the tab.

export function altDigits() {
  document.addEventListener("keydown", (event) => {
    const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
    if (!digit || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = document.querySelector(`a[accesskey="${digit}"]`);
    if (!link) return;
    event.preventDefault();
    link.click();
  });
}
