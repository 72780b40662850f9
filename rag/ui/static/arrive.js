() => {
  // The language chosen before, or else the first of the browser's that the page speaks.
  const known = ["en", "zh-Hans", "zh-Hant"];
  const saved = yinju.kept("localStorage", "language");
  const speaks = (tag) => {
    const low = tag.toLowerCase();
    if (low.startsWith("en")) return "en";
    if (!low.startsWith("zh")) return null;
    return /hant|tw|hk|mo/.test(low) ? "zh-Hant" : "zh-Hans";
  };
  const first = navigator.languages.map(speaks).find(Boolean);
  const language = known.includes(saved) ? saved : (first ?? "en");
  document.documentElement.lang = language;
  return [language];
}
