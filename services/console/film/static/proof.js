// What stands beside the picture: the state, the difference, the raw event, its proof, who looked.

const make = (name, text = "", kind = "") => {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (kind) made.className = kind;
  return made;
};
const list = (lines) => {
  const made = make("ul");
  made.append(...lines.map((line) => make("li", line)));
  return made;
};

// A refusal as a person reads it.
export function refused(panel, told) {
  const box = make("div", "", "problem");
  box.setAttribute("role", "alert");
  box.append(make("strong", told.title || "?"), make("p", [told.reason, told.remedy].filter(Boolean).join(" ")), make("small", `${told.status} ${told.code}`));
  panel.replaceChildren(box);
}

export function state(panel, told, { t, clockTime }) {
  const said = told.cut.effective && told.cut.effective.length > 10 ? clockTime(told.cut.effective) : told.cut.effective;
  const cut = told.cut.effective
    ? t(`按办理时间 ${said}，位置${told.cut.known}为止所知`, `as of ${said}, by what was known at position ${told.cut.known}`)
    : t(`入库位置${told.cut.known}为止所知`, `by what was known at position ${told.cut.known}`);
  const hash = make("p");
  hash.append(make("small", t("状态散列值 ", "state hash ")), make("code", told.hash));
  panel.replaceChildren(make("p", cut, "asof"), list(told.text.map((line) => line.trim())), hash);
}

export function difference(panel, told, { t, jump }) {
  const parts = [];
  let items = null;
  for (const line of told.text) {
    if (!line.startsWith("  ")) { parts.push(make(parts.length ? "h3" : "p", line)); items = null; continue; }
    if (!items) { items = make("ul"); parts.push(items); }
    const made = make("li");
    const place = /^ *(\d+)  /.exec(line);
    if (place) {
      const link = make("a", line.trim());
      link.href = jump.address(Number(place[1]));
      link.dataset.position = place[1];
      made.append(link);
    } else made.textContent = line.trim();
    items.append(made);
  }
  panel.replaceChildren(make("p", t("A 到 B 之间", "from A to B"), "hidden"), ...parts);
}

export function raw(panel, entry, { t }) {
  const leaf = entry.copy || entry.own;
  const place = make("p", t(`${leaf.store} 第 ${leaf.position} 条；归档位置 ${entry.position}`, `${leaf.store} position ${leaf.position}; archive position ${entry.position}`));
  const hash = make("p");
  hash.append(make("small", t("叶散列值 ", "leaf hash ")), make("code", leaf.leafhash));
  const exact = make("details");
  const body = make("pre", leaf.body);
  body.id = "exact";
  exact.append(make("summary", t("逐字节原文", "the exact bytes")), body);
  panel.replaceChildren(place, hash, make("pre", JSON.stringify(JSON.parse(leaf.body), null, 2)), exact);
}

export function clocks(panel, told, { t }) {
  panel.replaceChildren(list(told.clocks.map((one) => t(one.zh, one.en))));
}

export async function proof(panel, entry, more) {
  const { t, verify, words, base, again: asked } = more;
  const box = make("div");
  const kept = sessionStorage.getItem("onefile-policy") || "";
  const field = make("textarea");
  field.value = kept;
  field.id = "policy";
  field.spellcheck = false;
  const label = make("label", t("信任策略（由您自己的渠道取得，C2SP tlog-policy）", "Trust policy, from a channel of your own (C2SP tlog-policy)"));
  label.htmlFor = "policy";
  const again = make("button", t("重新核验", "Verify again"));
  const flip = make("button", t("试改一个字节", "Try it: flip one byte"));
  const acts = make("p", "", "acts");
  const saved = make("a", t("下载 .tlog-proof", "Download .tlog-proof"), "button");
  saved.href = `${base}/entry.tlog-proof?at=${entry.position}`;
  saved.download = "";
  again.type = flip.type = "button";
  acts.append(again, flip, ...(entry.proof ? [saved] : []));
  const run = async (evidence) => box.replaceChildren(...await judged(evidence, field.value, { t, verify, words }));
  again.addEventListener("click", async () => {
    sessionStorage.setItem("onefile-policy", field.value);
    const fresh = entry.proof ? null : await asked().catch(() => null);  // signed meanwhile?
    if (fresh?.proof) await proof(panel, fresh, more); else await run(entry);
  });
  flip.addEventListener("click", () => run(tampered(entry)));
  panel.replaceChildren(box, acts, label, field);
  await run(entry);
}

// The same entry with one bit of its body changed: nobody needs to believe that the check checks.
function tampered(entry) {
  const twist = (body) => body.replace(/"area":"(.)/, (_, c) => `"area":"${c === "1" ? "2" : "1"}`);
  const leaf = entry.copy ? "copy" : "own";
  return { ...entry, [leaf]: { ...entry[leaf], body: twist(entry[leaf].body) } };
}

async function judged(evidence, policy, { t, verify, words }) {
  if (!globalThis.crypto?.subtle) {
    return [make("p", t("此浏览器只在 https 或本机地址下提供密码运算：请用 https 打开，或用离线核验程序。", "This browser offers cryptography over https or on this machine only: open the page by https, or use the offline verifier."), "problem")];
  }
  let steps;
  try { steps = await verify.verify(evidence, policy); } catch (error) { steps = [{ name: "leaf", ok: false, detail: String(error.message) }]; }
  const bad = steps.some((one) => one.ok === false), open = steps.some((one) => one.ok === null);
  const verdict = bad ? ["no", t("✗ 核验未通过：内容与证明不符", "✗ Not verified: the content does not fit its proof")]
    : open ? ["open", t("△ 内容与日志相符；见证尚未核验", "△ The content fits the log; witnesses are not checked")]
      : ["yes", t("✓ 核验通过", "✓ Verified")];
  const shown = make("ul", "", "steps");
  for (const one of steps) {
    const mark = one.ok === true ? "✓ " : one.ok === false ? "✗ " : "△ ";
    const made = make("li", mark + words.STEPS[one.name], one.ok === true ? "yes" : one.ok === false ? "no" : "open");
    made.dataset.step = one.name;
    made.append(document.createElement("br"), make("small", explained(one, t)));
    shown.append(made);
  }
  const said = make("p", verdict[1], `verdict ${verdict[0]}`);
  said.id = "verdict";
  said.setAttribute("role", "status");
  return [said, shown];
}

function explained({ name, ok, detail }, t) {
  if (name === "inclusion" && detail === "unsigned") return t("该库还没有签到此处，过几秒再试", "the store has not signed this far yet: try again in a few seconds");
  if (name === "log" && detail.endsWith(" · own")) {
    return detail.replace(" · own", "") + t("；公钥由本系统给出，请与纸面告知的公钥比对，或填入信任策略", "; the key is told by the system itself: compare it with the one on paper, or give a policy");
  }
  if (name === "log" && ok === null) return t("没有可用的公钥", "no key to check it with");
  if (name === "witness" && ok === null) return t(`检查点上另有 ${detail} 个签名；填入信任策略后核验`, `${detail} further signatures; give a policy to check them`);
  return detail;
}

export function looked(panel, told, { t, clockTime }) {
  if (!told.looks.length) { panel.replaceChildren(make("p", t("没有查阅记录", "nobody looked"), "empty")); return; }
  const table = make("table");
  const head = make("tr");
  for (const name of [t("时间", "When"), t("谁", "Who"), t("看什么", "What")]) { const th = make("th", name); th.scope = "col"; head.append(th); }
  table.append(make("thead"), make("tbody"));
  table.tHead.append(head);
  for (const one of told.looks) {
    const row = make("tr");
    row.append(make("td", clockTime(one.at)), make("td", `·${one.actor.slice(-6)}`), make("td", `${one.service} ${one.purpose}`));
    table.tBodies[0].append(row);
  }
  const more = told.looks.length >= 500 ? [make("p", t("只列最近五百次", "the newest five hundred"), "asof")] : [];
  const silent = told.silent.length ? [make("p", t("未应答的服务：", "services that did not answer: ") + told.silent.join(", "), "warning")] : [];
  panel.replaceChildren(...silent, ...more, table);
}
