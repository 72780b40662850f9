// The language model's settings. The key goes to the server and never comes back.
does.settings = async () => {
  const { html } = await server.settings_panel({ language: language() });
  const dialog = openDialog("settings", html);
  on(one("form", dialog), "submit", async (event) => {
    event.preventDefault();
    const got = await server.change_model(entered(dialog));
    if (got.error) tell(dialog, got);
    else dialog.close();
  });
};

does.try = async (button) => {
  const dialog = button.closest("dialog");
  tell(dialog, { said: said("trying") });
  button.disabled = true;
  try {
    tell(dialog, await server.try_model(entered(dialog)));
  } catch {
    tell(dialog, { error: said("failed") });
  }
  button.disabled = false;
};

function entered(dialog) {
  return { ...Object.fromEntries(new FormData(one("form", dialog))), language: language() };
}

function tell(dialog, { said: words, error }) {
  const line = one(".said", dialog);
  line.textContent = error ?? words ?? "";
  line.classList.toggle("wrong", Boolean(error));
}
