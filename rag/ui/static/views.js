// Which view stands beside the source: the conversation, the articles or the pictures.
const views = { ask: () => {}, articles: () => openShelf(), look: () => openLook() };
let view = "ask";
let hasArrived = false; // until then the address names what is still to be shown

acts.view = (button) => {
  showView(button.dataset.view);
  remember(shows);
};

function showView(name) {
  view = name in views && one(`#views [data-view="${name}"]`) ? name : "ask";
  const panes = one("#panes");
  if (!panes) return;
  panes.dataset.view = view;
  markView();
  hidePreview();
  views[view]();
}

function markView() {
  for (const button of all("#views [data-view]")) {
    const isNow = button.dataset.view === view;
    if (isNow === (button.getAttribute("aria-current") === "page")) continue;
    isNow ? button.setAttribute("aria-current", "page") : button.removeAttribute("aria-current");
  }
}

afterDrawing.push(() => {
  if (!hasArrived && "arrived" in (one("#words")?.dataset ?? {})) {
    hasArrived = true;
    showView(new URLSearchParams(location.hash.slice(1)).get("view") ?? "ask");
  }
  markView();
});
