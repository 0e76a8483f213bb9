// --- what an event says, in words; the templates are ours, the facts are the proved ones
let english = false;
const both = (zh, en) => (english ? en : zh);
const there = (value) => !(value === undefined || value === null || value === false || value === "" || value === 0 ||
  (Array.isArray(value) && !value.length) || (typeof value === "object" && !Array.isArray(value) && !Object.keys(value).length));

class Tongue {
  constructor(rules) {
    this.names = new Map([["applicant", ["项目单位", "the unit"]]]);
    const put = (list) => (Array.isArray(list) ? list : []).forEach((one) => one?.id && this.names.set(one.id, [one.zh ?? one.id, one.en ?? null]));
    for (const table of rules.catalogues) [table.items, table.materials, table.milestones].forEach(put);
    for (const pack of rules.packs) [pack.bodies, pack.evaluation?.instruments, pack.archive?.contents].forEach(put);
  }
  word(list, value) { return english ? String(value).replaceAll("_", " ") : WORDS.glossary[`${list}.${value}`] ?? String(value); }
  code(value) {
    const known = this.names.get(value), name = known && (english ? known[1] : known[0]);
    if (!name) return String(value);
    if (!/^[A-Z]/.test(value)) return name;
    return english ? `${value} (${name})` : `${value}（${name}）`;
  }
  #said(value, how) {
    if (how === "#") return String(Array.isArray(value) ? value.length : typeof value === "object" && value ? Object.keys(value).length : 0);
    if (Array.isArray(value)) return value.map((one) => this.#said(one, how)).join(english ? ", " : "、");
    if (value === null || value === undefined) return "—";
    if (typeof value === "object") return JSON.stringify(value);
    return how ? this.word(how.slice(1), value) : this.code(String(value));
  }
  sentence(event) {
    const template = WORDS.sentences[event.about.type];
    if (!template) return event.about.type;
    const fact = event.fact, empty = (value) => value === undefined || value === null || value === "" || (Array.isArray(value) && !value.length);
    return template[english ? 1 : 0]
      .replace(/\[([^[\]]*)\]/g, (_, inner) => ([...inner.matchAll(/\{(\w+)(#|:\w+)?\}/g)].some((m) => empty(fact[m[1]])) ? "" : inner))
      .replace(/\{(\w+)([?!])((?:[^{}]|\{[^{}]*\})*)\}/g, (_, name, wanted, words) => (there(fact[name]) === (wanted === "?") ? words : ""))
      .replace(/\{(\w+)(#|:\w+)?\}/g, (_, name, how) => this.#said(fact[name], how ?? ""));
  }
}

const ZONE = 8 * 3600 * 1000; // legal days are Asia/Shanghai
const dayOf = (text) => (text.length === 10 ? text : new Date(Date.parse(text) + ZONE).toISOString().slice(0, 10));
const nextDay = (day, n = 1) => new Date(Date.parse(`${day}T00:00:00Z`) + n * 86400000).toISOString().slice(0, 10);
const weekday = (day) => new Date(`${day}T00:00:00Z`).getUTCDay();

// Which days are working days, by the newest calendar in the dossier
class Calendar {
  constructor(tables) {
    const national = tables.filter((t) => t.years && !t.over).sort((a, b) => (a.published_until < b.published_until ? -1 : 1)).at(-1);
    this.zh = national?.zh ?? "";
    this.until = national?.published_until ?? "";
    this.off = new Map(); this.work = new Set();
    for (const table of [national, ...tables.filter((t) => t.over)].filter(Boolean))
      for (const year of table.years ?? [])
        for (const festival of year.festivals ?? []) {
          for (let day = festival.from; day <= festival.to; day = nextDay(day)) { this.off.set(day, festival.zh); this.work.delete(day); }
          for (const day of festival.work ?? []) { this.work.add(day); this.off.delete(day); }
        }
  }
  kind(day) {
    if (this.work.has(day)) return "makeup";
    if (this.off.has(day)) return "holiday";
    return [0, 6].includes(weekday(day)) ? "weekend" : "working";
  }
  counts(day) { return ["working", "makeup"].includes(this.kind(day)); }
}

// --- the matter, folded from its facts as archive folds it: by legal day, then archive's order
const COURSE = {
  item_submitted: "submitted", item_received: "received", correction_requested: "correcting", correction_supplied: "received",
  special_procedure_started: "suspended", item_refused: "not_accepted", item_withdrawn: "withdrawn", item_ready: "ready",
};
const short = (type) => type.split(".")[1];

function folded(points) {
  const matter = { standing: "unknown", mode: null, body: null, lead: null, agents: new Set(), unit: new Set(), deciders: new Set(),
    items: new Map(), scope: null, forecast: null, issues: new Set(), fees: new Set(), paid: new Set(), file: "unopened", documents: 0, log: [] };
  const item = (code) => matter.items.get(code) ?? matter.items.set(code, { state: "waiting", outcome: null, due: null, promised: false, agent: null }).get(code);
  const closed = (code, state) => { const one = item(code); if (one.state !== "closed") one.state = state; return one; };
  for (const point of points) {
    const { about, fact } = point.told, name = short(about.type);
    if (about.store === "archive") {
      if (name === "file_opened") matter.file = "open";
      if (name === "file_closed") matter.file = "closed";
      if (name === "document_filed") matter.documents++;
      continue;
    }
    if (COURSE[name] && fact.item) closed(fact.item, COURSE[name]);
    switch (name) {
      case "service_requested": case "project_auto_enrolled":
        matter.standing = "requested"; [fact.applicant ?? about.behalf ?? about.actor, fact.handler].forEach((one) => one && matter.unit.add(one)); break;
      case "service_accepted": matter.standing = "accepted"; matter.body = fact.body ?? null; break;
      case "service_declined": matter.standing = "declined"; break;
      case "mode_chosen": matter.mode = fact.mode; break;
      case "item_scope_fixed": matter.scope = fact.items ?? []; break;
      case "agent_assigned": case "agent_reassigned":
        matter.agents.add(fact.agent); if (fact.lead) matter.lead = fact.agent;
        (fact.items ?? []).forEach((code) => { item(code).agent = fact.agent; }); break;
      case "item_dispatched": item(fact.item).agent = fact.agent ?? null; if (fact.agent) matter.agents.add(fact.agent); break;
      case "plan_made": case "plan_revised":
        (fact.lines ?? []).forEach((line) => { if (!line.tracked) item(line.item).due = line.due_on ?? null; }); matter.forecast = fact.forecast_on ?? null; break;
      case "item_accepted": case "special_procedure_ended": {
        const one = closed(fact.item, "accepted"), due = fact.commitment_due_on ?? fact.statutory_due_on;
        if (due) { one.due = due; one.promised = Boolean(fact.commitment_due_on); }
        break;
      }
      case "item_extended": { const one = item(fact.item); if (fact.statutory_due_on && !one.promised) one.due = fact.statutory_due_on; break; }
      case "due_recomputed": (fact.lines ?? []).forEach((line) => { const one = item(line.item); if (one.due === (line.was_on ?? null)) one.due = line.now_on ?? null; }); break;
      case "item_decided": closed(fact.item, "decided").outcome = fact.outcome; if (fact.decider) matter.deciders.add(fact.decider); break;
      case "result_collected": closed(fact.item, "collected"); break;
      case "result_delivered": (fact.items ?? []).forEach((code) => closed(code, "delivered")); break;
      case "item_closed": item(fact.item).state = "closed"; break;
      case "issue_opened": matter.issues.add(fact.issue); break;
      case "issue_resolved": matter.issues.delete(fact.issue); break;
      case "fee_due": matter.fees.add(fact.fee); break;
      case "fee_paid": matter.paid.add(fact.fee); break;
    }
  }
  return matter;
}

const SERVICES = { intake: ["受理", "intake"], assignment: ["派单", "assignment"], supervision: ["督办", "supervision"], evaluation: ["评价", "evaluation"], archive: ["归档", "archive"] };
const STANDINGS = { unknown: "未申请", requested: "已申请", accepted: "已受理", declined: "不予受理", unopened: "未建档", open: "在档", closed: "已结档" };

// Everything a view needs, from what was verified
class Case {
  constructor(found) {
    Object.assign(this, found);
    this.tongue = new Tongue(found.rules);
    this.calendar = new Calendar(found.rules.calendars);
    this.points = found.entries
      .filter((one) => !(one.told.about.type === "archive.document_filed.v1" && one.told.fact.source))
      .map((one) => {
        const { about, fact } = one.told, day = dayOf(about.effective);
        return { ...one, day, entered: fact["~clock"] === "simulated" ? day : dayOf(about.recorded) };
      });
    this.whole = folded(this.ordered(this.points));
  }
  ordered(points) { return [...points].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : a.position - b.position)); }
  // What was known at `position` of archive's order, of what had happened by `day` (null: no bound)
  cut(position, day = null) { return this.ordered(this.points.filter((p) => p.position <= position && (!day || p.day <= day))); }
  who(actor) {
    const [kind, name = ""] = actor.split(":"), tail = name.slice(-6);
    if (this.whole.unit.has(actor)) return both("项目单位", "the unit");
    if (kind === "s") return english ? `${name} (automatic)` : `系统·${SERVICES[name]?.[0] ?? name}`;
    if (kind === "a") return both(`代办机构${name}`, `agency ${name}`);
    if (this.whole.agents.has(actor)) return both(`代办专员·${tail}`, `agent ${tail}`);
    if (this.whole.deciders.has(actor)) return both(`审批人员·${tail}`, `approver ${tail}`);
    return both(`工作人员·${tail}`, `staff ${tail}`);
  }
  lane(point, by) {
    const { about, fact } = point.told;
    if (by === "person") return this.who(about.actor);
    const body = typeof fact.body === "string" ? fact.body : null;
    if (body) return this.tongue.code(body);
    if (this.whole.unit.has(about.actor) || this.whole.unit.has(about.behalf)) return both("项目单位", "the unit");
    return SERVICES[about.store]?.[english ? 1 : 0] ?? about.store;
  }
  state(position, day = null) {
    const matter = folded(this.cut(position, day)), t = this.tongue, plain = (word) => (english ? word : STANDINGS[word] ?? word), rows = [];
    rows.push([both("办件", "matter"), plain(matter.standing)], [both("档案", "file"), plain(matter.file)],
      [both("方式", "mode"), matter.mode ? t.word("mode_choice", matter.mode) : "—"],
      [both("牵头专员", "lead agent"), matter.lead ? this.who(matter.lead) : "—"],
      [both("在册专员", "agents"), [...matter.agents].map((one) => this.who(one)).join(", ") || "—"],
      [both("预计办完", "forecast"), matter.forecast ?? "—"],
      [both("未决问题", "open issues"), String(matter.issues.size)],
      [both("未缴费用", "unpaid fees"), String([...matter.fees].filter((fee) => !matter.paid.has(fee)).length)],
      [both("文件", "documents"), String(matter.documents)]);
    const codes = [...new Set([...(matter.scope ?? []), ...[...matter.items.keys()].sort()])];
    for (const code of codes) {
      const one = matter.items.get(code) ?? { state: "waiting" };
      rows.push([t.code(code), [t.word("item_state", one.state), one.outcome && t.word("outcome", one.outcome),
        one.due && both(`${one.due}到期`, `due ${one.due}`), one.agent && this.who(one.agent)].filter(Boolean).join(" · ")]);
    }
    return rows;
  }
}
