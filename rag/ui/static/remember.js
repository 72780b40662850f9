(page) => {
  localStorage.setItem("yinju-language", page);
  document.documentElement.lang = page;
  return [page];
}
