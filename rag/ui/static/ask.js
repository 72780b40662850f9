// Asking: the answer comes in lines, each with the parts of the page that change.
const WORD_AFTER = 150; // milliseconds in which an answer needs no word that it is looked for
let asking = null; // the question under way
let toAsk = null; // what asks the question that came before the page was ready for it
let editing = null; // the number of the answer whose question is being changed

const partOf = (name) => one(`#${name} [data-place]`);
const questionBox = () => one("#question textarea");
const talkNow = () => one("#now .asked")?.dataset.talk ?? "";
const here = () => ({ talk: talkNow(), shows: wanted ?? shows });

function draw({ piece, ...changes }) {
  const place = "article" in changes ? placeInArticle() : null; // it makes the browser lay out
  for (const [name, html] of Object.entries(changes)) partOf(name).innerHTML = html;
  if ("article" in changes) {
    wanted = null;
    stayAt(place);
  }
  if (piece) one("#now .draft .text")?.append(piece); // as text, whatever a model writes
}

function say(words) {
  draw({ status: words ? "<p></p>" : "" });
  if (words) one("p", partOf("status")).textContent = words;
}

// What the server says changes; nothing where something else was wished for meanwhile. Whether the
// server could be reached.
const SHOWING = ["show", "open_span", "settled"]; // the last one of these has the article
const wishes = {};
const wished = (wish) => (wishes[wish] = (wishes[wish] ?? 0) + 1);
async function drawWhat(wish, asked) {
  const number = wished(wish);
  const article = SHOWING.includes(wish) && wished("article");
  const { lost, error, ...changes } = await askServer(wish, asked);
  if (lost) say(error);
  else if (wishes[wish] === number) {
    if (partOf("status").textContent === said("lost")) say("");
    if (wishes.article !== article) delete changes.article;
    draw(changes);
  }
  return !lost;
}

function clear() {
  for (const wish of SHOWING) wished(wish);
  draw({ past: "", now: "", answer: "", article: "", status: "" });
}

// What is typed; or another question, or the one of an answer that is wanted anew.
async function ask(other) {
  if (asking && !asking.isAnswered) return;
  if (!hasArrived) {
    toAsk = () => ask(other);
    return;
  }
  if (!other && isTooLong(questionBox().value)) return;
  for (const wish of SHOWING) wished(wish); // none of these may draw over the answer
  wanted = null;
  const typed = { question: questionBox().value, at: editing ?? undefined };
  const spokenThen = language();
  const controller = new AbortController();
  const name = crypto.getRandomValues(new Uint32Array(4)).join("-");
  asking = { controller, name };
  const mine = asking;
  const wait = setTimeout(() => {
    say(said("looking"));
    one("#talk").classList.add("asking");
  }, WORD_AFTER);
  const body = JSON.stringify({
    ...(other ?? typed),
    name,
    talk: talkNow(),
    count: String(all("#talk section.answer").length),
    language: spokenThen,
    answer_language: one("#answer-language input:checked")?.value ?? "auto",
  });
  let steps = 0;
  try {
    const headers = { "Content-Type": "application/json" };
    const got = await fetch("asked", { method: "POST", headers, body, signal: controller.signal });
    if (!got.ok) throw new Error(String(got.status));
    for await (const changes of linesOf(got.body)) {
      stopWaiting(wait);
      if (asking !== mine) return;
      if (steps === 0 && "now" in changes && !other) taken(typed);
      steps += 1;
      draw(changes);
      mine.isAnswered = "answer" in changes && !one("#now .writing");
    }
  } catch {
    if (asking === mine) brokenOff();
  }
  stopWaiting(wait);
  if (asking !== mine) return;
  asking = null;
  keepFocus();
  if (language() !== spokenThen) speak();
  else if (steps > 1 && shows) drawWhat("settled", here());
}

// Says so where a question is longer than the server takes; it stays in its field.
function isTooLong(question) {
  const { longest } = one("#words").dataset;
  const { length } = [...question.trim()]; // characters as the server counts them
  if (length <= Number(longest)) return false;
  const spoken = (number) => Number(number).toLocaleString(language());
  const numbers = { most: spoken(longest), found: spoken(length) };
  say(said("tooLong").replace(/{(\w+)}/g, (_, name) => numbers[name]));
  return true;
}

function stopWaiting(wait) {
  clearTimeout(wait);
  one("#talk").classList.remove("asking");
}

// A button that was drawn anew has lost the focus; on a phone the field would bring its keyboard.
function keepFocus() {
  const isLost = document.activeElement === document.body;
  if (isLost && matchMedia("(hover: hover)").matches) questionBox().focus();
}

// The question stands above its answer now; what is typed since then stays.
function taken({ question }) {
  if (questionBox().value === question) return edit(null);
  editing = null;
  drawEditing();
}

async function* linesOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) yield JSON.parse(line);
  }
}

function brokenOff() {
  one("#now .writing")?.remove();
  say(said("lostQuestion"));
}

// The model is to write no more: the quoted answer stands.
function stop() {
  if (asking) drawWhat("stop", { name: asking.name });
}

// The reader goes elsewhere: nothing more of the answer is wanted here.
function leave() {
  asking?.controller.abort();
  asking = toAsk = null;
}

// An earlier question comes back to be changed; null puts it away again.
function edit(turn) {
  editing = turn;
  fill(turn === null ? "" : one(`.asked[data-turn="${turn}"] h2`).textContent);
  drawEditing();
}

function fill(text) {
  questionBox().value = text;
  questionBox().dispatchEvent(new Event("input", { bubbles: true }));
}

function drawEditing() {
  draw({ editing: editing === null ? "" : "<p class='editing'></p>" });
  if (editing === null) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.dataset.cancel = "";
  button.textContent = said("cancel");
  one("p", partOf("editing")).append(said("editing"), " ", button);
}
