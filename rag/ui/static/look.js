// The view of pictures: drawn when it is first seen, and again when what it shows has changed.
const isDark = () => document.body.classList.contains("dark") || Boolean(one(".dark"));
let looked = ""; // the language and the theme that the pictures were drawn in

function openLook() {
  const now = `${language()} ${isDark()}`;
  if (looked === now) return;
  looked = now;
  const evaluation = one("#look [data-evaluation]")?.dataset.evaluation;
  trigger("look", { dark: isDark(), evaluation });
}

afterDrawing.push(() => {
  if (view !== "look") return;
  openLook();
  const map = one("#plot-map .js-plotly-plot");
  if (!map?.on || map.dataset.heard) return;
  map.dataset.heard = "yes";
  map.on("plotly_click", ({ points: [point] }) => {
    const [id, start, end] = point.customdata ?? [];
    if (!id) return;
    awaited = spanOf({ document: id, start, end });
    openSpan({ document: id, start, end });
  });
});

// Pictures fit their width when the window changes; a pane that opens beside them changes it too.
let lookWidth = 0;
const lookSize = new ResizeObserver(([{ contentRect }]) => {
  if (contentRect.width === 0 || contentRect.width === lookWidth) return;
  lookWidth = contentRect.width;
  requestAnimationFrame(() => window.dispatchEvent(new Event("resize")));
});
let sized = null; // whose width is looked at; Gradio may draw it anew
afterDrawing.push(() => {
  const now = one("#look");
  if (now === sized) return;
  lookSize.disconnect();
  if (now) lookSize.observe(now);
  sized = now;
});
life.signal.addEventListener("abort", () => lookSize.disconnect());

acts.measure = () => one("#look [data-questions]").click();
acts.halt = () => trigger("halt", {});
acts.report = async (button) => {
  const { text, error } = await askServer("evaluation_report", { token: button.dataset.report });
  if (error) say(error);
  if (text) saveFile("evaluation.html", text, "text/html");
};

on(document, "change", async (event) => {
  if (!event.target.matches?.("#look [data-questions]")) return;
  const [file] = event.target.files;
  event.target.value = "";
  if (!file) return;
  const { batch, error } = await askServer("shelf_begin", { reads: "yes" });
  if (error) return say(error);
  const to = `articles/sent/${batch}?name=${encodeURIComponent(file.name)}`;
  await fetch(to, { method: "POST", body: file });
  trigger("evaluate", { batch, dark: isDark() });
});
