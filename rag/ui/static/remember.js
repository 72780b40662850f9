(page) => {
  yinju.keep("localStorage", "language", page);
  document.documentElement.lang = page;
  return [page];
}
