// A chip's source, or what was found out about a sentence, beside it while it is pointed at.
const preview = document.createElement("div");
preview.id = "preview";
preview.role = "tooltip";
preview.hidden = true;
element.append(preview);

for (const kind of ["mouseover", "focusin"]) on(document, kind, (event) => peek(event.target));
for (const kind of ["mouseout", "focusout"]) {
  on(document, kind, (event) => event.target.closest?.(".chip, .badge") && hidePreview());
}
on(document, "scroll", () => {
  const button = one("[aria-describedby=preview]");
  if (button && !preview.hidden) place(button);
});

function peek(target) {
  const button = target.closest?.(".chip, .badge");
  if (!button) return;
  const shown = button.matches(".badge") ? whyOf(button) : sourceOf(button);
  if (shown.length === 0) return;
  preview.replaceChildren(...shown);
  if (!preview.isConnected) element.append(preview);
  preview.hidden = false;
  button.setAttribute("aria-describedby", "preview");
  place(button);
}

function sourceOf(chip) {
  if (chip.closest(".sources")) return []; // it stands beside it
  const entry = one(`li[data-number="${chip.dataset.number}"]`, chip.closest(".answer"));
  const parts = entry ? all(".title, .meta:not(.also), blockquote, .state", entry) : [];
  return parts.map((part) => {
    const copy = document.createElement(part.matches("blockquote") ? "blockquote" : "p");
    copy.className = part.className;
    copy.lang = part.lang;
    copy.textContent = part.textContent;
    return copy;
  });
}

function whyOf(badge) {
  const marks = all(".mark", badge);
  return all(".why", badge).map((why, at) => {
    const line = document.createElement("p");
    line.className = "why";
    if (marks[at]) line.append(marks[at].cloneNode());
    line.append(why.textContent);
    return line;
  });
}

// Below the button, or above it where there is more room, and never over the window's edge.
function place(button) {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = preview;
  const left = Math.min(at.left, document.documentElement.clientWidth - width - 12);
  const below = at.bottom + 6 + height <= innerHeight || at.top < height + 12;
  preview.style.left = `${Math.max(12, left)}px`;
  preview.style.top = `${below ? at.bottom + 6 : at.top - height - 6}px`;
}

function hidePreview() {
  const wasShown = !preview.hidden;
  preview.hidden = true;
  one("[aria-describedby=preview]")?.removeAttribute("aria-describedby");
  return wasShown;
}
