// The article beside the conversation; on a narrow window a drawer over it.
let opener = null; // the button that the reader opened it with
let awaited = null; // the span that the reader has asked for; it takes the focus once it is there
let shows = "";
let wanted = null; // what it is to show, until that is drawn

const spanOf = ({ document: id, start, end, turn }) =>
  [id, start, end, turn].filter((part) => part !== undefined).join(" ");

acts.document = (button) => {
  const isStep = "step" in button.dataset;
  if (!isStep) opener = button;
  if (!isStep || one("#source").contains(document.activeElement)) awaited = spanOf(button.dataset);
  hidePreview();
  const article = one("#article .article");
  if (article?.dataset.shows !== spanOf(button.dataset)) return openSpan(button.dataset);
  showSource(article, true);
  remember(shows); // the drawer of a phone has opened
};

function openSpan(span) {
  wanted = span ? spanOf(span) : "";
  drawWhat("open_span", here());
}
acts.close = closeSource;

afterDrawing.push(() => {
  const article = one("#article .article, #article .message");
  const now = article?.dataset.shows ?? "";
  for (const button of all("[data-document]")) {
    const isOpen = now !== "" && spanOf(button.dataset) === now && !("step" in button.dataset);
    if (isOpen !== (button.getAttribute("aria-current") === "true")) {
      isOpen ? button.setAttribute("aria-current", "true") : button.removeAttribute("aria-current");
    }
  }
  const isThere = awaited !== null && (now === awaited || article?.matches(".message"));
  if (article && (now !== shows || isThere)) showSource(article, isThere);
  if (!article && isReading()) setDrawer(false);
  if (now !== shows) refit();
  shows = now;
  remember(now);
});

// The question's field fits its height to its text as one types; an opened article narrows it.
function refit() {
  questionBox()?.dispatchEvent(new Event("input"));
}

// The address names the conversation and the open article, so that a reload finds them again.
function remember(now) {
  if (!hasArrived) return;
  const talk = talkNow();
  const parts = [
    view === "ask" ? "" : `view=${view}`,
    talk ? `talk=${talk}` : "",
    now ? `shows=${encodeURIComponent(now)}` : "",
  ].filter(Boolean);
  const hash = parts.length > 0 ? `#${parts.join("&")}` : "";
  const address = hash || location.pathname + location.search;
  const place = `${view} ${talk}`;
  const isNew = hasPlace && (place !== lastPlace || (isReading() && !wasReading));
  if (isNew) history.pushState(null, "", address);
  else if (location.hash !== hash) history.replaceState(null, "", address);
  [hasPlace, lastPlace, wasReading] = [true, place, isReading()];
}
let [hasPlace, lastPlace, wasReading] = [false, "", false];

// Back goes to the view or conversation before, and closes the drawer of a phone.
on(window, "popstate", () => {
  leave();
  setDrawer(false);
  arrive();
});

// Brings the marked sentence into view: only the article moves, not the page with it.
function showSource(article, takesFocus) {
  if (takesFocus && isNarrow()) setDrawer(true);
  const body = one(".body", article);
  const mark = body && one("mark:not(.other)", body);
  if (mark) {
    const above = mark.getBoundingClientRect().top - body.getBoundingClientRect().top;
    body.scrollTop += above - body.clientHeight / 3;
  } else if (body) body.scrollTop = 0;
  if (!takesFocus) return;
  awaited = null;
  (body ?? article).focus({ preventScroll: true });
}

// An article that is drawn anew, as in another language, stays at the place where it is read.
function placeInArticle() {
  const article = one("#article .article");
  return article && { span: article.dataset.shows, top: one(".body", article).scrollTop };
}

function stayAt(place) {
  const article = one("#article .article");
  if (place && article?.dataset.shows === place.span) one(".body", article).scrollTop = place.top;
}

const isReading = () => one("#panes")?.classList.contains("reading");

function setDrawer(isOpen) {
  one("#panes")?.classList.toggle("reading", isOpen);
  document.documentElement.style.overflow = isOpen ? "hidden" : "";
  for (const part of all("#top, #talk, #shelf, #look")) part.inert = isOpen;
}
on(matchMedia("(max-width: 60rem)"), "change", () => setDrawer(false));

function closeSource() {
  if (!one("#article .article, #article .message")) return;
  const hadFocus = isReading() || one("#source").contains(document.activeElement);
  awaited = null;
  setDrawer(false);
  draw({ article: "" });
  openSpan(null);
  if (hadFocus) (opener?.isConnected ? opener : questionBox()).focus();
}
on(document, "click", (event) => {
  if (isReading() && event.target.id === "source") closeSource();
});

// To the citation before or after the open one; to the last answer's first where none is open.
function step(where) {
  const button = one(`#article .step.${where}`);
  if (button) button.click();
  else if (!one("#article .article")) one("#answer [data-document]")?.click();
}
