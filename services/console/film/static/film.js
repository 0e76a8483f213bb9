// The film room: one state, kept in the address; every key and every button changes only that.

const room = document.getElementById("film");
const from = room.dataset;
const [L, D, words, verify, panels] = await Promise.all(
  [from.layout, from.draw, from.words, from.verify, from.proof].map((one) => import(one)));
const { t } = words;
const $ = (id) => document.getElementById(id);
const PAGE = 200;

const asked = new URLSearchParams(location.search);
const S = {
  at: Number(asked.get("at")) || null, a: Number(asked.get("a")) || null, b: Number(asked.get("b")) || null,
  ruler: asked.get("ruler") === "recorded" ? "recorded" : "effective",
  fold: asked.get("fold") !== "0", zoom: Number(asked.get("zoom")) || 1,
  item: asked.get("item") || "", clock: asked.get("clock") || "", tab: ["diff", "event", "proof", "looked"].includes(asked.get("see")) ? asked.get("see") : "state",
  q: asked.get("q") || "", playing: false,
};
let film, laid, rows, placed, byPosition, laneRow, workingDays, kinds, clocks = null, looks = null, lookDays = new Map();
let page = 0, cancel = null, waiting = 0, timer = 0;
const svg = D.el("svg", { "aria-hidden": "true" });

function address(changed = {}) {
  const now = { ...S, ...changed };
  const said = new URLSearchParams();
  const set = (name, value, usual) => { if (value && value !== usual) said.set(name, value); };
  set("at", now.at); set("a", now.a); set("b", now.b); set("ruler", now.ruler, "effective");
  if (!now.fold) said.set("fold", "0");
  set("zoom", now.zoom, 1); set("item", now.item); set("clock", now.clock); set("see", now.tab, "state"); set("q", now.q);
  return `${location.pathname}${said.size ? `?${said}` : ""}`;
}

async function got(path, options) {
  const answer = await fetch(`${from.base}/${path}`, options);
  let told = null;
  try { told = await answer.json(); } catch (error) {
    if (error.name === "AbortError") throw error;
    told = { title: t("没有应答，请稍后再试", "No answer: try again in a moment"), status: answer.status, code: "" };
    throw told;
  }
  if (!answer.ok) throw told;
  return told;
}

// --- where one stands
const indexOf = (position) => (position === null ? null : byPosition.get(position) ?? null);
const current = () => { const n = indexOf(S.at); return n === null ? laid.order[laid.order.length - 1] ?? null : n; };
const shown = (n) => {
  if (!S.q) return true;
  const one = film.events[n], wanted = S.q.toLowerCase();
  return one[L.TEXT].toLowerCase().includes(wanted) || film.types[one[L.TYPE]].includes(wanted)
    || film.lanes[one[L.LANE]].name.toLowerCase().includes(wanted) || one[L.DAY].startsWith(wanted)
    || one[L.ITEMS].some((item) => film.items[item].toLowerCase() === wanted);
};
const decided = (n) => film.events[n][L.FLAGS] & 1;

function stepped(by, wanted = () => true) {
  let rank = laid.rank[current()] ?? 0;
  for (rank += by; rank >= 0 && rank < laid.order.length; rank += by) {
    const n = laid.order[rank];
    if (shown(n) && wanted(n)) return n;
  }
  return null;
}

function go(n) {
  if (n === null || n === undefined) { stop(); return; }
  S.at = film.events[n][L.POS];
  page = Math.floor(laid.rank[n] / PAGE);
  kept(); scrolled(n); told(); table(); side();
}

function kept() { history.replaceState(null, "", address()); }

function scrolled(n) {
  const stage = $("stage"), x = laid.xs[n];
  if (x < stage.scrollLeft + 40 || x > stage.scrollLeft + stage.clientWidth - 40) stage.scrollLeft = x - stage.clientWidth / 2;
  drawn();
}

function sentence(n) {
  const one = film.events[n];
  const late = one[L.ENTERED] ? t(`（${one[L.ENTERED]}补录）`, ` (entered ${one[L.ENTERED]})`) : "";
  const ours = one[L.FLAGS] & 4 ? t("〔默认值〕", " [default]") : "";
  return `${one[L.DAY]} ${words.weekday(one[L.DAY])}  ${film.lanes[one[L.LANE]].name}${t("：", ": ")}${one[L.TEXT]}${late}${ours}`;
}

function told() {
  const n = current(), stage = $("stage");
  if (n === null) { $("now").textContent = t("还没有事件", "Nothing happened yet"); return; }
  const rank = laid.rank[n];
  $("now").textContent = `${rank + 1}/${film.events.length}  ${sentence(n)}`;
  stage.setAttribute("aria-valuenow", rank + 1);
  stage.setAttribute("aria-valuemax", film.events.length);
  stage.setAttribute("aria-valuemin", film.events.length ? 1 : 0);
  stage.setAttribute("aria-valuetext", sentence(n));
}

// --- the picture
function relaid() {
  const further = [...lookDays.keys()];
  if (S.ruler === "effective" && clocks) for (const day of clockDays()) if (day.why !== "weekend" && (day.remaining === 0)) further.push(day.day);
  laid = L.layout(film, S.ruler, S.fold, S.zoom, S.ruler === "recorded" || further.length < 400 ? further : []);
  $("spacer").style.width = `${laid.width}px`;
  const names = [t("日历", "calendar")];
  if (clocks && S.ruler === "effective") names.push(`${S.item} ${words.CLOCKS[S.clock] || ""}`);
  placed = D.heights(rows, names.length);
  $("spacer").style.height = $("stage").style.height = `${placed.height}px`;
  $("stage").style.height = `${placed.height + 18}px`;
  D.labels($("labels"), { film, rows, tops: placed.tops, height: placed.height, words, bandNames: names });
  laneRow = [];
  rows.forEach((row, n) => { if (row.lane !== undefined) laneRow[row.lane] = n; });
  dayOfClock = new Map(clockDays().map((one) => [one.day, one]));
}
let dayOfClock = new Map();

function clockDays() {
  const mine = clocks && clocks.clocks.find((one) => one.clock === S.clock);
  return (mine && mine.days) || [];
}

function bandsOf(day) {
  const kind = kinds.get(day);
  const band = (why, title, ahead, text) => {
    const [css, letter, name] = words.DAYS[why] || ["c-free", "", why];
    return { kind: css, letter: text ?? letter, title: `${day} ${title || name}`, ahead };
  };
  const found = [kind ? band(words.KINDS[kind[0]], kind[1], false, kind[0] === "w" ? "" : undefined) : null];
  if (!kind) {
    const weekend = [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
    found[0] = weekend ? band("weekend", "", false) : null;
  } else if (kind[0] === "w") found[0].kind = "c-free";
  if (clocks && S.ruler === "effective") {
    const one = dayOfClock.get(day);
    found.push(one ? band(one.why, `${one.zh}${one.rule ? `（${one.rule}）` : ""}${t("，剩余 ", ", remaining ")}${one.remaining ?? "—"}`, one.ahead,
      one.counts && one.remaining !== null ? String(one.remaining) : undefined) : null);
  }
  return found;
}

function countedIn(column) {
  if (!clocks || S.ruler !== "effective") return null;
  let counted = 0, any = false;
  for (let n = 0; n < column.days; n += 1) {
    const one = dayOfClock.get(L.dayAfter(column.day, n));
    if (one) { any = true; counted += one.counts ? 1 : 0; }
  }
  return any ? counted : null;
}

let asking = 0;
function drawn() {
  if (asking) return;
  asking = requestAnimationFrame(() => {
    asking = 0;
    const stage = $("stage");
    D.draw(svg, { left: stage.scrollLeft, width: stage.clientWidth }, {
      film, laid, rows, ...placed, laneRow, words, byPosition, bandsOf, countedIn, shown,
      at: current(), a: indexOf(S.a), b: indexOf(S.b), columnAt: L.columnAt,
      workingDay: (day) => workingDays.get(day), looksOf: (day) => lookDays.get(day),
      lookTop: looks ? placed.tops[rows.length - 1] : null,
    });
  });
}

// --- the table: the same, page by page
function table() {
  const pages = Math.max(1, Math.ceil(laid.order.length / PAGE));
  page = Math.min(Math.max(page, 0), pages - 1);
  const at = current();
  const first = page * PAGE;
  const key = `${S.ruler} ${page} ${S.q}`;
  if ($("rows").dataset.key !== key) {
    const made = laid.order.slice(first, first + PAGE);
    $("rows").dataset.key = key;
    $("rows").replaceChildren(...[...made].filter(shown).map(line));
  }
  for (const row of $("rows").rows) {
    if (Number(row.dataset.n) !== at) { row.removeAttribute("aria-current"); continue; }
    row.setAttribute("aria-current", "true");
    const box = row.closest(".tall"), top = row.offsetTop - box.querySelector("thead").offsetHeight;
    if (top < box.scrollTop || top + row.offsetHeight > box.scrollTop + box.clientHeight - 40) box.scrollTop = top;
  }
  $("table").setAttribute("aria-rowcount", film.events.length);
  $("pages").textContent = t(`第 ${page + 1} / ${pages} 页，共 ${film.events.length} 条`, `page ${page + 1} of ${pages}, ${film.events.length} events`);
}

function line(n) {
  const one = film.events[n];
  const row = document.createElement("tr");
  row.dataset.n = n;
  row.setAttribute("aria-rowindex", laid.rank[n] + 1);
  const cell = (text) => { const made = row.insertCell(); made.textContent = text; return made; };
  cell(one[L.POS]).className = "n";
  cell(`${one[L.DAY]} ${words.weekday(one[L.DAY])}`);
  cell(words.clockTime(one[L.RECORDED]));
  cell(film.lanes[one[L.LANE]].name);
  const what = cell(""), link = document.createElement("a");
  link.href = address({ at: one[L.POS] });
  link.dataset.position = one[L.POS];
  link.textContent = one[L.TEXT];
  if (decided(n)) what.append("◆ ");
  what.append(link, one[L.ENTERED] ? t(`（${one[L.ENTERED]}补录）`, ` (entered ${one[L.ENTERED]})`) : "", one[L.FLAGS] & 4 ? t("〔默认值〕", " [default]") : "");
  cell(`${film.stores[one[L.STORE]]} ${one[L.PLACE]}`);
  return row;
}

// --- beside the picture
function cutOf(n) {
  const one = film.events[n];
  return S.ruler === "recorded" ? { at: one[L.POS] } : { effective: one[L.EFFECTIVE] || one[L.DAY] };
}
const written = (n) => { const cut = cutOf(n); return cut.at ? String(cut.at) : `now@${cut.effective}`; };

function side() {
  for (const tab of document.querySelectorAll("[data-tab]")) {
    const on = tab.dataset.tab === S.tab;
    tab.setAttribute("aria-selected", on);
    tab.tabIndex = on ? 0 : -1;
  }
  $("panel").setAttribute("aria-labelledby", `tab-${S.tab}`);
  clearTimeout(waiting);
  waiting = setTimeout(filled, 120);
}

async function filled() {
  cancel?.abort();
  cancel = new AbortController();
  const mine = cancel, n = current(), panel = $("panel"), options = { signal: mine.signal };
  if (n === null) return;
  panel.setAttribute("aria-busy", "true");
  try {
    const position = film.events[n][L.POS];
    const tab = S.tab, pair = [S.a, S.b].map(indexOf);
    const asks = {
      state: () => got(`state.json?${new URLSearchParams(cutOf(n))}`, options),
      diff: () => (pair.includes(null) ? null : got(`difference.json?${difference(pair)}`, options)),
      event: () => got(`entry.json?at=${position}`, options),
      proof: () => got(`entry.json?at=${position}`, options),
      looked: () => looks || got("looked.json", options),
    };
    const told = await (asks[tab] || asks.state)();
    if (mine !== cancel) return;
    const more = { t, verify, words, base: from.base, clockTime: words.clockTime, again: asks.proof, jump: { address: (at) => address({ at }) } };
    if (tab === "diff" && told === null) panel.textContent = t("在两处分别按 a 和 b 放下标记，这里就用文字说明其间的差别。", "Press a and b at two places: what differs between them is told here in words.");
    else await PANELS[tab](panel, told, more);
    panel.dataset.of = `${tab} ${position}`;
  } catch (error) {
    if (error.name === "AbortError" || mine !== cancel) return;
    panels.refused(panel, error.title ? error : { title: String(error.message || error), status: "", code: "" });
  } finally {
    if (mine === cancel) panel.removeAttribute("aria-busy");
  }
}

// From the earlier of both cursors to the later, whichever was set first.
function difference([a, b]) {
  const [one, other] = laid.rank[a] <= laid.rank[b] ? [a, b] : [b, a];
  return new URLSearchParams({ from: written(one), to: written(other) });
}
const PANELS = { state: panels.state, diff: panels.difference, event: panels.raw, proof: panels.proof, looked: panels.looked };

function see(tab) { S.tab = tab; kept(); side(); }

async function chooseItem(item) {
  S.item = item;
  if (!item) { clocks = null; S.clock = ""; } else {
    try { clocks = await got(`clocks.json?item=${encodeURIComponent(item)}`); } catch (error) { clocks = null; panels.refused($("panel"), error); }
  }
  const running = clocks ? clocks.clocks.filter((one) => one.days) : [];
  if (!running.some((one) => one.clock === S.clock)) {
    S.clock = (running.find((one) => one.clock === "commitment") || running[0] || { clock: "" }).clock;
  }
  $("clock").hidden = !running.length;
  $("clock").replaceChildren(...running.map((one) => new Option(words.CLOCKS[one.clock] || one.clock, one.clock, false, one.clock === S.clock)));
  kept(); relaid(); drawn();
  const mine = running.find((one) => one.clock === S.clock);
  if (mine) panels.clocks($("panel"), { clocks: [mine] }, { t });
}

// --- doing
function stop() {
  clearInterval(timer);
  S.playing = false;
  $("play").setAttribute("aria-pressed", "false");
  $("play").lastElementChild.textContent = t("播放", "Play");
}
function play() {
  if (S.playing) { stop(); return; }
  if (stepped(1) === null) go(laid.order[0]);
  S.playing = true;
  $("play").setAttribute("aria-pressed", "true");
  $("play").lastElementChild.textContent = t("暂停", "Pause");
  timer = setInterval(() => go(stepped(1)), 700);
}
function again() { const n = current(); relaid(); kept(); told(); table(); if (n !== null) scrolled(n); side(); }
const ends = (n) => { if (n !== null) go(n); };
const DO = {
  next: () => ends(stepped(1)), before: () => ends(stepped(-1)),
  nextDecision: () => ends(stepped(1, decided)), beforeDecision: () => ends(stepped(-1, decided)),
  first: () => go(laid.order[0]), last: () => go(laid.order[laid.order.length - 1]), play,
  setA: () => { S.a = film.events[current()][L.POS]; see(S.b ? "diff" : S.tab); drawn(); },
  setB: () => { S.b = film.events[current()][L.POS]; see(S.a ? "diff" : S.tab); drawn(); },
  ruler: () => { S.ruler = S.ruler === "recorded" ? "effective" : "recorded"; $("ruler").value = S.ruler; again(); },
  fold: () => { S.fold = !S.fold; $("fold").checked = S.fold; again(); },
  wider: () => { S.zoom = Math.min(8, S.zoom * 1.5); again(); },
  narrower: () => { S.zoom = Math.max(0.1, S.zoom / 1.5); again(); },
  pageNext: () => { page += 1; table(); }, pageBefore: () => { page -= 1; table(); },
  keys: () => { $("keys").open = !$("keys").open; if ($("keys").open) $("keys").querySelector("summary").focus(); },
};
const KEY = {
  j: "next", k: "before", ArrowRight: "next", ArrowLeft: "before", "]": "nextDecision", "[": "beforeDecision",
  Home: "first", End: "last", " ": "play", a: "setA", b: "setB", v: "ruler", f: "fold", "+": "wider", "=": "wider",
  "-": "narrower", "?": "keys",
};
const SEE = { s: "state", d: "diff", r: "event", p: "proof", w: "looked" };

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const typing = event.target.closest("input,textarea,select,summary,[contenteditable]");
  if (typing) { if (event.key === "Escape") $("stage").focus(); return; }
  const onButton = event.target.closest("button,a");
  if (onButton && (event.key === " " || event.key === "Enter")) return;
  const inTabs = event.target.closest("[role=tablist]");
  const onStage = event.target === $("stage") || event.target === document.body || event.target.id === "main";
  if (inTabs && ["ArrowRight", "ArrowLeft"].includes(event.key)) { event.preventDefault(); turned(event.key === "ArrowRight" ? 1 : -1); return; }
  if (["ArrowRight", "ArrowLeft", "Home", "End", " "].includes(event.key) && !onStage) return;
  if (event.key === "/") { event.preventDefault(); $("filter").focus(); return; }
  if (event.key === "t") { event.preventDefault(); ($("rows").querySelector("[aria-current] a") || $("rows").querySelector("a"))?.focus(); return; }
  const act = KEY[event.key];
  if (act) { event.preventDefault(); if (act !== "play" && S.playing) stop(); DO[act](); } else if (SEE[event.key]) { event.preventDefault(); see(SEE[event.key]); }
}

function turned(by) {
  const tabs = [...document.querySelectorAll("[data-tab]")];
  const n = (tabs.findIndex((tab) => tab.dataset.tab === S.tab) + by + tabs.length) % tabs.length;
  see(tabs[n].dataset.tab);
  tabs[n].focus();
}

function pointed(event) {
  const box = $("stage").getBoundingClientRect();
  const rank = L.nearest(laid, event.clientX - box.left + $("stage").scrollLeft);
  if (rank >= 0) go(laid.order[rank]);
}

function listen() {
  document.addEventListener("keydown", pressed);
  room.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]"), tab = event.target.closest("[data-tab]");
    const link = event.target.closest("[data-position]");
    if (button) { if (button.dataset.do !== "play" && S.playing) stop(); DO[button.dataset.do](); } else if (tab) see(tab.dataset.tab);
    else if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      const n = byPosition.get(Number(link.dataset.position));
      if (n !== undefined) go(n);
    }
  });
  const stage = $("stage");
  stage.addEventListener("scroll", drawn, { passive: true });
  let held = false;
  stage.addEventListener("pointerdown", (event) => {
    if (event.target.closest("[data-looked]")) { see("looked"); return; }
    if (event.pointerType === "mouse" && event.button === 0 && event.offsetY < placed.height) { held = true; stage.setPointerCapture(event.pointerId); pointed(event); }
  });
  stage.addEventListener("pointermove", (event) => { if (held) pointed(event); });
  stage.addEventListener("pointerup", () => { held = false; });
  stage.addEventListener("click", (event) => { if (event.pointerType !== "mouse") pointed(event); });
  new ResizeObserver(drawn).observe(stage);
  $("ruler").addEventListener("change", () => DO.ruler());
  $("fold").addEventListener("change", () => DO.fold());
  $("item").addEventListener("change", (event) => chooseItem(event.target.value));
  $("clock").addEventListener("change", (event) => { S.clock = event.target.value; kept(); chooseItem(S.item); });
  $("filter").addEventListener("input", (event) => { S.q = event.target.value.trim(); kept(); table(); drawn(); });
  addEventListener("popstate", () => location.reload());
}

function help() {
  const keys = document.createElement("ul");
  keys.className = "keys";
  for (const [key, what] of words.KEYS) {
    const one = document.createElement("li"), shape = document.createElement("kbd");
    shape.textContent = key;
    one.append(shape, ` ${what}`);
    keys.append(one);
  }
  const legend = document.createElement("ul");
  legend.className = "keys";
  for (const [css, letter, what] of Object.values(words.DAYS)) {
    const one = document.createElement("li"), box = document.createElement("span");
    box.className = `swatch ${css}`;
    one.append(box, ` ${letter} ${what}`);
    legend.append(one);
  }
  for (const what of [t("◆ 决定  ▲ 补录  ● 人员  ○ 系统自动  小点＝依据默认值", "◆ decision  ▲ entered late  ● a person  ○ automatic  small dot = leans on a default")]) {
    const one = document.createElement("li");
    one.textContent = what;
    legend.append(one);
  }
  $("help").append(keys, legend);
}

async function lookers() {
  try { looks = await got("looked.json"); } catch { return; }
  for (const one of looks.looks) {
    const day = words.clockTime(one.at).slice(0, 10);
    lookDays.set(day, (lookDays.get(day) || 0) + 1);
  }
  rows.push({ head: "looked" }, { looked: true });
  relaid(); drawn();
}

function prepared() {
  byPosition = new Map(film.events.map((one, n) => [one[L.POS], n]));
  kinds = new Map(film.days.map(([day, kind, why]) => [day, [kind, why]]));
  workingDays = new Map();
  let counted = 0;
  for (const [day, kind] of film.days) { if (kind === "w" || kind === "m") counted += 1; workingDays.set(day, kind === "w" || kind === "m" ? counted : 0); }
  const [store, place] = (asked.get("ref") || "").split(":");
  const meant = place && film.events.find((one) => film.stores[one[L.STORE]] === store && one[L.PLACE] === Number(place));
  if (meant) S.at = meant[L.POS];
  rows = L.rowsOf(film);
  $("number").textContent = film.number || "";
  document.title = `${film.number} · ${document.title}`;
  $("stands").textContent = t(`截至归档位置 ${film.position}，读于 ${film.read_at.slice(0, 19).replace("T", " ")}`,
    `As of archive position ${film.position}, read at ${film.read_at.slice(0, 19).replace("T", " ")}`);
  $("ruler").value = S.ruler;
  $("fold").checked = S.fold;
  $("filter").value = S.q;
  for (const [n, item] of [...film.items.entries()].sort((x, y) => (x[1] < y[1] ? -1 : 1))) $("item").append(new Option(`${item} ${film.item_names[n]}`, item, false, item === S.item));
}

try {
  film = await got("film.json");
  prepared();
  $("spacer").append(svg);
  relaid();
  listen();
  help();
  const n = current();
  if (n !== null) { page = Math.floor(laid.rank[n] / PAGE); scrolled(n); }
  told(); table(); drawn();
  room.dataset.ready = String(Math.round(performance.now()));
  side();
  if (S.item) await chooseItem(S.item);
  await lookers();
} catch (error) {
  panels.refused($("now"), error.title ? error : { title: String(error.message || error), status: "", code: "" });
  throw error;
}
