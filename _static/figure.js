// A figure becomes interactive when it comes near the view: one local Vega bundle for all of them,
// one small script a figure. Without this file every figure stays the static chart it was.
(() => {
  "use strict";
  const own = document.currentScript;
  const charts = new Map(); // name → { element, alternative text, content, layouts drawn }
  const SLICE = 6; // ms of work after which the browser gets a turn
  let library; // promise of Vega
  let worker; // Vega once more, beside the page
  let last = Promise.resolve(); // charts are drawn one after the other
  let drawing; // the view in hand
  let pause; // when the work on it gives way

  const load = (src) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = src;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`cannot load ${src}`));
      document.head.append(script);
    });

  const records = (csv) => {
    const [names, ...rows] = csv.trim().split("\n").map((line) => line.split(","));
    return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));
  };

  // Each figure's script calls this with its data and its two layouts.
  window.relationsFigure = (name, content) => {
    const { datasets } = content;
    for (const [key, rows] of Object.entries(datasets)) {
      if (typeof rows === "string") datasets[key] = records(rows);
    }
    charts.get(name).content = content;
  };

  const turn = () =>
    globalThis.scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));

  const inTurn = (work) => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };

  // Vega computes all of a chart at one go, unless a step of it promises its result for later. Only
  // a view that is not yet in the page may be held up so: nobody can ask it for anything meanwhile.
  function divide({ prototype }) {
    const run = prototype.run;
    prototype.run = function (pulse) {
      const result = run.call(this, pulse);
      if (pulse.dataflow !== drawing || performance.now() < pause) return result;
      if (result.then || result.async) return result;
      return turn().then(() => {
        pause = performance.now() + SLICE;
        return result;
      });
    };
  }

  // What a tooltip says, with the source of the figure where the mark names none of its own.
  const credited = (said, source) =>
    said?.constructor !== Object || Object.keys(said).some((label) => /^Sources?$/.test(label))
      ? said
      : { ...said, Source: source };

  // A specification is parsed beside the page where the browser allows it: not in a file.
  async function parse(spec) {
    const parsed = await (worker &&
      new Promise((resolve) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = () => resolve();
        worker.postMessage(spec);
      }));
    return parsed ?? window.relationsVega.parse(spec, {}, { ast: true });
  }

  async function loadLibrary() {
    const src = new URL("vega.js", own.src).href;
    await load(src);
    await turn();
    if (location.protocol !== "file:") {
      worker = new Worker(src); // from the browser's cache
      worker.onerror = () => (worker = undefined);
    }
    divide(window.relationsVega.Operator);
    divide(window.relationsVega.Transform);
  }

  async function draw(chart) {
    const { element, content } = chart;
    const vega = window.relationsVega;
    const layout = element.querySelector(".narrow").offsetWidth ? "narrow" : "wide";
    if (chart.drawn.has(layout)) return;
    chart.drawn.add(layout);
    const holder = element.querySelector(`.${layout}`);
    const still = holder.querySelector("svg");
    const spec = structuredClone(content[layout]);
    for (const data of spec.data) {
      if (data.name in content.datasets) data.values = structuredClone(content.datasets[data.name]);
    }
    const stage = document.createElement("div");
    const controls = document.createElement("div");
    controls.className = layout;
    const runtime = await parse(spec);
    await turn();
    const view = new vega.View(runtime, { expr: vega.expressionInterpreter, renderer: "svg" });
    const tooltip = new vega.Tooltip({ theme: "relations", disableDefaultStyle: true });
    view.tooltip((handler, event, item, said) =>
      tooltip.call(handler, event, item, credited(said, content.source)),
    );
    [drawing, pause] = [view, 0];
    await view.runAsync(); // all but the image
    drawing = undefined;
    await turn();
    await view.initialize(stage, controls).runAsync();
    await turn();
    const live = stage.querySelector("svg");
    live.setAttribute("aria-hidden", "true");
    live.setAttribute("focusable", "false");
    still.replaceWith(stage);
    if (controls.hasChildNodes()) offer(chart, controls);
    element.dataset.live = layout;
  }

  // Choices stand before the chart; what they come to is said, and named in the chart's text.
  function offer({ element, text }, controls) {
    const room = element.parentElement.querySelector(".evidence-controls");
    element.setAttribute("aria-label", text);
    controls.addEventListener("change", () => {
      const chosen = [...controls.querySelectorAll("label")].map((label) => {
        const choice = label.control.selectedOptions?.[0].text ?? label.control.value;
        return `${label.querySelector(".vega-bind-name").textContent.trim()} ${choice}`;
      });
      room.querySelector("[role=status]").textContent = `The chart now shows: ${chosen.join(", ")}.`;
      element.setAttribute("aria-label", `Now shown: ${chosen.join(", ")}. At first: ${text}`);
    });
    room.append(controls);
  }

  async function wake(element) {
    const name = element.dataset.figure;
    if (charts.has(name)) return;
    const chart = { element, text: element.getAttribute("aria-label"), drawn: new Set() };
    charts.set(name, chart);
    try {
      library ??= loadLibrary();
      await Promise.all([library, load(element.dataset.src)]);
      await inTurn(() => draw(chart));
      // A turned phone or a resized window may need the other layout.
      new ResizeObserver(() => inTurn(() => draw(chart))).observe(element);
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
