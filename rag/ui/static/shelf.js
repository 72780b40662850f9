// The view of articles: the table, what is being read, and removing with a way back.
const shelf = { words: "", column: "added", order: "down", start: 0, spoken: "" };
const inShelf = (selector) => one(`#articles ${selector}`);
const shelfSays = (name) => inShelf(".shelf")?.dataset[name] ?? "";
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

const narrowness = new ResizeObserver(([{ target, contentRect }]) =>
  target.classList.toggle("narrow", contentRect.width < 832),
);
life.signal.addEventListener("abort", () => narrowness.disconnect());

async function openShelf() {
  const spoken = language();
  if (shelf.spoken !== spoken) {
    const { html } = await askServer("shelf_view");
    if (!html) return openShelfLater();
    shelf.spoken = spoken;
    draw({ articles: html });
    inShelf("#shelf-search").value = shelf.words;
    narrowness.observe(inShelf(".shelf"));
    prepareToSend();
  }
  await Promise.all([listShelf(), watchRun()]);
}

async function openShelfLater() {
  draw({ articles: '<section class="shelf"><p class="notice" role="alert"></p></section>' });
  inShelf(".notice").textContent = said("lost");
  await pause(LONGEST_WAIT / 4);
  if (view === "articles") openShelf();
}

afterDrawing.push(() => {
  if (view === "articles" && shelf.spoken && shelf.spoken !== language()) openShelf();
});

async function listShelf() {
  const wanted = { words: shelf.words, column: shelf.column, order: shelf.order };
  const got = await askServer("shelf_list", { ...wanted, start: String(shelf.start) });
  if (wanted.words !== shelf.words || !inShelf(".listed")) return; // it went on meanwhile
  if (got.error) return sayInShelf(got.error, true);
  redraw(inShelf(".listed"), got.html, ".pager .step:not(:disabled)");
  inShelf(".held").textContent = got.held;
  for (const name of ["last", "removed"]) redrawFolded(inShelf(`.${name}`), got[name]);
  tellTimes();
}

// What is unfolded stays so.
function redrawFolded(place, html) {
  const wasOpen = one("details", place)?.open;
  if (redraw(place, html, "summary") && wasOpen) one("details", place)?.setAttribute("open", "");
}

// Draws what has changed: a button that has the focus keeps it, or it goes to what is named.
function redraw(place, html, otherwise) {
  if (place.drawn === html) return false;
  const focused = place.contains(document.activeElement) && document.activeElement;
  place.innerHTML = place.drawn = html;
  if (!focused) return true;
  const same = all("button", place).find((button) => nameOf(button) === nameOf(focused));
  (same ?? one(otherwise, place))?.focus({ preventScroll: true });
  return true;
}

const nameOf = ({ dataset: { order, ...own } }) => JSON.stringify(own);

function tellTimes() {
  const days = new Intl.DateTimeFormat(language(), { dateStyle: "medium" });
  const minutes = new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short" });
  for (const time of all("#articles time[data-when]")) {
    const when = new Date(time.dataset.when);
    time.dateTime = time.dataset.when;
    time.textContent = (time.closest("td") ? days : minutes).format(when);
    time.title = minutes.format(when);
  }
}

let shelfWait = 0;
on(document, "input", (event) => {
  if (event.target.id !== "shelf-search") return;
  clearTimeout(shelfWait);
  shelfWait = setTimeout(() => {
    shelf.words = event.target.value;
    shelf.start = 0;
    listShelf();
  }, 120);
});

acts.column = (button) => {
  shelf.column = button.dataset.column;
  shelf.order = button.dataset.order;
  shelf.start = 0;
  listShelf();
};
acts.from = (button) => {
  shelf.start = Number(button.dataset.from);
  listShelf();
};

// --- a run ---

const PACE = 300; // milliseconds between two looks at a run,
const LONGEST_WAIT = 8000; // and at most, while the server can't be reached
const run = { isWatched: false, begun: 0, isSeen: false };

// Looks at the run under way until it has ended, also across a time without the server.
async function watchRun() {
  if (run.isWatched) return;
  run.isWatched = true;
  let wait = PACE;
  for (;;) {
    const { begun } = run;
    const got = await askServer("shelf_run");
    if (got.lost) {
      sayInShelf(shelfSays("retrying"), true);
      wait = Math.min(2 * wait, LONGEST_WAIT);
    } else {
      if (wait > PACE) cameBack(got);
      wait = PACE;
      run.isSeen ||= !got.ended;
      if (run.isSeen || inShelf(".run .head")) drawRun(got.html);
      if (got.ended && begun === run.begun) break;
    }
    await pause(wait);
  }
  run.isWatched = false;
  if (!run.isSeen) return;
  run.isSeen = false;
  await articlesChanged();
}

// A server that was started anew knows nothing of the run that it was ended in.
function cameBack({ html }) {
  const isGone = run.isSeen && !html;
  sayInShelf(isGone ? shelfSays("restarted") : "", isGone);
  if (!run.isSeen) listShelf();
}

function drawRun(html) {
  const place = inShelf(".run");
  if (!place || sending.now) return;
  const scrolled = one("ul", place)?.scrollTop ?? 0;
  if (redraw(place, html, "button") && scrolled) one("ul", place)?.scrollTo(0, scrolled);
}

function clearRun() {
  const place = inShelf(".run");
  if (!place) return;
  const hadFocus = place.contains(document.activeElement);
  place.innerHTML = place.drawn = "";
  if (hadFocus) inShelf("[data-pick]")?.focus();
}

// The table may be late: the index stays as it is for as long as somebody reads in it, and finding
// new examples takes its time. So it is drawn at once, and again after them.
async function articlesChanged(beforeExamples = () => {}) {
  looked = "";
  await listShelf();
  beforeExamples();
  await drawWhat("examples");
  await listShelf();
}

acts.hide = clearRun;
acts.stopRun = async () => {
  const { error } = await askServer("shelf_cancel");
  if (error) sayInShelf(error, true);
};
acts.reread = async (button) => {
  if (button.dataset.reread) button.disabled = true;
  begun(await askServer("shelf_reread", { document: button.dataset.reread }));
  button.disabled = false;
};

function begun(got) {
  if (got.error) return sayInShelf(got.error, true);
  sayInShelf("");
  run.begun += 1;
  run.isSeen = true;
  drawRun(got.html);
  watchRun();
}

// --- removing ---

acts.discard = async (button) => {
  const row = button.closest("tr");
  const { title } = row.dataset;
  const id = button.dataset.discard;
  const next = row.nextElementSibling ?? row.previousElementSibling;
  const nextId = next && one("[data-discard]", next)?.dataset.discard;
  button.disabled = true;
  row.classList.add("going");
  const got = await askServer("shelf_discard", { document: id });
  if (got.error) {
    button.disabled = false;
    row.classList.remove("going");
    return sayInShelf(got.error, true);
  }
  if (one(`#article .article[data-shows^="${CSS.escape(id)} "]`)) closeSource();
  sayInShelf(shelfSays("removed").replace("{title}", () => title));
  inShelf(".gone").classList.add("sr"); // the list of what was removed shows it
  await articlesChanged(() =>
    (inShelf(`[data-discard="${nextId}"]`) ?? inShelf("#shelf-search"))?.focus(),
  );
};

acts.undo = async (button) => {
  const { title, undo: removal } = button.dataset;
  button.disabled = true;
  const { error } = await askServer("shelf_undo", { removal });
  sayInShelf(error ?? shelfSays("back").replace("{title}", () => title), Boolean(error));
  button.disabled = false;
  await articlesChanged(() => inShelf("#shelf-search")?.focus());
};

function sayInShelf(words, isWrong = false) {
  const line = inShelf(".gone");
  if (!line) return;
  line.textContent = words;
  line.classList.toggle("wrong", isWrong);
  line.classList.remove("sr");
}
