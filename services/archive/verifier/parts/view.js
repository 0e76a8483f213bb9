// --- the page: every text is put in as text, nothing of a dossier is ever read as markup
const $ = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
function el(tag, attributes = {}, ...children) {
  const svg = ["svg", "g", "line", "rect", "circle", "text", "title", "path"].includes(tag) && !(attributes.html);
  const made = svg ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "html" || value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((one) => one !== null && one !== undefined));
  return made;
}
const table = (caption, heads, rows, id) => el("table", id ? { id } : {}, el("caption", {}, caption),
  el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))),
  el("tbody", {}, rows.map((row) => (row instanceof Node ? row : el("tr", {}, row.map((cell) => el("td", {}, cell)))))));

const NOT_PROVED = [
  ["事实在录入之前是否真实", "that a fact was true before it was entered"],
  ["封存点之后没有更多记录", "that nothing more was recorded after the seal"],
  ["被扣留或已删除的内容是什么", "what was withheld or erased"],
  ["时间戳的外部准确性，除见证签名所载", "the time of day, beyond what witnesses signed"],
  ["timeline.html 和 OCEL 的措辞：以原始字节为准", "how timeline.html and OCEL word it"],
];
const VERDICTS = { valid: ["有效", "VALID"], invalid: ["无效", "INVALID"], undecided: ["不能判定", "CANNOT DECIDE"] };
const view = { file: null, policy: null, verdict: null, why: "", open: null, at: 0, from: 0, to: 0, item: "", by: "body", tab: "film", page: 0, event: null, took: 0 };
const WINDOW = 120, PAGE = 200;

async function check() {
  if (!view.file || !view.policy) return draw();
  $("verdict").textContent = both("正在核验…", "checking…");
  $("verdict").className = "";
  let done = 0;
  const began = performance.now();
  view.open = null;
  try {
    const found = await verified(view.file, await view.policy.text(), () => {
      if (++done % 500 === 0) $("verdict").textContent = `${both("正在核验…", "checking…")} ${done}`;
    });
    view.open = new Case(found);
    view.verdict = "valid";
    const points = view.open.points;
    view.to = view.at = points.at(-1).position;
    view.from = points[0].position;
    view.event = points.at(-1);
    recall();
  } catch (error) {
    view.verdict = error instanceof Undecided ? "undecided" : "invalid";
    view.why = error instanceof Invalid || error instanceof Undecided ? error.message : `the dossier is malformed: ${error}`;
  }
  view.took = performance.now() - began;
  draw();
}

// The address holds both cuts, so that a report can cite what it saw
function recall() {
  const said = new URLSearchParams(location.hash.slice(1));
  const place = (name, otherwise) => { const n = Number(said.get(name)); return view.open.points.some((p) => p.position === n) ? n : otherwise; };
  view.at = place("at", view.at); view.from = place("from", view.from); view.to = place("to", view.to);
  if (["film", "table", "ledger", "diff", "report"].includes(said.get("tab"))) view.tab = said.get("tab");
}
function remember() {
  if (!view.open) return;
  history.replaceState(null, "", `#${new URLSearchParams({ tab: view.tab, at: view.at, from: view.from, to: view.to })}`);
}

function draw() {
  document.documentElement.lang = english ? "en" : "zh-CN";
  document.title = both("卷宗阅览", "Dossier viewer");
  $("title").textContent = both("卷宗阅览与核验", "Dossier viewer and verifier");
  $("language").textContent = both("English", "中文");
  $("hint").textContent = both("把卷宗（.zip）和信任策略（policy.txt）拖到这里，或点选。不联网；本页和策略请从您自己的渠道取得。",
    "Drop the dossier (.zip) and the trust policy (policy.txt) here, or choose them. No network; get this page and the policy from your own channel.");
  $("file-label").textContent = both("卷宗", "Dossier");
  $("policy-label").textContent = both("信任策略", "Trust policy");
  $("chosen").textContent = [view.file?.name, view.policy?.name].filter(Boolean).join(" · ");
  const verdict = $("verdict");
  verdict.className = view.verdict ?? "";
  if (!view.file || !view.policy) verdict.textContent = view.file ? both("还需要信任策略，没有它不能判定。", "The trust policy is missing: without it nothing can be decided.") : "";
  else if (view.verdict) verdict.textContent = `${{ valid: "✔", invalid: "✘", undecided: "?" }[view.verdict]} ${both(...VERDICTS[view.verdict])}` +
    (view.verdict === "valid" ? `：${view.open.manifest.number}` : `：${view.why}`);
  const shown = Boolean(view.open);
  $("views").hidden = !shown;
  if (!shown) return;
  drawTabs();
  const body = $("body");
  body.replaceChildren(...({ film: drawFilm, table: drawTable, ledger: drawLedger, diff: drawDiff, report: drawReport }[view.tab])());
  drawDrawer();
  remember();
}

const TABS = [["film", "影片", "Film"], ["table", "明细表", "Table"], ["ledger", "时限台账", "Clock ledger"], ["diff", "对比", "Diff"], ["report", "核验报告", "Report"]];
function drawTabs() {
  $("tabs").replaceChildren(...TABS.map(([id, zh, en]) => el("button", { role: "tab", id: `tab-${id}`, "aria-selected": String(view.tab === id),
    "aria-controls": "body", tabindex: view.tab === id ? 0 : -1, onclick: () => { view.tab = id; draw(); $(`tab-${id}`).focus(); } }, both(zh, en))));
}

const line = (point) => `${point.day} ${view.open.who(point.told.about.actor)}${both("：", ": ")}${view.open.tongue.sentence(point.told)}` +
  (point.entered !== point.day ? both(`（${point.entered}补录）`, ` (entered ${point.entered})`) : "");
const indexOf = (position) => Math.max(0, view.open.points.findIndex((p) => p.position === position));
function goTo(position) {
  view.at = position;
  view.event = view.open.points[indexOf(position)];
  draw();
}

// --- the case film: lanes, two rulers, clock strip, scrub handle
function drawFilm() {
  const { open } = view, points = open.points, here = indexOf(view.at);
  const first = Math.max(0, Math.min(here - WINDOW / 2, points.length - WINDOW)), part = points.slice(first, first + WINDOW);
  const lanes = [...new Set(part.map((p) => open.lane(p, view.by)))];
  const days = [...new Set(part.flatMap((p) => [p.day, p.entered]))].sort();
  const stack = new Map(), LEFT = 150, ROW = 34, TOP = 46;
  const width = days.map((day) => Math.max(26, 15 * Math.max(...lanes.map((lane) => part.filter((p) => p.day === day && open.lane(p, view.by) === lane).length), 1)));
  const x = new Map();
  let at = LEFT;
  days.forEach((day, n) => {
    const idle = n ? Math.round((Date.parse(day) - Date.parse(days[n - 1])) / 86400000) - 1 : 0;
    if (idle > 0) at += 16;
    x.set(day, at);
    at += width[n];
  });
  const height = TOP + lanes.length * ROW + 66, bottom = TOP + lanes.length * ROW;
  const svg = el("svg", { viewBox: `0 0 ${at + 20} ${height}`, width: at + 20, height, role: "group",
    "aria-label": both("案件影片：每格一条事实，按方向键移动", "Case film: one mark a fact; move with the arrow keys") });
  lanes.forEach((lane, n) => svg.append(el("rect", { x: 0, y: TOP + n * ROW, width: at + 20, height: ROW, class: n % 2 ? "lane odd" : "lane" }),
    el("text", { x: 6, y: TOP + n * ROW + 21, class: "label" }, lane.length > 16 ? `${lane.slice(0, 15)}…` : lane, el("title", {}, lane))));
  days.forEach((day, n) => {
    const gap = n ? Math.round((Date.parse(day) - Date.parse(days[n - 1])) / 86400000) - 1 : 0;
    svg.append(el("text", { x: x.get(day), y: 30, class: "ruler", transform: `rotate(-28 ${x.get(day)} 30)` }, day.slice(5)));
    if (gap > 0) svg.append(el("text", { x: x.get(day) - 15, y: bottom + 12, class: "idle" }, `⋯${gap}`, el("title", {}, both(`闲置${gap}天，已折叠`, `${gap} idle days, folded`))));
    const kind = clockKind(day);
    svg.append(el("rect", { x: x.get(day), y: bottom + 18, width: width[n] - 2, height: 16, class: `day ${kind[0]}` }, el("title", {}, `${day} ${kind[1]}`)),
      el("text", { x: x.get(day) + 3, y: bottom + 30, class: "mark" }, kind[2]));
  });
  svg.append(el("text", { x: 6, y: bottom + 31, class: "label" }, both("时钟", "clock")), el("text", { x: 6, y: 20, class: "label" }, both("发生日", "happened")),
    el("text", { x: 6, y: height - 8, class: "label" }, both("录入日", "entered")));
  for (const [item, bar] of bars()) {
    const from = x.get(days.find((day) => day >= bar.from) ?? days.at(-1)), to = x.get([...days].reverse().find((day) => day <= bar.to) ?? days[0]) + 12;
    if (to > from) svg.append(el("rect", { x: from, y: TOP - 8, width: to - from, height: 5, class: item === view.item ? "bar chosen" : "bar" },
      el("title", {}, `${open.tongue.code(item)} ${bar.from} – ${bar.to}`)));
  }
  part.forEach((point, n) => {
    const lane = lanes.indexOf(open.lane(point, view.by)), place = `${point.day}/${lane}`, count = stack.get(place) ?? 0;
    stack.set(place, count + 1);
    const cx = x.get(point.day) + 9 + count * 15, cy = TOP + lane * ROW + ROW / 2, late = point.entered !== point.day && x.has(point.entered);
    if (late) svg.append(el("line", { x1: cx, y1: cy, x2: x.get(point.entered) + 9, y2: height - 22, class: "late" }));
    const known = point.position <= view.at;
    const mark = el("g", { role: "button", tabindex: point.position === view.at ? 0 : -1, "aria-label": line(point), "aria-current": point.position === view.at ? "true" : null,
      "data-position": point.position, class: `event ${known ? "" : "unknown"} ${point.position === view.at ? "here" : ""} ${DECISIONS.has(short(point.told.about.type)) ? "decision" : ""}`,
      onclick: () => goTo(point.position), onkeydown: (e) => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); goTo(point.position); } } },
      el("title", {}, line(point)), DECISIONS.has(short(point.told.about.type))
        ? el("rect", { x: cx - 6, y: cy - 6, width: 12, height: 12 }) : el("circle", { cx, cy, r: 6 }));
    svg.append(mark);
  });
  const handle = el("input", { type: "range", id: "scrub", min: 0, max: points.length - 1, value: here, "aria-label": both("移动到哪一条事实", "which fact to stand at"),
    "aria-valuetext": line(points[here]), onchange: (e) => goTo(points[Number(e.target.value)].position), oninput: (e) => { $("where").textContent = line(points[Number(e.target.value)]); } });
  const by = el("button", { onclick: () => { view.by = view.by === "body" ? "person" : "body"; draw(); } }, view.by === "body" ? both("按人员分道", "lanes by person") : both("按单位分道", "lanes by body"));
  const items = el("select", { id: "item", "aria-label": both("时钟看哪一事项", "whose clock"), onchange: (e) => { view.item = e.target.value; draw(); } },
    el("option", { value: "" }, both("时钟：只看日历", "clock: the calendar alone")), [...open.whole.items.keys()].sort().map((code) => el("option", { value: code, selected: code === view.item }, open.tongue.code(code))));
  return [
    el("div", { class: "tools" }, by, items, el("span", { class: "keys" }, both("键：j/k 前后一条，[ ] 上/下一个决定，Home/End", "keys: j/k a step, [ ] previous/next decision, Home/End"))),
    el("p", { id: "range" }, both(`第 ${first + 1}–${first + part.length} 条，共 ${points.length} 条`, `${first + 1}–${first + part.length} of ${points.length} facts`)),
    el("div", { class: "stage" }, el("div", { class: "scroll" }, svg), stateBox()),
    handle, el("p", { id: "where", "aria-live": "polite" }, line(points[here])),
    legend(),
  ];
}
const DECISIONS = new Set(["item_decided", "service_accepted", "service_declined", "item_accepted", "item_refused", "file_closed"]);

function stateBox() {
  const rows = view.open.state(view.at);
  return el("aside", { id: "state", "aria-label": both("此刻的状态", "state at this instant") },
    table(both(`截至档案位置 ${view.at} 所知`, `as known at archive position ${view.at}`), [both("项", "what"), both("状态", "state")], rows));
}
function legend() {
  const say = (kind, zh, en) => el("li", {}, el("span", { class: `swatch ${kind}` }), both(zh, en));
  return el("ul", { class: "legend" }, say("working", "计 工作日", "W working day, counted"), say("makeup", "补 调休上班", "M make-up workday"), say("weekend", "末 周末", "E weekend"),
    say("holiday", "假 节假日", "H holiday"), say("excluded", "停 不计入", "X not counted"), el("li", {}, both("斜线：补录，从发生日到录入日", "slanted line: entered late")));
}

// How a day counts for the chosen item: kind, words, and a letter, so that colour is never alone
function clockKind(day) {
  const { open } = view, kind = open.calendar.kind(day);
  const words = { working: [both("计入", "counted"), both("计", "W")], makeup: [both("调休上班，计入", "make-up workday, counted"), both("补", "M")],
    weekend: [both("周末，不计", "weekend, not counted"), both("末", "E")], holiday: [`${open.calendar.off.get(day) ?? ""} ${both("不计", "not counted")}`, both("假", "H")] };
  const stop = view.item && stops(view.item).find((one) => day > one.from && day <= one.to);
  if (stop && open.calendar.counts(day)) return ["excluded", `${both("不计入", "not counted")}: ${stop.why}`, both("停", "X")];
  return [kind, ...words[kind]];
}
function stops(item) {
  const found = [];
  let open = null;
  for (const point of view.open.cut(Infinity)) {
    if (point.told.fact.item !== item) continue;
    const name = short(point.told.about.type);
    if (name === "correction_requested" || name === "special_procedure_started") open ??= { from: point.day, to: "9999-12-31", why: view.open.tongue.sentence(point.told), point };
    if (name === "special_procedure_supplemented") found.push({ from: point.told.fact.started_on, to: point.told.fact.ended_on, why: view.open.tongue.sentence(point.told), point });
    if (open && (name === "correction_supplied" || name === "special_procedure_ended")) { open.to = point.day; found.push(open); open = null; }
  }
  return open ? [...found, open] : found;
}
function bars() {
  const found = new Map();
  for (const point of view.open.cut(Infinity)) {
    const { about, fact } = point.told, name = short(about.type);
    if (name === "item_accepted") found.set(fact.item, { from: point.day, to: fact.commitment_due_on ?? fact.statutory_due_on ?? view.open.points.at(-1).day });
    if (name === "item_decided" && found.has(fact.item)) found.get(fact.item).to = point.day;
  }
  return found;
}

// --- the same content as a table
function drawTable() {
  const { points } = view.open, pages = Math.ceil(points.length / PAGE);
  view.page = Math.min(view.page, pages - 1);
  const rows = points.slice(view.page * PAGE, (view.page + 1) * PAGE).map((point) => el("tr", { "aria-current": point.position === view.at ? "true" : null },
    [el("button", { class: "link", "data-position": point.position, onclick: () => goTo(point.position) }, String(point.position)), point.day, point.entered === point.day ? "" : point.entered,
      view.open.who(point.told.about.actor), SERVICES[point.told.store]?.[english ? 1 : 0] ?? point.told.store, view.open.tongue.sentence(point.told)].map((cell) => el("td", {}, cell))));
  const turn = (n) => () => { view.page = Math.max(0, Math.min(pages - 1, view.page + n)); draw(); };
  return [el("p", { class: "tools" }, el("button", { onclick: turn(-1), disabled: view.page === 0 }, "‹"), ` ${view.page + 1} / ${pages} `, el("button", { onclick: turn(1), disabled: view.page >= pages - 1 }, "›")),
    table(both(`全部事实（共 ${points.length} 条）`, `every fact (${points.length})`), [both("位置", "position"), both("发生", "happened"), both("补录", "entered"), both("谁", "who"), both("库", "store"), both("何事", "what")], rows, "facts")];
}

// --- the clock ledger of one item, day by day
function drawLedger() {
  const { open } = view, items = [...open.whole.items.keys()].sort();
  if (!items.includes(view.item)) view.item = items.find((code) => bars().has(code)) ?? items[0] ?? "";
  const pick = el("select", { "aria-label": both("事项", "item"), onchange: (e) => { view.item = e.target.value; draw(); } }, items.map((code) => el("option", { value: code, selected: code === view.item }, open.tongue.code(code))));
  const bar = bars().get(view.item), mine = open.cut(Infinity).filter((p) => p.told.fact.item === view.item || p.told.fact.items?.includes?.(view.item));
  const made = [el("p", { class: "tools" }, pick)];
  if (!bar) return [...made, el("p", {}, both("这个事项还没有受理，没有时钟。", "This item was not accepted yet: it has no clock."))];
  const due = open.whole.items.get(view.item).due, until = [due, bar.to].filter(Boolean).sort().at(-1), rows = [];
  let count = 0, total = 0, over = 0;
  for (let day = bar.from; day <= until && rows.length < 1500; day = nextDay(day)) if (day > bar.from && day <= (due ?? until) && clockKind(day)[0] !== "excluded" && open.calendar.counts(day)) total++;
  for (let day = bar.from; day <= until && rows.length < 1500; day = nextDay(day)) {
    const [kind, words, mark] = clockKind(day), counted = day > bar.from && ["working", "makeup"].includes(kind);
    if (counted && day <= (due ?? until)) count++; else if (counted) over++;
    const events = mine.filter((p) => p.day === day);
    rows.push(el("tr", { class: kind }, [day, both("日一二三四五六"[weekday(day)], ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][weekday(day)]), counted ? String(count + over) : "", `${mark} ${day === bar.from ? both("起算日，不计", "first day, not counted") : words}`,
      el("span", {}, events.map((p) => el("button", { class: "link", "data-position": p.position, onclick: () => goTo(p.position) }, `@${p.position} ${open.tongue.sentence(p.told)}`))),
      due && day <= due ? String(Math.max(0, total - count)) : over ? both(`逾${over}`, `${over} over`) : ""].map((cell) => el("td", {}, cell))));
  }
  const dueBy = [...mine].reverse().find((p) => p.told.fact.commitment_due_on || p.told.fact.statutory_due_on);
  const head = both(`${due ?? "—"} 到期：${bar.from} 受理，按工作日计 ${total} 天${stops(view.item).length ? `，其中停表 ${stops(view.item).length} 次` : ""}。日期由事实${dueBy ? ` @${dueBy.position}` : ""}载明，本表按卷宗内日历数天。`,
    `Due ${due ?? "—"}: accepted ${bar.from}, ${total} working days counted${stops(view.item).length ? `, stopped ${stops(view.item).length} times` : ""}. The day is said by fact${dueBy ? ` @${dueBy.position}` : ""}; this table counts by the calendar in the dossier.`);
  const unknown = open.calendar.until && until > open.calendar.until ? el("p", { class: "warn" }, both(`日历只公布到 ${open.calendar.until}，其后为预估。`, `The calendar is announced until ${open.calendar.until}; later days are estimated.`)) : null;
  return [...made, el("p", { id: "because" }, head), unknown, table(both("逐日台账", "day by day"), [both("日期", "date"), both("星期", "day"), both("第几个工作日", "working day"), both("是否计入", "counted?"), both("事实", "facts"), both("还剩", "left")], rows, "ledger")].filter(Boolean);
}

// --- two cuts, and what lies between
function drawDiff() {
  const { open } = view;
  const handle = (name, zh, en) => el("label", {}, both(zh, en), " ", el("input", { type: "number", id: `diff-${name}`, min: open.points[0].position, max: open.points.at(-1).position, value: view[name],
    onchange: (e) => { view[name] = nearest(Number(e.target.value)); draw(); $(`diff-${name}`).focus(); } }));
  const [one, other] = [view.from, view.to].map((at) => new Map(open.state(at)));
  const changed = [...new Set([...one.keys(), ...other.keys()])].filter((key) => one.get(key) !== other.get(key));
  const [low, high] = [Math.min(view.from, view.to), Math.max(view.from, view.to)];
  const between = open.points.filter((p) => p.position > low && p.position <= high);
  const people = [...new Set(between.map((p) => open.who(p.told.about.actor)))].sort();
  return [el("p", { class: "tools" }, handle("from", "起（档案位置）", "from (archive position)"), " ", handle("to", "止", "to")),
    table(both("变化", "changed"), [both("项", "what"), `@${view.from}`, `@${view.to}`], changed.map((key) => [key, one.get(key) ?? "—", other.get(key) ?? "—"]), "changed"),
    el("p", {}, `${both("涉及人员：", "who: ")}${people.join(both("、", ", ")) || "—"}`),
    table(both(`其间之事（${between.length} 条）`, `happened between (${between.length})`), [both("位置", "position"), both("何事", "what")], between.slice(0, 1000).map((p) => [String(p.position), line(p)]), "between"),
    between.length > 1000 ? el("p", { class: "warn" }, both(`只列前 1000 条，共 ${between.length} 条；全部在明细表。`, `the first 1000 of ${between.length}; all are in the table.`)) : null].filter(Boolean);
}
const nearest = (position) => { const known = view.open.points.filter((p) => p.position <= position); return (known.at(-1) ?? view.open.points[0]).position; };

// --- what was found, in the words of verify.py
function drawReport() {
  const { open } = view, { personal, manifest } = open;
  const when = (time) => new Date(time * 1000).toISOString().slice(0, 16).replace("T", " ") + "Z";
  const stores = [...open.stores.values()].map((s) => [s.name, s.origin, String(s.size), s.complete === null ? both("未封存：不能证明无遗漏", "no seal: omissions cannot be excluded") : both(`截至第 ${s.complete} 条无遗漏`, `nothing left out up to ${s.complete}`),
    [...s.seen].map(([who, time]) => `${who} ${when(time)}`).join(", ") || both("无", "none"), [...s.unchecked].join(", ") || "—"]);
  const events = [...open.stores.values()].reduce((sum, s) => sum + s.events.size, 0);
  return [el("p", { id: "summary" }, both(`有效：办件 ${manifest.number}，共 ${events} 条事实（入档 ${open.entries.filter((e) => e.told !== e.own).length} 条），截至档案位置 ${manifest.position}。核验用时 ${(view.took / 1000).toFixed(1)} 秒。`,
    `VALID: matter ${manifest.number}, ${events} facts, ${open.entries.filter((e) => e.told !== e.own).length} of them filed, as of archive position ${manifest.position}. Checked in ${(view.took / 1000).toFixed(1)} s.`)),
    table(both("各库", "stores"), [both("库", "store"), both("日志", "log"), both("大小", "size"), both("完整性", "complete"), both("见证", "cosigned"), both("未核验的签名", "signatures not checked")], stores, "stores"),
    el("p", { id: "personal" }, both(`已披露 ${personal.disclosed} 项，扣留 ${personal.withheld} 项，已删除 ${personal.gone} 项，更正 ${personal.corrected} 项；附件 ${personal.attachments.length} 份`,
      `${personal.disclosed} fields shown, ${personal.withheld} withheld, ${personal.gone} erased, ${personal.corrected} corrected; ${personal.attachments.length} attachments`)),
    table(both("所依据的规则", "rules relied on"), [both("版本", "edition"), both("是否在内", "here?")], [...open.rules.named].sort().map(([edition, inside]) => [edition, inside ? both("在内", "yes") : both("不在内", "NO")])),
    el("p", {}, both("信任策略指纹 ", "policy fingerprint "), el("code", {}, open.policy.fingerprint)),
    el("p", { id: "unchecked" }, both("本页不核验：第二棵树（SM3），以及 ML-DSA-44、SM2 签名。前两项请用 verify.py 核验；SM2 须由持有该算法库或密码机者核验。",
      "This page does not check: the second tree (SM3), and signatures by ML-DSA-44 or SM2. verify.py checks the first two; SM2 is checked by who has the library or the device.")),
    el("h3", {}, both("本结果不能证明：", "This does not prove:")), el("ul", {}, NOT_PROVED.map((one) => el("li", {}, both(...one))))];
}

// --- the proof drawer: from the event to the signatures, step by step
function drawDrawer() {
  const { open, event } = view, drawer = $("drawer");
  if (!event) return drawer.replaceChildren();
  const told = event.told, store = open.stores.get(told.store), personal = (told.fact._sd ?? []).map((digest) => {
    const shown = open.personal.shown.get(digest);
    if (shown) return [shown[0], typeof shown[1] === "string" ? shown[1] : JSON.stringify(shown[1])];
    return [`${digest.slice(0, 8)}…`, open.personal.erased.has(digest) ? both("〔已依法删除〕", "[erased by law]") : both("〔未向您提供〕", "[not given to you]")];
  });
  const fact = Object.fromEntries(Object.entries(told.fact).filter(([name]) => name !== "_sd"));
  const step = (zh, en, value) => el("li", {}, "✔ ", both(zh, en), " ", el("code", {}, value));
  drawer.replaceChildren(el("h2", {}, both("证据", "Proof")), el("p", { id: "told" }, line(event)),
    table(both("这条事实", "this fact"), [both("项", "what"), both("值", "value")], [[both("类型", "type"), told.about.type], [both("发生", "happened"), told.about.effective], [both("录入", "entered"), told.about.recorded], [both("谁", "who"), told.about.actor],
      [both("原因", "cause"), told.about.cause ?? "—"], ...Object.entries(fact).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]), ...personal]),
    el("ol", { class: "steps" }, step("正文规范，叶哈希", "body canonical; leaf hash", told.leaf), step("前链", "chained to", told.about.prev ?? both("（流的第一条）", "(first of its stream)")),
      step(`存在证明：第 ${told.index + 1} 条，经 ${told.path.length} 个节点`, `inclusion: position ${told.index + 1}, over ${told.path.length} nodes`, `→ ${hex(store.root)}`), step("检查点", "checkpoint", `${store.origin} ${store.size}`),
      step("日志签名有效，见证", "log signature good; cosigned by", [...store.seen.keys()].join(", ") || both("无", "none")),
      store.complete === null ? el("li", {}, "? ", both("未封存", "not sealed")) : step("封存：无遗漏至", "sealed: nothing left out up to", String(store.complete))),
    el("button", { onclick: async () => save(`${told.store}-${told.index}.tlog-proof`, await open.dossier.read(`data/${told.store}/proofs/${String(told.index).padStart(12, "0")}.tlog-proof`)) }, both("下载 .tlog-proof", "download .tlog-proof")));
}
function save(name, bytes) {
  const link = el("a", { href: URL.createObjectURL(new Blob([bytes])), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// --- files and keys
function take(files) {
  for (const file of files) if (/\.zip$/i.test(file.name)) view.file = file; else view.policy = file;
  view.verdict = null; view.open = null;
  return check();
}
function step(by) {
  const { points } = view.open, n = indexOf(view.at);
  if (by === "decision" || by === "back") {
    const way = by === "decision" ? 1 : -1;
    for (let m = n + way; m >= 0 && m < points.length; m += way) if (DECISIONS.has(short(points[m].told.about.type))) return goTo(points[m].position);
    return undefined;
  }
  return goTo(points[Math.max(0, Math.min(points.length - 1, by === "first" ? 0 : by === "last" ? points.length - 1 : n + by))].position);
}
const KEYS = { j: 1, k: -1, "]": "decision", "[": "back", Home: "first", End: "last", ArrowRight: 1, ArrowLeft: -1 };
document.addEventListener("keydown", (e) => {
  if (!view.open || e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName)) return;
  if (e.target.getAttribute("role") === "tab") {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (way) { const n = TABS.findIndex(([id]) => id === view.tab); view.tab = TABS[(n + way + TABS.length) % TABS.length][0]; draw(); $(`tab-${view.tab}`).focus(); e.preventDefault(); }
    return;
  }
  if (!(e.key in KEYS)) return;
  e.preventDefault();
  step(KEYS[e.key]);
  document.querySelector(`[data-position="${view.at}"]`)?.focus();
});
$("file").addEventListener("change", (e) => take(e.target.files));
$("policy").addEventListener("change", (e) => take(e.target.files));
$("language").addEventListener("click", () => { english = !english; draw(); });
document.addEventListener("dragover", (e) => e.preventDefault());
document.addEventListener("drop", (e) => { e.preventDefault(); take(e.dataTransfer.files); });
english = !(navigator.language || "zh").toLowerCase().startsWith("zh");
draw();
