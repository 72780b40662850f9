// Files, folders, texts and addresses on their way to the server.
const AT_ONCE = 4; // files that are sent at the same moment
const sending = { batch: "", stopped: false };

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
  if (sending.batch) return sayInShelf(shelfSays("busy"), true);
  const spoken = language();
  const { batch, error } = await server.shelf_begin({ language: spoken });
  if (error) return sayInShelf(error, true);
  sayInShelf("");
  Object.assign(sending, { batch, stopped: false });
  try {
    await sendAll(files, batch);
    if (sending.stopped) await server.shelf_cancel({ batch, language: spoken });
    else begun(await server.shelf_add({ batch, addresses, language: spoken }));
  } catch {
    sayInShelf(shelfSays("lost"), true);
  }
  sending.batch = "";
}

async function sendAll(files, batch) {
  const waiting = [...files];
  let done = 0;
  const worker = async () => {
    while (waiting.length > 0 && !sending.stopped) {
      const { path, file } = waiting.shift();
      const to = `articles/sent/${batch}?name=${encodeURIComponent(path)}`;
      const got = await fetch(to, { method: "POST", body: file });
      if (!got.ok) throw new Error(String(got.status));
      done += 1;
      drawSending(done, files.length);
    }
  };
  drawSending(0, files.length);
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

function drawSending(done, total) {
  const place = inShelf(".run");
  if (!place || total === 0) return;
  if (!one("[data-stop-sending]", place)) {
    place.innerHTML = '<div class="head"><p class="state busy"></p></div><progress></progress>';
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.dataset.stopSending = "";
    button.textContent = said("cancel");
    one(".head", place).append(button);
    one("progress", place).setAttribute("aria-label", place.getAttribute("aria-label"));
  }
  const numbers = { done: done.toLocaleString(), total: total.toLocaleString() };
  const words = shelfSays("sending").replace(/{(\w+)}/g, (_, name) => numbers[name]);
  one(".state", place).textContent = words;
  Object.assign(one("progress", place), { value: done, max: total });
}
acts.stopSending = () => {
  sending.stopped = true;
  inShelf(".run").innerHTML = "";
};

// --- dropping ---

const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
const mayDrop = (event) => view === "articles" && inShelf(".adding") && carriesFiles(event);

on(document, "dragover", (event) => {
  if (!mayDrop(event)) return;
  event.preventDefault();
  inShelf(".shelf").classList.add("over");
});
on(document, "dragleave", (event) => {
  if (!event.relatedTarget) inShelf(".shelf")?.classList.remove("over");
});
on(document, "drop", async (event) => {
  inShelf(".shelf")?.classList.remove("over");
  if (!mayDrop(event)) return;
  event.preventDefault();
  const plain = [...event.dataTransfer.files].map((file) => ({ path: file.name, file }));
  const entries = [...event.dataTransfer.items]
    .map((item) => item.webkitGetAsEntry?.())
    .filter(Boolean);
  if (entries.length === 0) return send(plain);
  send((await Promise.all(entries.map(filesOf))).flat());
});

async function filesOf(entry) {
  if (entry.isFile) return [{ path: entry.name, file: await asFile(entry) }];
  const files = [];
  const folders = [entry];
  while (folders.length > 0) {
    const reader = folders.pop().createReader();
    for (;;) {
      const some = await new Promise((done, fail) => reader.readEntries(done, fail));
      if (some.length === 0) break; // a reader gives its entries by the hundred
      for (const each of some) {
        const path = each.fullPath.replace(/^\//, "");
        if (each.isDirectory) folders.push(each);
        else files.push({ path, entry: each });
      }
    }
  }
  const read = ofFolder(files);
  return Promise.all(read.map(async ({ path, entry: each }) => ({ path, file: await asFile(each) })));
}

const asFile = (entry) => new Promise((done, fail) => entry.file(done, fail));
