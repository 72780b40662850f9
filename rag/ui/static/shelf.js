// The view of articles: the table, what is being read, and removing with a way back.
const shelf = { words: "", column: "added", order: "down", start: 0, spoken: "", undo: 0 };
const inShelf = (selector) => one(`#articles ${selector}`);
const shelfSays = (name) => inShelf(".shelf")?.dataset[name] ?? "";

const narrowness = new ResizeObserver(([{ target, contentRect }]) =>
  target.classList.toggle("narrow", contentRect.width < 832),
);
on(life.signal, "abort", () => narrowness.disconnect());

async function openShelf() {
  const spoken = language();
  if (shelf.spoken !== spoken) {
    shelf.spoken = spoken;
    const { html } = await server.shelf_view({ language: spoken });
    draw({ articles: html });
    inShelf("#shelf-search").value = shelf.words;
    narrowness.observe(inShelf(".shelf"));
    prepareToSend();
  }
  await Promise.all([listShelf(), watchRun()]);
}

afterDrawing.push(() => {
  if (view === "articles" && shelf.spoken && shelf.spoken !== language()) openShelf();
});

async function listShelf() {
  const asked = { words: shelf.words, column: shelf.column, order: shelf.order };
  const got = await server.shelf_list({ ...asked, start: String(shelf.start), language: language() });
  if (asked.words !== shelf.words || !inShelf(".listed")) return; // it went on meanwhile
  const focused = document.activeElement?.dataset ?? {};
  if (got.error) return sayInShelf(got.error, true);
  inShelf(".listed").innerHTML = got.html;
  inShelf(".held").textContent = got.held;
  const wasOpen = inShelf(".last details")?.open;
  inShelf(".last").innerHTML = got.last;
  if (wasOpen && inShelf(".last details")) inShelf(".last details").open = true;
  tellTimes();
  const { column, from } = focused;
  if (column) inShelf(`[data-column="${column}"]`)?.focus();
  if (from !== undefined) inShelf(".pager .step:not(:disabled)")?.focus();
}

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

let watching = false;
async function watchRun(first) {
  if (watching) return;
  watching = true;
  const before = inShelf(".run .head")?.dataset.ended;
  let ran = first !== undefined;
  let got = first;
  try {
    for (;;) {
      got ??= await server.shelf_run({ language: language() });
      if (!got.ended) ran = true;
      if (inShelf(".run") && (ran || before === "yes" )) inShelf(".run").innerHTML = got.html;
      if (got.ended) break;
      got = undefined;
      await new Promise((done) => setTimeout(done, 300));
    }
  } catch {
    sayInShelf(shelfSays("lost"), true);
  }
  watching = false;
  if (!ran) return;
  await listShelf();
  articlesChanged();
}

function articlesChanged() {
  looked = "";
  drawWhat("examples", { language: language() });
}

acts.hide = () => {
  inShelf(".run").innerHTML = "";
  inShelf("[data-pick]")?.focus();
};
acts.stopRun = () => server.shelf_cancel({});
acts.reread = async (button) => {
  if (button.dataset.reread) button.disabled = true;
  begun(await server.shelf_reread({ document: button.dataset.reread, language: language() }));
  button.disabled = false;
};

function begun(got) {
  if (got.error) return sayInShelf(got.error, true);
  sayInShelf("");
  watchRun(got);
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
  const got = await server.shelf_discard({ document: id, language: language() });
  if (got.error) {
    button.disabled = false;
    row.classList.remove("going");
    return sayInShelf(got.error, true);
  }
  if (one(`#article .article[data-shows^="${CSS.escape(id)} "]`)) closeSource();
  offerUndo(title, got);
  await listShelf();
  (inShelf(`[data-discard="${nextId}"]`) ?? inShelf("#shelf-search"))?.focus();
  articlesChanged();
};

function offerUndo(title, { removal, undo: words }) {
  sayInShelf(shelfSays("removed").replace("{title}", () => title));
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.textContent = words;
  button.dataset.undo = removal;
  button.dataset.title = title;
  inShelf(".gone").append(" ", button);
  clearTimeout(shelf.undo);
  shelf.undo = setTimeout(() => button.isConnected && sayInShelf(""), 115_000);
}

acts.undo = async (button) => {
  const { title, undo: removal } = button.dataset;
  button.disabled = true;
  const { error } = await server.shelf_undo({ removal, language: language() });
  sayInShelf(error ?? shelfSays("back").replace("{title}", () => title), Boolean(error));
  await listShelf();
  inShelf("#shelf-search")?.focus();
  articlesChanged();
};

function sayInShelf(words, isWrong = false) {
  const line = inShelf(".gone");
  if (!line) return;
  line.textContent = words;
  line.classList.toggle("wrong", isWrong);
}
