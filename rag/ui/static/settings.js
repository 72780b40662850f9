// The language model's settings. The key goes to the server and never comes back.
does.settings = async () => {
  const { html, error } = await askServer("settings_panel");
  if (error) return say(error);
  const dialog = openDialog("settings", html);
  on(one("form", dialog), "submit", async (event) => {
    event.preventDefault();
    const got = await askServer("change_model", entered(dialog));
    if (got.error) tell(dialog, got);
    else dialog.close();
  });
};

does.try = async (button) => {
  const dialog = button.closest("dialog");
  tell(dialog, { said: said("trying") });
  button.disabled = true;
  tell(dialog, await askServer("try_model", entered(dialog)));
  button.disabled = false;
};

function entered(dialog) {
  return Object.fromEntries(new FormData(one("form", dialog)));
}

function tell(dialog, { said: words, error }) {
  const line = one(".said", dialog);
  line.textContent = error ?? words ?? "";
  line.classList.toggle("wrong", Boolean(error));
}
