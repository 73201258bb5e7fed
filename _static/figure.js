// A figure becomes interactive when it comes near the view: one local Vega bundle for all of them,
// one small script a figure. Without this file every figure stays the static chart it was.
(() => {
  "use strict";
  const own = document.currentScript;
  const charts = new Map(); // name → { element, content, layouts drawn }
  let vega; // promise of vega-embed

  const load = (src) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = src;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`cannot load ${src}`));
      document.head.append(script);
    });

  // Each figure's script calls this with its data and its two layouts.
  window.relationsFigure = (name, content) => {
    charts.get(name).content = content;
  };

  async function draw(chart) {
    const { element, content } = chart;
    const layout = element.querySelector(".narrow").offsetWidth ? "narrow" : "wide";
    if (chart.drawn.has(layout)) return;
    chart.drawn.add(layout);
    const holder = element.querySelector(`.${layout}`);
    const still = holder.querySelector("svg");
    const spec = { ...structuredClone(content[layout]), datasets: structuredClone(content.datasets) };
    const stage = document.createElement("div");
    const controls = document.createElement("div");
    await window.relationsEmbed(stage, spec, {
      actions: false,
      ast: true,
      bind: controls,
      defaultStyle: false,
      renderer: "svg",
      tooltip: { theme: "relations", disableDefaultStyle: true },
    });
    const live = stage.querySelector("svg");
    live.setAttribute("aria-hidden", "true");
    live.setAttribute("focusable", "false");
    still.replaceWith(stage);
    element.parentElement.querySelector(".evidence-controls")?.replaceChildren(...controls.childNodes);
    element.dataset.live = layout;
  }

  async function wake(element) {
    const name = element.dataset.figure;
    if (charts.has(name)) return;
    const chart = { element, drawn: new Set() };
    charts.set(name, chart);
    try {
      vega ??= load(new URL("vega.js", own.src).href);
      await Promise.all([vega, load(element.dataset.src)]);
      await draw(chart);
      // A turned phone or a resized window may need the other layout.
      new ResizeObserver(() => draw(chart)).observe(element);
    } catch (error) {
      element.dataset.live = "failed"; // the static chart stays
      console.error(error);
    }
  }

  const start = () => {
    const seen = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          if (!entry.isIntersecting) continue;
          seen.unobserve(entry.target);
          wake(entry.target);
        }
      },
      { rootMargin: "200px" },
    );
    for (const element of document.querySelectorAll(".evidence-chart")) seen.observe(element);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
