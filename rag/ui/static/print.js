// On paper nothing can be unfolded, so an answer's sources are, and its ground is always light.
let unfolded = [];
let wasDark = false;
on(window, "beforeprint", () => {
  unfolded = all("#talk details.more:not([open])");
  for (const each of unfolded) each.open = true;
  wasDark = document.body.classList.contains("dark");
  document.body.classList.remove("dark");
});
on(window, "afterprint", () => {
  for (const each of unfolded) each.open = false;
  document.body.classList.toggle("dark", wasDark);
});
