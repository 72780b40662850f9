// Runs once for each part of the page that holds buttons: `element` is the part, `trigger` tells
// the server, `watch` calls back after the part was drawn anew.
if (element.closest("#answer")) element.setAttribute("aria-live", "polite");

const span = ({ document: id, start, end }) => `${id} ${start} ${end}`;

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || !element.contains(button)) return;
  const { document: id, start, end, question } = button.dataset;
  if (id !== undefined) {
    window.yinjuOpener = button;
    window.yinjuOpened = true;
    const article = document.querySelector("#article .article");
    if (article?.dataset.shows === span(button.dataset)) show(article);
    else trigger("click", { document: id, start: Number(start), end: Number(end) });
  } else if (question !== undefined) {
    trigger("click", { question });
  } else if ("close" in button.dataset) {
    trigger("click", {});
    window.yinjuOpener?.focus();
  }
});

element.addEventListener("keydown", (event) => {
  const close = element.querySelector("[data-close]");
  if (event.key === "Escape" && close) close.click();
});

watch("value", () => {
  if (!element.closest("#article")) return;
  const article = element.querySelector(".article");
  for (const button of document.querySelectorAll("[data-document]")) {
    button.setAttribute("aria-current", String(span(button.dataset) === article?.dataset.shows));
  }
  if (article) show(article);
  requestAnimationFrame(refit);
});

// The question's field fits its height to its text as one types; an opened article narrows it.
function refit() {
  document.querySelector("#question textarea")?.dispatchEvent(new Event("input"));
}

// Brings the marked sentence into view. Where the article scrolls by itself only the article
// moves: scrollIntoView would move the page with it.
function show(article) {
  const body = article.querySelector(".body");
  const mark = body.querySelector("mark");
  if (getComputedStyle(body).overflowY === "auto") {
    const above = mark ? mark.getBoundingClientRect().top - body.getBoundingClientRect().top : 0;
    body.scrollTop = mark ? body.scrollTop + above - body.clientHeight / 3 : 0;
  } else if (window.yinjuOpened) {
    (mark ?? article).scrollIntoView({ block: mark ? "center" : "start" });
  }
  if (window.yinjuOpened) body.focus({ preventScroll: true });
  window.yinjuOpened = false;
}
