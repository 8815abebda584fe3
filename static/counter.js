// Counts the characters of a long text. The form works as well without it.
for (const field of document.querySelectorAll(".doorstep textarea[data-count]")) {
  const told = document.createElement("span");
  const numbers = new Intl.NumberFormat(field.dataset.language);
  const count = () => {
    told.textContent = field.dataset.count.replace("#", numbers.format(field.value.length));
  };
  told.className = "ds-count";
  field.after(told);
  field.addEventListener("input", count);
  count();
}
