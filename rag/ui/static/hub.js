// Runs once: what the page's buttons and keys do. `server` asks the server, `trigger` tells Gradio.
window.yinju?.life.abort(); // an earlier hub, where the page was built anew
const life = new AbortController();
window.yinju = { life, ask, stop, kept, keep };
const on = (target, kind, act) => target.addEventListener(kind, act, { signal: life.signal });

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const said = (name) => one("#words")?.dataset[name] ?? "";
const language = () => document.documentElement.lang || "en";
const isNarrow = () => matchMedia("(max-width: 60rem)").matches;
const isTyping = (element) => element.matches("input, textarea, select, [contenteditable]");

// Asks the server; `lost` where it can't be reached, which Gradio tells by an error or by nothing.
async function askServer(what, values = {}) {
  let got;
  try {
    got = await server[what]({ language: language(), ...values });
  } catch {
    got = undefined;
  }
  return got ?? { error: said("lost"), lost: true };
}

// What a button does, by the name that it carries: data-cancel, data-does="settings", ...
const acts = {
  question: (button) => ask({ question: button.dataset.question }),
  again: (button) => ask({ at: button.dataset.again }),
  edit: (button) => {
    if (editing === null) typedBefore = questionBox().value;
    change(button.dataset.edit);
  },
  cancel: putAway,
};

on(document, "click", (event) => {
  const button = event.target.closest?.("button");
  const name = button && Object.keys(acts).find((each) => each in button.dataset);
  if (name) acts[name](button);
});

// What was typed before an earlier question was to be changed comes back instead of it.
let typedBefore = "";
function putAway() {
  change(null);
  fill(typedBefore);
}

function change(turn) {
  edit(turn);
  questionBox().focus();
}

// Whatever was drawn anew, these look at it once the browser is about to show it.
const afterDrawing = [];
let isDue = false;
const observer = new MutationObserver(() => {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    for (const look of afterDrawing) look();
  });
});
observer.observe(document.body, { childList: true, subtree: true });
life.signal.addEventListener("abort", () => observer.disconnect());

// A new question comes to the top, so that its answer is read from its beginning.
function toQuestion() {
  if (one("#past .exchange")) one("#now").scrollIntoView({ block: "start" });
  else scrollTo(0, 0);
}

let asked = "";
afterDrawing.push(() => {
  const head = one("#now .asked");
  const now = head ? `${head.dataset.turn} ${one("h2", head).textContent}` : "";
  if (now === asked) return;
  asked = now;
  if (view === "ask") toQuestion();
  else delete places.ask;
});

// Nobody is read half an answer: it is announced once it stands.
afterDrawing.push(() => {
  const answer = one("#answer");
  if (!answer) return;
  answer.setAttribute("aria-live", "polite");
  answer.setAttribute("aria-busy", String(Boolean(one("#now .writing"))));
});

on(document, "keydown", (event) => {
  if (event.defaultPrevented || one("dialog[open]")) return;
  if (event.key === "Escape") escape();
  if (isForNew(event)) {
    event.preventDefault();
    does.fresh();
  }
  if (event.altKey || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
  if (event.key === "]" || event.key === "n") step("next");
  else if (event.key === "[" || event.key === "p") step("previous");
  else if (event.key === "/") {
    event.preventDefault();
    one(view === "articles" ? "#shelf-search" : "#question textarea")?.focus();
  }
});

// By the key's place: on a Mac it types another letter together with Alt.
const isForNew = ({ altKey, ctrlKey, metaKey, shiftKey, code }) =>
  code === "KeyN" && altKey && !ctrlKey && !metaKey && !shiftKey;

// What was opened last ends first: a preview, the source that is being read, the writing.
function escape() {
  if (hidePreview()) return;
  const inSource = one("#source")?.contains(document.activeElement);
  if (editing !== null && !inSource) putAway();
  else if (one("#now .writing") && !inSource) one("#stop").click();
  else closeSource();
}
