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

// A regular polygon, a star or a plus about a point, by matplotlib's letter for it.
function markerPath(kind, x, y) {
  const corners = { o: 12, s: 4, D: 4, d: 4, p: 5, h: 6, "*": 10, "^": 3, v: 3, "<": 3, ">": 3 };
  const turns = { s: 0.125, v: 0.5, "<": 0.75, ">": 0.25 };
  if (kind === "P") return `M${x - 3} ${y}L${x + 3} ${y}M${x} ${y + 3}L${x} ${y - 3}`;
  const count = corners[kind] ?? 8, large = count === 3 || kind === "*" ? 3.2 : 2.6;
  const points = Array.from({ length: count }, (_, index) => {
    const angle = 2 * Math.PI * (index / count + (turns[kind] ?? 0));
    const narrow = kind === "d" ? 0.6 : 1, size = kind === "*" && index % 2 ? 0.45 * large : large;
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

function stroke(look) {
  const dash = look.dash.map((length) => 1.4 * length).join(" ");
  return { fill: "none", stroke: look.color, "stroke-width": 1.4, "stroke-dasharray": dash || "none" };
}

function mark(look) {
  return { fill: look.color, stroke: look.color, "stroke-width": look.marker === "P" ? 1.3 : 0.4 };
}

// Where a layer and a power of ten lie in a panel.
function frame(panel, [low, high]) {
  const first = Math.min(...panel.x), last = Math.max(...panel.x);
  const across = (layer) => LEFT + ((WIDTH - LEFT - RIGHT) * (layer - first)) / Math.max(1, last - first);
  const up = (value) => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * (value - low)) / (high - low);
  const points = (values) =>
    values.map((value, place) => (value === null ? null : [across(panel.x[place]), up(value)]));
  return { first, last, low, high, across, up, points };
}

function drawAxes({ first, last, low, high, across, up }) {
  const axes = element("g", { class: "axes" });
  const apart = [1, 2, 5, 10].find((width) => (high - low) / width <= 6) ?? 10;
  for (let tick = Math.ceil(low / apart) * apart; tick <= high; tick += apart) {
    axes.append(
      element("path", { d: `M${LEFT} ${up(tick)}H${WIDTH - RIGHT}` }),
      element("text", { x: LEFT - 4, y: up(tick) + 3, "text-anchor": "end" }, raised(tick)),
    );
  }
  for (const tick of new Set([first, Math.round((first + last) / 2), last])) {
    axes.append(element("text", { x: across(tick), y: HEIGHT - BOTTOM + 12, "text-anchor": "middle" }, String(tick)));
  }
  axes.append(
    element("path", { d: `M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}`, class: "edge" }),
    element("text", { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 5, "text-anchor": "middle" }, "layer"),
  );
  return axes;
}

// One line of values with its markers, every sixth of the way, and the band of its interval.
function drawLine(values, reach, look, place, at) {
  const nodes = [];
  if (reach.some((part) => part)) {
    const edge = (sign) => values.map((value, layer) => (value === null ? null : value + sign * (reach[layer] ?? 0)));
    const band = bandPath(at.points(edge(1)), at.points(edge(-1)));
    nodes.push(element("path", { d: band, fill: look.color, "fill-opacity": 0.18 }));
  }
  const points = at.points(values);
  const every = Math.ceil(points.length / 6);
  const marks = points.filter((point, layer) => point && layer % every === place % every);
  nodes.push(
    element("path", { d: linePath(points), ...stroke(look), class: "line" }),
    element("path", { d: marks.map((point) => markerPath(look.marker, ...point)).join(""), ...mark(look) }),
  );
  return nodes;
}

// The panel as a figure: what it is called, what it draws, and the same in words.
function panelFigure(name, said, index, axes, lines) {
  const figure = document.createElement("figure");
  const caption = document.createElement("figcaption");
  caption.textContent = name;
  const clip = `explore-clip-${index}`;
  const inside = { x: LEFT - 4, y: TOP, width: WIDTH - LEFT - RIGHT + 8, height: HEIGHT - TOP - BOTTOM };
  figure.append(
    caption,
    element(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": said },
      element("clipPath", { id: clip }, element("rect", inside)),
      axes,
      element("g", { "clip-path": `url(#${clip})` }, ...lines),
    ),
  );
  return figure;
}

function drawPanel(data, panel, shown, direction, range, step, index) {
  const at = frame(panel, range);
  const lines = [], heard = [];
  for (const series of shown) {
    const look = data.looks[series.look];
    series[direction].forEach((seed, which) => {
      const values = unpack(seed[step]), reach = unpack(series[`${direction} reach`][which][step]);
      lines.push(...drawLine(values, reach, look, series.look, at));
      heard.push(`${look.name} ${number(values[0])} to ${number(values.at(-1))}`);
    });
    const theory = at.points(unpack(series[`${direction} theory`]));
    if (data.steps[step] === 0 && theory.some(Boolean)) {
      lines.push(element("path", { d: linePath(theory), class: "theory" }));
    }
  }
  const name = `${panel.activation}, depth ${panel.depth}, ${direction}`;
  const said =
    `${name}: mean square of ${DIRECTIONS[direction]} at step ${data.steps[step]}, ` +
    `from layer ${at.first} to layer ${at.last}. ${heard.join("; ")}.`;
  return panelFigure(name, said, index, drawAxes(at), lines);
}

// One scale for all panels of a direction and for all steps, so that what moves is the signal.
function commonRange(allSeries, direction) {
  let low = Infinity, high = -Infinity;
  for (const value of allSeries.flatMap((series) => series[direction].flat().flatMap(unpack))) {
    if (value === null) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [-1, 1];
  [low, high] = [low, high].map((end) => Math.min(Math.max(end, LOWEST), HIGHEST));
  const room = Math.max(0.5, 0.04 * (high - low));
  return [low - room, high + room];
}

// Gives a list the values to choose from.
function fillPicker(select, options, chosen) {
  select.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
  select.value = chosen;
}

function legendItem(look, toggle) {
  const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: true });
  box.addEventListener("change", () => toggle(box.checked));
  const swatch = element(
    "svg",
    { viewBox: "0 0 34 10", width: 34, height: 10, "aria-hidden": "true" },
    element("path", { d: "M1 5L33 5", ...stroke(look) }),
    element("path", { d: markerPath(look.marker, 17, 5), ...mark(look) }),
  );
  const label = document.createElement("label");
  label.append(box, swatch, ` ${look.name}`);
  const item = document.createElement("li");
  item.append(label);
  return item;
}

function explore(data) {
  const controls = {};
  for (const name of ["compared", "activation", "depth", "step"]) controls[name] = byId(`explore-${name}`);
  const panels = byId("explore-panels"), legend = byId("explore-legend"), shown = byId("explore-shown");
  const held = byId("explore-held"), hidden = new Set();
  const scales = {};

  const compared = () => Number(controls.compared.value);
  const chosen = () =>
    data.panels.filter(
      (panel) =>
        panel.compared === compared() &&
        (!controls.activation.value || panel.activation === controls.activation.value) &&
        (!controls.depth.value || String(panel.depth) === controls.depth.value),
    );
  const visible = (panel) => panel.series.filter((series) => !hidden.has(series.look));

  function draw() {
    const step = Number(controls.step.value);
    controls.step.setAttribute("aria-valuetext", `step ${data.steps[step]}`);
    shown.textContent = `${data.steps[step]} of ${data.steps.at(-1)}`;
    const wanted = Object.keys(DIRECTIONS).flatMap((direction) => chosen().map((panel) => [panel, direction]));
    panels.replaceChildren(
      ...wanted.map(([panel, direction], index) =>
        drawPanel(data, panel, visible(panel), direction, scales[direction], step, index),
      ),
    );
  }

  function redraw() {
    const allSeries = chosen().flatMap(visible);
    for (const direction of Object.keys(DIRECTIONS)) scales[direction] = commonRange(allSeries, direction);
    draw();
  }

  // Another comparison has lines, activations and depths of its own.
  function compare() {
    const own = data.panels.filter((panel) => panel.compared === compared());
    for (const name of ["activation", "depth"]) {
      const values = [...new Set(own.map((panel) => panel[name]))].map((value) => [value, value]);
      const all = values.length > 1 ? [["", "all"]] : [];
      fillPicker(controls[name], [...values, ...all], name === "depth" && all.length ? "" : values[0][0]);
    }
    hidden.clear();
    const items = data.looks.map((look, index) => [look, index]).filter(([look]) => look.compared === compared());
    legend.replaceChildren(
      ...items.map(([look, index]) =>
        legendItem(look, (on) => {
          if (on) hidden.delete(index);
          else hidden.add(index);
          redraw();
        }),
      ),
    );
    held.textContent = data.compared[compared()].held;
    held.hidden = !held.textContent;
    redraw();
  }

  fillPicker(controls.compared, data.compared.map((one, index) => [index, one.name]), 0);
  controls.compared.closest("label").hidden = data.compared.length < 2;
  controls.step.max = data.steps.length - 1;
  controls.compared.addEventListener("change", compare);
  controls.activation.addEventListener("change", redraw);
  controls.depth.addEventListener("change", redraw);
  controls.step.addEventListener("input", draw);
  compare();
}

for (const node of document.querySelectorAll("[data-needs-script]")) node.hidden = false;
const sorting = byId("sort-claims");
if (sorting) sortClaims(document.querySelector("table.claims"), sorting);
const profiles = byId("profiles");
if (profiles) explore(JSON.parse(profiles.textContent));
