// Copying an answer, and saying what it is worth.
acts.copy = async (button) => {
  const got = askServer("copy_answer", { talk: talkNow(), message: button.dataset.copy });
  try {
    await copyText(got.then(({ text, error }) => text ?? Promise.reject(new Error(error))));
    flash(button, said("copied"));
  } catch (wrong) {
    say(wrong.message);
  }
};

// Safari wants the promise, a page that isn't secure has no clipboard, and then a field does.
async function copyText(text) {
  try {
    const blob = text.then((found) => new Blob([found], { type: "text/plain" }));
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
  } catch {
    const field = document.createElement("textarea");
    field.value = await text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

function flash(button, words) {
  const label = button.getAttribute("aria-label");
  button.classList.add("done");
  button.setAttribute("aria-label", words);
  button.title = words;
  setTimeout(() => {
    button.classList.remove("done");
    button.setAttribute("aria-label", label);
    button.title = label;
  }, 2000);
}

acts.rate = (button) => {
  const box = button.closest(".acts");
  const before = one("[aria-pressed=true]", box);
  const isOn = before !== button;
  for (const thumb of all("[data-rate]", box)) {
    thumb.setAttribute("aria-pressed", String(isOn && thumb === button));
  }
  const form = one(".reason", box);
  const field = one("input", form);
  if (isOn && before) field.value = ""; // it was the other thumb's
  form.hidden = !isOn;
  if (isOn) form.scrollIntoView({ block: "nearest" });
  if (isOn && button.dataset.rate === "down") field.focus({ preventScroll: true });
  rate(box, isOn ? field.value : "");
};

on(document, "submit", (event) => {
  const form = event.target.closest("form.reason");
  if (!form) return;
  event.preventDefault();
  const box = form.closest(".acts");
  rate(box, one("input", form).value);
  form.hidden = true;
  one("[aria-pressed=true]", box)?.focus();
});

const THANKED = 6000; // milliseconds
async function rate(box, reason) {
  const verdict = one("[aria-pressed=true]", box)?.dataset.rate ?? "";
  const { message } = box.dataset;
  if (!(await drawWhat("rate", { ...here(), message, verdict, reason }))) {
    for (const thumb of all("[data-rate]", box)) thumb.setAttribute("aria-pressed", "false");
    one(".reason", box).hidden = true;
    return;
  }
  const thanks = partOf("status").textContent;
  setTimeout(() => partOf("status").textContent === thanks && say(""), THANKED);
}
