// What the browser keeps for the page, in its localStorage or sessionStorage. One that is to keep
// nothing throws as soon as a storage is named: then nothing is found, and nothing is kept.
function kept(storage, name) {
  try {
    return window[storage].getItem(`yinju-${name}`);
  } catch {
    return null;
  }
}

function keep(storage, name, text) {
  try {
    window[storage].setItem(`yinju-${name}`, text);
  } catch {
    // The page works without memory.
  }
}
