// Files, folders, texts and addresses on their way to the server.
const AT_ONCE = 4; // files that are sent at the same moment
const DRAW_PACE = 100; // milliseconds between two drawings of how far that is
const QUEUE_PACE = 1000; // milliseconds between two tries to be the next that is read
const sending = { now: null }; // what cancels it

const kindsRead = () => (inShelf("[data-files]")?.accept ?? "").split(",");
const isRead = (name) => kindsRead().some((kind) => name.toLowerCase().endsWith(kind));
const isHidden = (path) => path.split("/").some((part) => part.startsWith("."));

acts.pick = (button) => inShelf(`[data-${button.dataset.pick}]`).click();
acts.unfold = (button) => fold(inShelf(`form.${button.dataset.unfold}`).hidden, button);
acts.fold = (button) => {
  const { className } = button.closest("form");
  fold(false, inShelf(`[data-unfold="${className}"]`));
};

function fold(isOpen, button) {
  for (const each of all("#articles [data-unfold]")) {
    const isThis = isOpen && each === button;
    each.setAttribute("aria-expanded", String(isThis));
    inShelf(`form.${each.dataset.unfold}`).hidden = !isThis;
  }
  isOpen ? one("textarea", inShelf(`form.${button.dataset.unfold}`)).focus() : button.focus();
}

function prepareToSend() {
  for (const input of all("#articles input[type=file]")) {
    on(input, "change", () => {
      const files = [...input.files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
      input.value = "";
      send("folder" in input.dataset ? ofFolder(files) : files);
    });
  }
  for (const form of all("#articles form")) on(form, "submit", (event) => submitted(event, form));
}

// What is in a folder without being an article is passed over, as when the server reads one.
const ofFolder = (files) => files.filter(({ path }) => !isHidden(path) && isRead(path));

function submitted(event, form) {
  event.preventDefault();
  const { text, addresses, ...about } = Object.fromEntries(new FormData(form));
  fold(false, inShelf(`[data-unfold="${form.className}"]`));
  form.reset();
  if (addresses !== undefined) send([], addresses);
  else send([pasted(text, about)]);
}

// A text is sent as a file: as it stands where nothing is known of it, else as a row.
function pasted(text, about) {
  const known = Object.fromEntries(Object.entries(about).filter(([, value]) => value.trim()));
  const isPlain = Object.keys(known).length === 0;
  const named = (known.title ?? text.trim().split("\n")[0]).trim().slice(0, 40);
  const name = named.replace(/[\s/\\.]+/g, " ").trim() || "text";
  const body = isPlain ? text : JSON.stringify({ text, ...known });
  return { path: `pasted/${name}.${isPlain ? "txt" : "jsonl"}`, file: new Blob([body]) };
}

async function send(files, addresses = "") {
  if (files.length === 0 && !addresses.trim()) {
    return sayInShelf(shelfSays("nothing").replace("{kinds}", shelfSays("kinds")), true);
  }
  if (sending.now) return sayInShelf(shelfSays("busy"), true);
  sending.now = new AbortController();
  const { signal } = sending.now;
  sayInShelf("");
  const got = await sendBatch(named(files), addresses, signal);
  if (signal.aborted) return;
  sending.now = null;
  if (!got.html) clearRun();
  if (got.html || got.error) begun(got);
  if (got.unsent?.length > 0) {
    sayInShelf(shelfSays("unsent").replace("{names}", () => few(got.unsent)), true);
  }
}

// Files of one name are kept side by side.
function named(files) {
  const taken = new Set();
  return files.map(({ path, file }) => {
    const [, stem, suffix = ""] = /^(.*?)(\.[^./]*)?$/s.exec(path);
    let own = path;
    for (let number = 2; taken.has(own); number += 1) own = `${stem} (${number})${suffix}`;
    taken.add(own);
    return { path: own, file };
  });
}

const few = (paths) => paths.slice(0, 5).join(", ") + (paths.length > 5 ? ", …" : "");

// Sends everything and has it read: what the server says to that, and what could not be sent.
async function sendBatch(files, addresses, signal) {
  const { batch, error } = await reached(() => askServer("shelf_begin"), signal);
  if (error) return { error };
  const { unsent, isForgotten } = await sendAll(files, batch, signal);
  if (isForgotten && !signal.aborted) return sendBatch(files, addresses, signal);
  if (signal.aborted || (unsent.length === files.length && !addresses.trim())) {
    askServer("shelf_cancel", { batch });
    return { unsent };
  }
  return { ...(await haveRead(batch, addresses, signal)), unsent };
}

async function sendAll(files, batch, signal) {
  const waiting = [...files];
  const unsent = [];
  let done = 0;
  let drawn = 0;
  let isForgotten = false; // by a server that was started anew
  const worker = async () => {
    while (waiting.length > 0 && !isForgotten && !signal.aborted) {
      const each = waiting.shift();
      const got = await reached(() => sendFile(each, batch, signal), signal);
      isForgotten ||= got.status === 409;
      if (!got.ok) unsent.push(each.path);
      done += 1;
      if (performance.now() - drawn < DRAW_PACE && waiting.length > 0) continue;
      drawn = performance.now();
      if (!signal.aborted) drawSending(done, files.length);
    }
  };
  drawSending(0, files.length);
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { unsent, isForgotten };
}

async function sendFile({ path, file }, batch, signal) {
  if (!file) return { ok: false };
  const to = `articles/sent/${batch}?name=${encodeURIComponent(path)}`;
  try {
    return await fetch(to, { method: "POST", body: file, signal });
  } catch {
    return { ok: false, lost: await isReadable(file) };
  }
}

// A file that was moved, changed or locked since it was chosen can't be read any more.
async function isReadable(file) {
  const reader = file.stream().getReader();
  try {
    await reader.read();
    reader.cancel();
    return true;
  } catch {
    return false;
  }
}

// Tries again for as long as the server can't be reached.
async function reached(act, signal) {
  for (let wait = PACE; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
    const got = await act();
    if (signal.aborted) return got;
    if (!got.lost) {
      if (wait > PACE) sayInShelf("");
      return got;
    }
    sayInShelf(shelfSays("retrying"), true);
    await pause(wait);
  }
}

// What was sent is read after what is being read already.
async function haveRead(batch, addresses, signal) {
  for (;;) {
    const got = await reached(() => askServer("shelf_add", { batch, addresses }), signal);
    if (got.error !== shelfSays("busy")) return got;
    if (!signal.aborted) drawWaiting(shelfSays("queued"));
    await pause(QUEUE_PACE);
    if (signal.aborted) {
      askServer("shelf_cancel", { batch });
      return {};
    }
  }
}

function drawSending(done, total) {
  if (total === 0) return;
  const numbers = { done: done.toLocaleString(), total: total.toLocaleString() };
  drawWaiting(shelfSays("sending").replace(/{(\w+)}/g, (_, name) => numbers[name]));
  const bar = inShelf(".run progress");
  if (bar) Object.assign(bar, { value: done, max: total });
}

function drawWaiting(words) {
  const place = inShelf(".run");
  if (!place) return;
  if (!one("[data-stop-sending]", place)) {
    place.drawn = "";
    place.innerHTML = '<div class="head"><p class="state busy"></p></div><progress></progress>';
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.dataset.stopSending = "";
    button.textContent = said("cancel");
    one(".head", place).append(button);
    one("progress", place).setAttribute("aria-label", place.getAttribute("aria-label"));
  }
  one(".state", place).textContent = words;
}

acts.stopSending = () => {
  sending.now.abort();
  sending.now = null;
  sayInShelf("");
  clearRun();
};
on(window, "beforeunload", (event) => sending.now && event.preventDefault());

// --- dropping ---

const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
const mayDrop = () => one('#views [data-view="articles"]') && !one("dialog[open]");

// Whatever isn't taken is refused: the browser would open it in the place of the page.
on(document, "dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  if (!mayDrop()) event.dataTransfer.dropEffect = "none";
  else if (view === "articles" && inShelf(".adding")) inShelf(".shelf").classList.add("over");
});
on(document, "dragleave", (event) => {
  if (!event.relatedTarget) inShelf(".shelf")?.classList.remove("over");
});
on(document, "drop", async (event) => {
  inShelf(".shelf")?.classList.remove("over");
  if (!carriesFiles(event)) return;
  event.preventDefault();
  if (!mayDrop()) return;
  const plain = [...event.dataTransfer.files].map((file) => ({ path: file.name, file }));
  const entries = [...event.dataTransfer.items]
    .map((item) => item.webkitGetAsEntry?.())
    .filter(Boolean);
  const found = entries.length > 0 ? (await Promise.all(entries.map(filesOf))).flat() : plain;
  if (view !== "articles") acts.view(one('#views [data-view="articles"]'));
  dropped = found;
  sendDropped();
});

// What was dropped waits until the view that tells of it is there.
let dropped = null;
function sendDropped() {
  if (!dropped || !inShelf(".adding")) return;
  const files = dropped;
  dropped = null;
  send(files);
}
afterDrawing.push(sendDropped);

// The files of what was dropped; null where the browser can't get at one.
async function filesOf(entry) {
  if (entry.isFile) return [await fileOf(entry, entry.name)];
  const found = [];
  const folders = [entry];
  while (folders.length > 0) {
    const folder = folders.pop();
    for (const each of await entriesOf(folder)) {
      if (each.isDirectory) folders.push(each);
      else found.push({ path: each.fullPath.replace(/^\//, ""), entry: each });
    }
  }
  return Promise.all(ofFolder(found).map(({ path, entry: each }) => fileOf(each, path)));
}

async function entriesOf(folder) {
  const reader = folder.createReader();
  const entries = [];
  for (;;) {
    const some = await new Promise((done) => reader.readEntries(done, () => done([])));
    if (some.length === 0) return entries; // a reader gives its entries by the hundred
    entries.push(...some);
  }
}

const fileOf = (entry, path) =>
  new Promise((done) => {
    entry.file(
      (file) => done({ path, file }),
      () => done({ path, file: null }),
    );
  });
