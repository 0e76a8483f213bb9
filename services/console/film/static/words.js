// Every word that the film room's script says, in both languages.

const english = document.documentElement.lang === "en";
export const t = (zh, en) => (english ? en : zh);

const WEEK = t("日一二三四五六", ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]);
export const weekday = (day) => t("周", "") + WEEK[new Date(`${day}T00:00:00Z`).getUTCDay()];

export function clockTime(instant) {
  const local = new Date(Date.parse(instant) + 8 * 3600e3).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 19)}`;
}

export const HEADS = { items: t("事项", "Items"), looked: t("谁看过", "Who looked") };
export const CLOCKS = {
  statutory: t("法定时限", "law's limit"), commitment: t("承诺时限", "promised limit"),
  service: t("服务时限", "service promise"), applicant: t("待申请人", "waiting for the unit"),
  notice: t("一次性告知时限", "days for a notice"),
};
// why -> class, one letter (never colour alone), what it means
export const DAYS = {
  working_day: ["c-counted", "✓", t("计入", "counted")],
  calendar_day: ["c-counted", "✓", t("计入（自然日）", "counted (calendar day)")],
  make_up_day: ["c-makeup", "班", t("调休上班，计入", "make-up working day, counted")],
  weekend: ["c-free", "", t("周末", "weekend")],
  holiday: ["c-free", "休", t("放假", "public holiday")],
  suspended: ["c-out", "停", t("不计入（有依据）", "excluded, with its ground")],
  start_day: ["c-start", "起", t("起算当日不计", "day it began, not counted")],
  moves_on: ["c-start", "延", t("顺延", "moves on")],
  overdue: ["c-over", "超", t("超期", "overdue")],
};
export const KINDS = { w: "working_day", m: "make_up_day", e: "weekend", h: "holiday" };

export const STEPS = {
  leaf: t("正文重算的散列值与记录一致", "the hash of the bytes is the recorded one"),
  filed: t("与归档条目所记的散列值一致", "archive filed this very hash"),
  inclusion: t("存在路径通到检查点的根", "the path leads to the checkpoint's root"),
  checkpoint: t("检查点属于该库的日志", "the checkpoint is of this store's log"),
  log: t("日志签名", "signature of the log"),
  witness: t("见证签名", "signature of a witness"),
  quorum: t("见证数达到策略要求", "enough witnesses for the policy"),
  policy: t("信任策略读不懂", "the policy cannot be read"),
};
export const KEYS = [
  ["j / k", t("下一条 / 上一条", "next / before")], ["[ / ]", t("上一 / 下一决定", "decision before / next")],
  ["Home / End", t("最先 / 最后", "first / last")], [t("空格", "Space"), t("播放或暂停", "play or pause")],
  ["a / b", t("放下 A / B 标记", "set cursor A / B")], ["d", t("看 A→B 之差", "difference A→B")],
  ["s", t("此刻状态", "state")], ["r", t("原始事件与散列值", "raw event and hash")],
  ["p", t("证明，浏览器内核验", "proof, verified here")], ["w", t("谁看过", "who looked")],
  ["v", t("换时间轴", "other ruler")], ["f", t("折叠空闲", "fold idle time")],
  ["+ / -", t("放大 / 缩小", "wider / narrower")], ["/", t("筛选", "filter")], ["t", t("到表格", "to the table")],
  ["?", t("按键说明", "keys")],
];
