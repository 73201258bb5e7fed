// The reader's choice of light or dark, set before the page is painted. The mark of a mode also tells
// the style sheet that scripts run.
(() => {
  "use strict";
  const chosen = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {} // a browser may forbid storage
  };
  const page = document.documentElement.dataset;
  page.mode = chosen("mode") || "auto";
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  page.theme = page.mode !== "auto" ? page.mode : dark ? "dark" : "light";
})();
