// The picture itself: only what is in view is drawn, however long the film is.

const NS = "http://www.w3.org/2000/svg";
export const AXIS = 36, BAND = 17, ROW = 24, HEAD = 19;
const DECISION = 1, LATE = 2, DEFAULT = 4, AUTOMATIC = 8;

export function el(name, attributes = {}, ...children) {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function heights(rows, bands) {
  let y = AXIS + bands * BAND + 4;
  const tops = rows.map((row) => { const top = y; y += row.head ? HEAD : ROW; return top; });
  return { tops, height: y + 6 };
}

// shape by what it is, never colour alone: diamond a decision, triangle entered late, circle else
function mark(x, y, flags, colour) {
  const fill = flags & AUTOMATIC ? "#fff" : colour;
  const common = { fill, stroke: colour, "stroke-width": 1.6 };
  const parts = [];
  if (flags & DECISION) parts.push(el("path", { d: `M${x} ${y - 7}l7 7l-7 7l-7 -7z`, ...common }));
  else if (flags & LATE) parts.push(el("path", { d: `M${x} ${y - 6}l6.5 11h-13z`, ...common }));
  else parts.push(el("circle", { cx: x, cy: y, r: 4.8, ...common }));
  if (flags & DEFAULT) parts.push(el("circle", { cx: x + 5, cy: y - 6, r: 2, fill: "#7a4b00" }));
  return parts;
}

const COLOURS = { unit: "#0b4f8a", service: "#1d6b3a", department: "#9b1c1c", agency: "#6b3fa0", system: "#55595f" };

// view: { left, width }, scene: { film, laid, rows, tops, height, bands, at, a, b, shown, looks, words }
export function draw(svg, view, scene) {
  const { laid, rows, tops, height } = scene;
  const left = view.left, right = left + view.width;
  svg.setAttribute("width", view.width);
  svg.setAttribute("height", height);
  svg.setAttribute("viewBox", `${left} 0 ${view.width} ${height}`);
  const parts = [];
  rows.forEach((row, n) => {
    const h = row.head ? HEAD : ROW;
    if (!row.head && n % 2) parts.push(el("rect", { x: left, y: tops[n], width: view.width, height: h, fill: "#f7f8f9" }));
  });
  let n = scene.columnAt(laid.columns, left);
  const first = laid.columns[n];
  for (; n >= 0 && n < laid.columns.length && laid.columns[n].x < right; n += 1) column(parts, laid.columns[n], scene);
  bars(parts, left, right, scene);
  if (first) {
    const order = laid.order;
    for (let at = first.from; at < order.length; at += 1) {
      const event = order[at], x = laid.xs[event];
      if (x > right + 10) break;
      if (x > left - 10) one(parts, event, x, scene);
    }
  }
  for (const [name, event, colour] of [["A", scene.a, "#0b4f8a"], ["B", scene.b, "#6b3fa0"]]) {
    if (event === null) continue;
    const x = laid.xs[event];
    parts.push(el("path", { d: `M${x} 0V${height}`, stroke: colour, "stroke-width": 2, "stroke-dasharray": "5 3" }));
    parts.push(el("rect", { x: x - 7, y: 0, width: 14, height: 14, fill: colour }), el("text", { x: x - 4, y: 11, fill: "#fff", style: null, class: "small letter" }, name));
  }
  if (scene.at !== null) {
    const x = laid.xs[scene.at];
    parts.push(el("path", { d: `M${x} ${AXIS - 4}V${height}`, stroke: "#c00", "stroke-width": 2 }));
    parts.push(el("path", { d: `M${x - 7} ${AXIS - 14}h14l-7 10z`, fill: "#c00" }));
  }
  svg.replaceChildren(...parts);
}

function column(parts, one, scene) {
  const { words, height } = scene;
  parts.push(el("path", { d: `M${one.x} 0V${height}`, stroke: "#dfe2e6" }));
  if (one.days > 1) {
    parts.push(el("rect", { x: one.x, y: AXIS, width: one.width, height: height - AXIS, fill: "#eef0f2" }));
    parts.push(el("text", { x: one.x + 4, y: 14, class: "small" }, words.t(`空${one.days}天`, `${one.days} d idle`)));
    const counted = scene.countedIn(one);
    if (counted !== null) parts.push(el("text", { x: one.x + 4, y: AXIS + 12, class: "small" }, words.t(`计${counted}天`, `${counted} count`)));
    return;
  }
  const narrow = one.width < 44;
  parts.push(el("text", { x: one.x + 3, y: 13, class: "small" }, narrow ? one.day.slice(8) : one.day.slice(5)));
  if (!narrow) {
    const at = scene.workingDay(one.day);
    parts.push(el("text", { x: one.x + 3, y: 27, class: "small" }, words.weekday(one.day) + (one.width > 74 && at ? words.t(` 第${at}工作日`, ` wd ${at}`) : "")));
  }
  looks(parts, one, scene);
  scene.bandsOf(one.day).forEach((band, n) => {
    if (!band) return;
    const box = el("rect", { x: one.x + 0.5, y: AXIS + n * BAND + 1, width: one.width - 1, height: BAND - 2, class: band.kind + (band.ahead ? " ahead" : ""), stroke: "#b4b9c0", "stroke-width": 0.5 });
    box.append(el("title", {}, band.title));
    parts.push(box, el("text", { x: one.x + one.width / 2, y: AXIS + n * BAND + 12.5, "text-anchor": "middle", class: "small" }, band.letter));
  });
}

function looks(parts, day, scene) {
  const seen = scene.looksOf(day.day);
  if (!seen || scene.lookTop === null) return;
  const y = scene.lookTop + 4;
  const box = el("rect", { x: day.x + 4, y, width: Math.min(day.width - 8, 34), height: ROW - 8, rx: 8, fill: "#fff4d6", stroke: "#7a4b00", "data-looked": day.day });
  box.append(el("title", {}, `${day.day}: ${seen}`));
  parts.push(box, el("text", { x: day.x + 9, y: y + 12, class: "small" }, String(seen)));
}

function bars(parts, left, right, { film, laid, rows, tops, byPosition, words }) {
  const row = new Map(rows.map((one, n) => [one.item, n]));
  for (const [item, began, ended, due] of film.bars) {
    const start = byPosition.get(began), stop = byPosition.get(ended);
    if (start === undefined || !row.has(item)) continue;
    const x = laid.xs[start], end = stop === undefined ? laid.width - 4 : laid.xs[stop];
    const [from, to] = [Math.min(x, end), Math.max(x, end)];
    if (to < left || from > right) continue;
    const y = tops[row.get(item)] + 6;
    const bar = el("rect", { x: from, y, width: Math.max(to - from, 3), height: ROW - 12, rx: 3, fill: "#cfe0f1", stroke: "#0b4f8a", "stroke-dasharray": stop === undefined ? "4 3" : null });
    bar.append(el("title", {}, `${film.items[item]} ${film.item_names[item]}${due ? words.t(" 到期 ", " due ") + due : ""}`));
    parts.push(bar);
  }
}

function one(parts, event, x, { film, laid, tops, laneRow, shown, at }) {
  const told = film.events[event], lane = film.lanes[told[7]];
  const y = tops[laneRow[told[7]]] + ROW / 2;
  const drawn = el("g", { "data-n": event, class: shown(event) ? null : "dim" }, ...mark(x, y, told[8], COLOURS[lane.group]));
  if (event === at) drawn.append(el("circle", { cx: x, cy: y, r: 10, fill: "none", stroke: "#c00", "stroke-width": 2 }));
  drawn.append(el("title", {}, `${told[4]} ${lane.name}: ${told[10]}`));
  parts.push(drawn);
}

export function labels(box, { film, rows, tops, height, words, bandNames }) {
  const parts = [];
  const label = (top, text, kind) => {
    const made = document.createElement("div");
    made.style.top = `${top}px`;
    made.className = kind;
    made.textContent = text;
    made.title = text;
    parts.push(made);
  };
  bandNames.forEach((name, n) => label(AXIS + n * BAND - 1, name, "head"));
  rows.forEach((row, n) => {
    if (row.head) label(tops[n], row.body || words.HEADS[row.head] || film.groups[row.head], "head");
    else if (row.looked) label(tops[n] + 2, words.t("查阅次数", "looks"), "");
    else if (row.item !== undefined) label(tops[n] + 2, `${film.items[row.item]} ${film.item_names[row.item]}`, "");
    else label(tops[n] + 2, film.lanes[row.lane].name, "");
  });
  box.style.height = `${height}px`;
  box.replaceChildren(...parts);
}
