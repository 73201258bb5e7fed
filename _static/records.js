// Search and filters for lists of records. Without this file the lists are complete and in order.
(() => {
  "use strict";
  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  function serve(form) {
    const search = form.querySelector("input[type=search]");
    const selects = [...form.querySelectorAll("select")];
    const output = form.querySelector("output");
    const lists = [...document.querySelectorAll(`.records[data-records="${form.dataset.records}"]`)];
    const items = lists.flatMap((list) => [...list.children]).map((element) => ({
      element,
      facets: JSON.parse(element.dataset.facets),
    }));
    let waiting = 0;

    function matches(item, words) {
      if (selects.some((s) => s.value && !item.facets[s.dataset.facet]?.includes(s.value))) return false;
      if (!words.length) return true;
      item.text ??= folded(item.element.textContent);
      return words.every((word) => item.text.includes(word));
    }

    function apply() {
      waiting = 0;
      const words = folded(search.value).split(/\s+/).filter(Boolean);
      let count = 0;
      for (const item of items) {
        const shown = matches(item, words);
        item.element.hidden = !shown;
        count += shown;
      }
      for (const list of lists) {
        // A list under a heading of its own leaves with it.
        const section = list.closest("section");
        const alone = section && section.querySelector("h2") && !section.contains(form);
        (alone ? section : list).hidden = [...list.children].every((element) => element.hidden);
      }
      const noun = count === 1 ? form.dataset.one : form.dataset.many;
      output.textContent =
        count === items.length ? `${count} ${noun}` : `${count} of ${items.length} ${form.dataset.many}`;
      const query = new URLSearchParams();
      if (search.value) query.set("find", search.value);
      for (const s of selects) if (s.value) query.set(s.dataset.facet, s.value);
      const address = query.size ? `?${query}${location.hash}` : location.pathname + location.hash;
      // A browser may refuse to rewrite the address of a file.
      try {
        history.replaceState(null, "", address);
      } catch {}
    }

    const soon = () => {
      waiting ||= requestAnimationFrame(apply);
    };

    // A link to a record shows it, whatever is filtered out.
    function arrive() {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!target?.classList.contains("record")) return;
      if (target.hidden) {
        form.reset();
        apply();
      }
      target.scrollIntoView();
    }

    const query = new URLSearchParams(location.search);
    search.value = query.get("find") ?? "";
    for (const s of selects) s.value = query.get(s.dataset.facet) ?? "";
    for (const s of selects) if (s.selectedIndex < 0) s.value = "";
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", soon);
    form.addEventListener("reset", () => setTimeout(soon));
    window.addEventListener("hashchange", arrive);
    form.hidden = false;
    if (query.size) apply();
    arrive();
  }

  function unfold() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const details = target?.querySelector(":scope > details");
    if (details) details.open = true;
  }

  function start() {
    for (const form of document.querySelectorAll(".records-form")) serve(form);
    window.addEventListener("hashchange", unfold);
    unfold();
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
