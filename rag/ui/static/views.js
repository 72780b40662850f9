// Which view stands beside the source: the conversation, the articles or the pictures.
const views = { ask: () => {}, articles: () => openShelf(), look: () => openLook() };
let view = "ask";
let hasArrived = false; // until then the address names what is still to be shown
const places = {}; // how far down each view was read
history.scrollRestoration = "manual"; // the browser's own knows one place for all of them

acts.view = (button) => {
  showView(button.dataset.view);
  remember(shows);
};

// Shows a view where it was left, or from its beginning.
function showView(name) {
  const before = view;
  view = name in views && one(`#views [data-view="${name}"]`) ? name : "ask";
  const panes = one("#panes");
  if (!panes) return;
  if (view !== before) places[before] = scrollY;
  panes.dataset.view = view;
  if (view !== before) returnTo(places[view]);
  markView();
  hidePreview();
  views[view]();
}

function returnTo(place) {
  if (place === undefined && view === "ask") toQuestion();
  else scrollTo(0, place ?? 0);
}

function markView() {
  for (const button of all("#views [data-view]")) {
    const isNow = button.dataset.view === view;
    if (isNow === (button.getAttribute("aria-current") === "page")) continue;
    isNow ? button.setAttribute("aria-current", "page") : button.removeAttribute("aria-current");
  }
}

// The page has come to speak a language: the first one, or another.
let spoken = "";
afterDrawing.push(() => {
  markView();
  const now = one("#words")?.lang ?? "";
  if (now === spoken) return;
  spoken = now;
  drawWhat("examples");
  if (hasArrived) speak();
  else arrive();
});

// Shows what the address names.
async function arrive() {
  const named = new URLSearchParams(location.hash.slice(1));
  const [talk, at] = [named.get("talk") ?? "", named.get("shows") ?? ""];
  hasArrived = false;
  if (talk !== talkNow() || at !== shows) {
    if (talk || at) await drawWhat("show", { talk, shows: at });
    else clear();
  }
  hasArrived = hasPlace = false;
  restoreQuestion();
  showView(named.get("view") ?? "ask");
  hasArrived = true;
  const asksNow = toAsk;
  toAsk = null;
  asksNow?.();
}

// What is typed outlives the page: Gradio loads it anew when its server comes back.
on(document, "input", ({ target }) => {
  if (target === questionBox()) keep("sessionStorage", "question", target.value);
});
function restoreQuestion() {
  const typed = kept("sessionStorage", "question");
  if (typed && !questionBox().value) fill(typed);
}

function speak() {
  drawEditing();
  if (!asking) drawWhat("show", { ...here(), known: "yes" });
}
