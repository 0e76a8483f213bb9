// Where does every event stand on the ruler? Days are columns; idle days fold into one.
// Pure: no document, no network.

const HOURS = 8 * 3600e3; // the legal time zone has no summer time
export const EMPTY = 26, FOLDED = 58, STEP = 14, PAD = 12, NARROW = 46;
export const POS = 0, STORE = 1, PLACE = 2, TYPE = 3, DAY = 4, EFFECTIVE = 5, RECORDED = 6,
  LANE = 7, FLAGS = 8, ITEMS = 9, TEXT = 10, ENTERED = 11;

export function recordedDay(event) {
  return new Date(Date.parse(event[RECORDED]) + HOURS).toISOString().slice(0, 10);
}

export function dayAfter(day, n) {
  return new Date(Date.parse(day) + n * 864e5).toISOString().slice(0, 10);
}

export function between(first, last) {
  return Math.round((Date.parse(last) - Date.parse(first)) / 864e5);
}

// further: days that must be on the ruler although nothing happened (a due day, a look).
export function layout(film, ruler, fold, zoom, further = []) {
  const events = film.events;
  const days = ruler === "recorded" ? events.map(recordedDay) : events.map((one) => one[DAY]);
  const order = events.map((_, n) => n);
  if (ruler !== "recorded") {
    order.sort((a, b) => (days[a] < days[b] ? -1 : days[a] > days[b] ? 1 : events[a][POS] - events[b][POS]));
  }
  const groups = new Map();
  for (const day of further) if (day) groups.set(day, []);
  for (const n of order) {
    const group = groups.get(days[n]);
    if (group) group.push(n); else groups.set(days[n], [n]);
  }
  const columns = [], xs = new Float64Array(events.length), rank = new Int32Array(events.length);
  const place = new Int32Array(events.length);
  let x = 0, before = null, seen = 0;
  const empty = (day, days_, width) => {
    columns.push({ day, days: days_, x, width, from: seen, to: seen });
    x += width;
  };
  for (const day of [...groups.keys()].sort()) {
    const gap = before ? between(before, day) - 1 : 0;
    if (gap >= (fold ? 2 : 366 * 60)) empty(dayAfter(before, 1), gap, FOLDED);
    else for (let n = 1; n <= gap; n += 1) empty(dayAfter(before, n), 1, EMPTY);
    const here = groups.get(day);
    const width = Math.max(NARROW, here.length * STEP * zoom + PAD);
    here.forEach((n, at) => {
      xs[n] = x + PAD / 2 + STEP * zoom * (at + 0.5);
      rank[n] = seen + at;
      place[seen + at] = n;
    });
    columns.push({ day, days: 1, x, width, from: seen, to: seen + here.length });
    seen += here.length;
    x += width;
    before = day;
  }
  return { columns, xs, rank, order: place, width: x, days };
}

// The first column that ends after x.
export function columnAt(columns, x) {
  let low = 0, high = columns.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (columns[middle].x + columns[middle].width <= x) low = middle + 1; else high = middle;
  }
  return Math.min(low, columns.length - 1);
}

// The rank of the event nearest to x, -1 when there is none.
export function nearest(laid, x) {
  const { order, xs } = laid;
  let low = 0, high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[order[middle]] < x) low = middle + 1; else high = middle;
  }
  if (low === order.length) return order.length - 1;
  if (low > 0 && x - xs[order[low - 1]] < xs[order[low]] - x) return low - 1;
  return low;
}

// Which lane stands in which row: groups with their people, in the order of the groups.
export function rowsOf(film) {
  const rows = [];
  if (film.bars.length) {
    rows.push({ head: "items" });
    const items = [...new Set(film.bars.map((bar) => bar[0]))].sort((a, b) =>
      film.items[a] < film.items[b] ? -1 : 1);
    for (const item of items) rows.push({ item });
  }
  for (const group of Object.keys(film.groups)) {
    const mine = film.lanes.map((lane, n) => ({ ...lane, n })).filter((lane) => lane.group === group);
    if (!mine.length) continue;
    if (group !== "department") rows.push({ head: group });
    const bodies = [...new Set(mine.map((lane) => lane.body))].sort();
    for (const body of bodies) {
      if (group === "department") rows.push({ head: group, body });
      for (const lane of mine.filter((one) => one.body === body)) rows.push({ lane: lane.n });
    }
  }
  return rows;
}
