// The drawer of conversations, made when it is opened and gone when it is closed.
const does = {
  history: openHistory,
  fresh: () => visit(""),
};
acts.does = (button) => does[button.dataset.does]?.(button);
acts.dismiss = (button) => button.closest("dialog").close();
acts.open = (button) => visit(button.dataset.open);

function visit(talk) {
  one("dialog[open]")?.close();
  leave();
  edit(null);
  showView("ask");
  if (talk) drawWhat("show", { talk });
  else clear();
  questionBox().focus();
}

// A dialog over the page. The browser keeps the focus in it, and gives it back afterwards.
function openDialog(id, html) {
  const dialog = document.createElement("dialog");
  dialog.id = id;
  dialog.setAttribute("aria-labelledby", `${id}-title`);
  dialog.innerHTML = html;
  element.append(dialog);
  on(dialog, "close", () => dialog.remove());
  on(dialog, "click", (event) => event.target === dialog && dialog.close());
  dialog.showModal();
  return dialog;
}

async function openHistory() {
  const { html, error } = await askServer("history_panel");
  if (error) return say(error);
  const dialog = openDialog("history", html);
  const search = one("input[type=search]", dialog);
  let wait = 0;
  on(search, "input", () => {
    clearTimeout(wait);
    wait = setTimeout(listAgain, 120);
  });
  drawnList();
  search.focus();
}

async function listAgain() {
  const words = one("#history-search")?.value ?? "";
  const { html, ...wrong } = await askServer("history_list", { words });
  const search = one("#history-search");
  if (!search || search.value !== words) return; // it went on meanwhile
  if (complain(wrong)) return;
  one("#history .listed").innerHTML = html;
  drawnList();
}

function drawnList() {
  const talk = talkNow();
  one(`#history [data-open="${talk}"]`)?.setAttribute("aria-current", "true");
  for (const time of all("#history time")) tellTime(time);
}

// Today's conversations have their time and the others their day, by the reader's own clock.
function tellTime(time) {
  const when = new Date(time.dateTime);
  const isToday = when.toDateString() === new Date().toDateString();
  const spoken = language() === "en" ? "en-GB" : language(); // the day before the month
  const told = (parts) => new Intl.DateTimeFormat(spoken, parts).format(when);
  time.textContent = told(isToday ? { timeStyle: "short" } : { dateStyle: "long" });
  time.title = told({ dateStyle: "long", timeStyle: "short" });
}

acts.act = (button) => {
  const row = button.closest("li");
  const kind = button.dataset.act;
  if (kind === "rename") rename(row);
  else if (kind === "remove") askToRemove(row);
  else save(row.dataset.talk, kind);
};

function complain({ error }) {
  const line = one("#history .wrong");
  if (line) line.textContent = error ?? "";
  else if (error) say(error); // the drawer was closed meanwhile
  return Boolean(error);
}

async function save(talk, kind) {
  const file = await askServer("export_talk", { talk, kind });
  if (complain(file)) return;
  saveFile(file.name, file.text);
}

function saveFile(name, text, type = "text/plain") {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function rename(row) {
  const name = one(".name", row);
  const field = document.createElement("input");
  field.type = "text";
  field.value = name.textContent;
  field.maxLength = 200;
  field.className = "new-name";
  field.setAttribute("aria-label", said("renameTo"));
  row.append(field);
  row.classList.add("renaming");
  field.select();
  on(field, "keydown", (event) => {
    if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
    event.preventDefault(); // Escape would close the drawer
    if (event.key === "Escape") field.value = name.textContent;
    row.classList.remove("renaming");
    one(".open", row).focus();
  });
  on(field, "blur", () => {
    row.classList.remove("renaming");
    field.remove();
    keepName(row, name, field.value.trim());
  });
}

// The list is not drawn anew: a click that ends the writing would lose what it is about to hit.
async function keepName(row, name, title) {
  const before = name.textContent;
  if (!title || title === before) return;
  name.textContent = title;
  const wrong = await askServer("rename_talk", { talk: row.dataset.talk, title });
  if (wrong.error) name.textContent = before;
  complain(wrong);
}

function askToRemove(row) {
  const dialog = openDialog("sure", "<h2 id='sure-title'></h2><p></p><div class='row'></div>");
  one("h2", dialog).textContent = said("removeSure");
  one("p", dialog).textContent = said("removeWhat").replace(
    "{title}",
    () => one(".name", row).textContent,
  );
  const choices = [
    ["plain", said("cancel"), () => dialog.close()],
    ["danger", said("remove"), () => remove(row, dialog)],
  ];
  for (const [kind, words, act] of choices) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = kind;
    button.textContent = words;
    on(button, "click", act);
    one(".row", dialog).append(button);
  }
  one("button", dialog).focus();
}

async function remove(row, dialog) {
  const { talk } = row.dataset;
  const isCurrent = talkNow() === talk;
  const wrong = await askServer("remove_talk", { talk });
  dialog.close();
  if (complain(wrong)) return;
  if (isCurrent) visit("");
  else await listAgain();
  one("#history-search")?.focus();
}
