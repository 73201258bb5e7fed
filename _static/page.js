// A citation or a term shows its reference beside it, on hover, focus or touch. Without this file
// the browser's own tooltip shows the same words.
(() => {
  "use strict";
  const NOTED = 'a[href*="references.html#"], a[href*="glossary.html#term-"]';
  const box = document.createElement("div");
  box.id = "note";
  box.setAttribute("role", "tooltip");
  box.hidden = true;
  let shown = null; // the link whose note is shown

  function hide() {
    shown?.removeAttribute("aria-describedby");
    box.hidden = true;
    shown = null;
  }

  function show(link) {
    if (link === shown) return;
    hide();
    if (link.title) {
      link.dataset.note = link.title;
      link.removeAttribute("title"); // or the browser would show it too
    }
    box.textContent = link.dataset.note;
    box.hidden = false;
    link.setAttribute("aria-describedby", "note");
    const rect = link.getClientRects()[0];
    const room = document.documentElement.clientWidth;
    box.style.left = `${Math.max(8, Math.min(rect.left, room - box.offsetWidth - 8)) + scrollX}px`;
    const below = rect.bottom + box.offsetHeight + 8 < innerHeight;
    box.style.top = `${(below ? rect.bottom + 6 : rect.top - box.offsetHeight - 6) + scrollY}px`;
    shown = link;
  }

  // The link with a note in which something happens.
  function noted({ target }) {
    const link = target.closest?.(NOTED);
    return link && (link.title || link.dataset.note) ? link : null;
  }

  function start() {
    document.body.append(box);
    document.addEventListener("pointerover", (event) => {
      const link = noted(event);
      if (link && event.pointerType === "mouse") show(link);
    });
    document.addEventListener("pointerout", (event) => {
      const link = noted(event);
      if (!link || event.pointerType !== "mouse") return;
      if (event.relatedTarget !== box && !link.contains(event.relatedTarget)) hide();
    });
    document.addEventListener("focusin", (event) => {
      const link = noted(event);
      if (link?.matches(":focus-visible")) show(link);
    });
    document.addEventListener("focusout", (event) => noted(event) && hide());
    document.addEventListener("click", (event) => {
      // The first touch reads the note, the second follows the link.
      const link = noted(event);
      if (link && event.pointerType === "touch" && shown !== link) {
        event.preventDefault();
        show(link);
      }
    });
    box.addEventListener("pointerleave", hide);
    addEventListener("keydown", (event) => event.key === "Escape" && hide());
    addEventListener("scroll", () => shown && !shown.matches(":focus, :hover") && hide(), { passive: true });
    // The theme drops the focus of the button that was pressed: the keyboard would start anew.
    for (const button of document.querySelectorAll(".bd-header-article button, .search-button__button")) {
      button.blur = () => button.matches(":focus-visible") || HTMLElement.prototype.blur.call(button);
    }
    // Code that scrolls can be reached by the keyboard, from when it is laid out: unfolded, or near.
    const wide = new ResizeObserver((entries) => {
      for (const { target } of entries) if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    });
    for (const code of document.querySelectorAll("pre")) wide.observe(code);
    // What is folded belongs on paper too, and paper is light.
    const closed = new Set();
    const page = document.documentElement.dataset;
    let theme;
    addEventListener("beforeprint", () => {
      theme = page.theme;
      page.theme = "light";
      for (const details of document.querySelectorAll(".record details:not([open])")) {
        closed.add(details);
        details.open = true;
      }
    });
    addEventListener("afterprint", () => {
      for (const details of closed) details.open = false;
      closed.clear();
      page.theme = theme;
    });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
