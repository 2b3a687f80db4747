"use strict";
// The page's script: sorts the claims, and draws the layer profiles. Without it the page has all
// claims in the report's order and every figure as a picture.

const byId = (id) => document.getElementById(id);

// Claims: rows are sorted inside their family, families by the row that comes first.
function sortClaims(table, select) {
  const original = [...table.tBodies].map((body) => [body, [...body.rows]]);
  const place = { refuted: 0, inconclusive: 1, supported: 2 };
  const keys = {
    verdict: (row) => place[row.dataset.verdict],
    measured: (row) => (row.dataset.measured === "" ? Infinity : Number(row.dataset.measured)),
    statement: (row) => row.cells[0].textContent.trim().toLowerCase(),
  };
  const heads = { statement: 0, measured: 2, verdict: 3 };
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  select.addEventListener("change", () => {
    const key = keys[select.value];
    const bodies = original.map(([body, rows]) => {
      const claims = rows.filter((row) => row.dataset.verdict);
      const sorted = key ? claims.toSorted((a, b) => compare(key(a), key(b))) : claims;
      body.append(...rows.filter((row) => !row.dataset.verdict), ...sorted);
      return [body, sorted[0]];
    });
    if (key) bodies.sort((a, b) => compare(key(a[1]), key(b[1])));
    table.append(...bodies.map(([body]) => body));
    [...table.tHead.rows[0].cells].forEach((cell, index) => {
      if (key && heads[select.value] === index) cell.setAttribute("aria-sort", "ascending");
      else cell.removeAttribute("aria-sort");
    });
  });
}

// Profiles: small multiples of lines over layers, one panel an activation, depth and direction.
const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 260, HEIGHT = 190, LEFT = 38, RIGHT = 8, TOP = 8, BOTTOM = 30;
const LOWEST = -16, HIGHEST = 10; // powers of ten, as in the figures
const DIRECTIONS = { forward: "preactivations", backward: "gradients" };

function element(name, attributes, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

// Two letters a number, in hundredths about 2048; none is 0. See initlab/report/packed.py.
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const FURTHEST = 20.47;

function unpack(text) {
  const values = [];
  for (let place = 0; place < text.length; place += 2) {
    const code = 64 * LETTERS.indexOf(text[place]) + LETTERS.indexOf(text[place + 1]);
    values.push(code ? (code - 2048) / 100 : null);
  }
  return values;
}

function raised(exponent) {
  const digits = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
  return exponent === 0 ? "1" : "10" + [...String(exponent)].map((digit) => digits[digit]).join("");
}

function number(exponent) {
  if (exponent === null) return "no value";
  const bound = Math.abs(exponent) >= FURTHEST ? (exponent < 0 ? "below " : "above ") : "";
  return bound + (10 ** exponent).toPrecision(3).replace("e", " times ten to the ");
}

// A regular polygon or a cross about a point, by matplotlib's letter for it.
function markerPath(kind, x, y) {
  const corners = { o: 12, s: 4, D: 4, d: 4, p: 5, h: 6, "^": 3, v: 3, "<": 3, ">": 3 };
  const turns = { s: 0.125, v: 0.5, "<": 0.75, ">": 0.25 };
  if (kind === "P" || kind === "X") {
    const [a, b] = kind === "P" ? [3, 0] : [2.2, 2.2];
    return `M${x - a} ${y - b}L${x + a} ${y + b}M${x - b} ${y + a}L${x + b} ${y - a}`;
  }
  const count = corners[kind] ?? 8, size = count === 3 ? 3.2 : 2.6;
  const points = Array.from({ length: count }, (_, index) => {
    const angle = 2 * Math.PI * (index / count + (turns[kind] ?? 0));
    const narrow = kind === "d" ? 0.6 : 1;
    return `${(x + narrow * size * Math.sin(angle)).toFixed(1)} ${(y - size * Math.cos(angle)).toFixed(1)}`;
  });
  return `M${points.join("L")}Z`;
}

function linePath(points) {
  let path = "", open = false;
  for (const point of points) {
    if (point) path += `${open ? "L" : "M"}${point[0].toFixed(1)} ${point[1].toFixed(1)}`;
    open = Boolean(point);
  }
  return path;
}

// The band of an interval: along its upper edge and back along its lower one, gap by gap.
function bandPath(upper, lower) {
  let path = "", start = 0;
  for (let end = 0; end <= upper.length; end++) {
    if (end < upper.length && upper[end]) continue;
    if (end - start > 1) {
      const edge = [...upper.slice(start, end), ...lower.slice(start, end).reverse()];
      path += `M${edge.map((point) => point.map((value) => value.toFixed(1)).join(" ")).join("L")}Z`;
    }
    start = end + 1;
  }
  return path;
}

function explore(data) {
  const controls = {};
  for (const name of ["activation", "depth", "step"]) controls[name] = byId(`explore-${name}`);
  const panels = byId("explore-panels"), legend = byId("explore-legend"), shown = byId("explore-shown");
  const distinct = (key) => [...new Set(data.panels.map((panel) => panel[key]))];
  const hidden = new Set();

  for (const name of ["activation", "depth"]) {
    const values = distinct(name);
    const all = values.length > 1 ? [["", "all"]] : [];
    for (const [value, text] of [...values.map((value) => [value, value]), ...all]) {
      controls[name].append(new Option(text, value));
    }
  }
  controls.depth.value = distinct("depth").length > 1 ? "" : distinct("depth")[0];
  controls.step.max = data.steps.length - 1;
  data.looks.forEach((look, index) => {
    const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: true });
    box.addEventListener("change", () => {
      if (box.checked) hidden.delete(index);
      else hidden.add(index);
      redraw();
    });
    const swatch = element("svg", { viewBox: "0 0 34 10", width: 34, height: 10, "aria-hidden": "true" });
    swatch.append(
      element("path", { d: "M1 5L33 5", ...stroke(look) }),
      element("path", { d: markerPath(look.marker, 17, 5), ...mark(look) }),
    );
    const label = document.createElement("label");
    label.append(box, swatch, ` ${look.name}`);
    const item = document.createElement("li");
    item.append(label);
    legend.append(item);
  });

  function stroke(look) {
    const dash = look.dash.map((length) => 1.4 * length).join(" ");
    return { fill: "none", stroke: look.color, "stroke-width": 1.4, "stroke-dasharray": dash || "none" };
  }

  function mark(look) {
    return { fill: look.color, stroke: look.color, "stroke-width": "PX".includes(look.marker) ? 1.3 : 0.4 };
  }

  function chosen() {
    const { activation, depth } = controls;
    return data.panels.filter(
      (panel) =>
        (!activation.value || panel.activation === activation.value) &&
        (!depth.value || String(panel.depth) === depth.value),
    );
  }

  // One scale for all panels of a direction and for all steps, so that what moves is the signal.
  function range(some, direction) {
    let low = Infinity, high = -Infinity;
    for (const panel of some) {
      for (const series of panel.series.filter((one) => !hidden.has(one.look))) {
        for (const seed of series[direction]) {
          for (const line of seed) {
            for (const value of unpack(line)) {
              if (value === null) continue;
              low = Math.min(low, value);
              high = Math.max(high, value);
            }
          }
        }
      }
    }
    if (low > high) return [-1, 1];
    [low, high] = [low, high].map((end) => Math.min(Math.max(end, LOWEST), HIGHEST));
    const room = Math.max(0.5, 0.04 * (high - low));
    return [low - room, high + room];
  }

  function drawPanel(panel, direction, [low, high], step, index) {
    const first = Math.min(...panel.x), last = Math.max(...panel.x);
    const across = (layer) => LEFT + ((WIDTH - LEFT - RIGHT) * (layer - first)) / Math.max(1, last - first);
    const up = (value) => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * (value - low)) / (high - low);
    const axes = element("g", { class: "axes" });
    const apart = [1, 2, 5, 10].find((width) => (high - low) / width <= 6) ?? 10;
    for (let tick = Math.ceil(low / apart) * apart; tick <= high; tick += apart) {
      axes.append(
        element("path", { d: `M${LEFT} ${up(tick)}H${WIDTH - RIGHT}` }),
        element("text", { x: LEFT - 4, y: up(tick) + 3, "text-anchor": "end" }, raised(tick)),
      );
    }
    const ticks = [...new Set([first, Math.round((first + last) / 2), last])];
    for (const tick of ticks) {
      axes.append(element("text", { x: across(tick), y: HEIGHT - BOTTOM + 12, "text-anchor": "middle" }, String(tick)));
    }
    axes.append(
      element("path", { d: `M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}`, class: "edge" }),
      element("text", { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 5, "text-anchor": "middle" }, "layer"),
    );
    const clip = `explore-clip-${index}`;
    const lines = element("g", { "clip-path": `url(#${clip})` });
    const heard = [];
    for (const series of panel.series) {
      if (hidden.has(series.look)) continue;
      const look = data.looks[series.look];
      series[direction].forEach((seed, which) => {
        const values = unpack(seed[step]);
        const at = (shift) =>
          values.map((value, place) => (value === null ? null : [across(panel.x[place]), up(value + shift(place))]));
        const reach = unpack(series[`${direction} reach`][which][step]);
        if (reach.some((part) => part)) {
          const part = (place) => reach[place] ?? 0;
          const band = bandPath(at(part), at((place) => -part(place)));
          lines.append(element("path", { d: band, fill: look.color, "fill-opacity": 0.18 }));
        }
        const points = at(() => 0);
        lines.append(element("path", { d: linePath(points), ...stroke(look), class: "line" }));
        const every = Math.ceil(points.length / 6);
        const marks = points.filter((point, place) => point && place % every === series.look % every);
        lines.append(element("path", { d: marks.map((point) => markerPath(look.marker, ...point)).join(""), ...mark(look) }));
        heard.push(`${look.name} ${number(values[0])} to ${number(values.at(-1))}`);
      });
      if (data.steps[step] === 0) {
        const theory = unpack(series[`${direction} theory`]);
        const points = theory.map((value, place) => (value === null ? null : [across(panel.x[place]), up(value)]));
        if (points.some(Boolean)) lines.append(element("path", { d: linePath(points), class: "theory" }));
      }
    }
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    caption.textContent = `${panel.activation}, depth ${panel.depth}, ${direction}`;
    const said =
      `${caption.textContent}: mean square of ${DIRECTIONS[direction]} at step ${data.steps[step]}, ` +
      `from layer ${first} to layer ${last}. ${heard.join("; ")}.`;
    figure.append(
      caption,
      element(
        "svg",
        { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": said },
        element("clipPath", { id: clip }, element("rect", {
          x: LEFT - 4, y: TOP, width: WIDTH - LEFT - RIGHT + 8, height: HEIGHT - TOP - BOTTOM,
        })),
        axes,
        lines,
      ),
    );
    return figure;
  }

  const scales = {};
  function rescale() {
    const some = chosen();
    for (const direction of Object.keys(DIRECTIONS)) scales[direction] = range(some, direction);
  }

  function draw() {
    const step = Number(controls.step.value);
    controls.step.setAttribute("aria-valuetext", `step ${data.steps[step]}`);
    shown.textContent = `${data.steps[step]} of ${data.steps.at(-1)}`;
    const wanted = chosen().flatMap((panel) => Object.keys(DIRECTIONS).map((direction) => [panel, direction]));
    wanted.sort((a, b) => Object.keys(DIRECTIONS).indexOf(a[1]) - Object.keys(DIRECTIONS).indexOf(b[1]));
    panels.replaceChildren(
      ...wanted.map(([panel, direction], index) => drawPanel(panel, direction, scales[direction], step, index)),
    );
  }

  const redraw = () => {
    rescale();
    draw();
  };
  controls.activation.addEventListener("change", redraw);
  controls.depth.addEventListener("change", redraw);
  controls.step.addEventListener("input", draw);
  redraw();
}

for (const node of document.querySelectorAll("[data-needs-script]")) node.hidden = false;
const sorting = byId("sort-claims");
if (sorting) sortClaims(document.querySelector("table.claims"), sorting);
const profiles = byId("profiles");
if (profiles) explore(JSON.parse(profiles.textContent));
