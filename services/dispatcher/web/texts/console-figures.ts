/** Texts of the figures of a district, and what each of them means. */

import type { Text } from "./language.ts";

export const FIGURES = {
  title: { en: "Figures", zh: "统计" },
  from: { en: "From", zh: "从" },
  to: { en: "To", zh: "到" },
  show: { en: "Show", zh: "查看" },
  last: { en: "{n} days", zh: "近 {n} 天" },
  presets: { en: "Days up to today", zh: "截至今天" },
  asOf: { en: "As of {time}", zh: "截至 {time}" },
  refresh: { en: "Count again", zh: "重新统计" },
  counting: { en: "Counting …", zh: "正在统计…" },
  tooMany: { en: "At most {n} days at once.", zh: "一次最多查看 {n} 天。" },
  turned: { en: "The first day is after the last.", zh: "开始日期晚于结束日期。" },
  notADay: { en: "Give both days.", zh: "请填写开始和结束日期。" },
  charts: { en: "At a glance", zh: "概览" },
  byDay: { en: "Day by day", zh: "逐日" },
  day: { en: "Day", zh: "日期" },
  whole: { en: "All days", zh: "合计" },
  hours: { en: "{n} h day", zh: "当天 {n} 小时" },
  today: { en: "so far", zh: "截至目前" },
  waiting: { en: "Waiting for a team", zh: "待派原因" },
  reason: { en: "Reason", zh: "原因" },
  tasks: { en: "Tasks", zh: "任务数" },
  waited: { en: "Hours together", zh: "累计时长（小时）" },
  nothingWaited: { en: "Nothing waited on these days.", zh: "这些天没有任务待派。" },
  alarms: { en: "Alarms", zh: "警报" },
  about: { en: "About", zh: "内容" },
  raised: { en: "Raised", zh: "次数" },
  noAlarms: { en: "No alarms on these days.", zh: "这些天没有警报。" },
  teams: { en: "Visits per team", zh: "各小组上门数" },
  members: { en: "Visits per member", zh: "各组员上门数" },
  team: { en: "Team", zh: "小组" },
  member: { en: "Member", zh: "组员" },
  role: { en: "Role", zh: "岗位" },
  share: { en: "Against the busiest", zh: "与最多者相比" },
  perHour: { en: "Per hour on shift", zh: "在班每小时上门" },
  onShift: { en: "Hours on shift", zh: "在班时长（小时）" },
  recorded: { en: "Recorded", zh: "本人记录" },
  spread: { en: "Least {least}, middle {middle}, most {most}.", zh: "最少 {least}，中位 {middle}，最多 {most}。" },
  nobody: { en: "Nobody was on shift or made a visit on these days.", zh: "这些天没有人在班，也没有上门。" },
  download: { en: "Download", zh: "下载" },
  downloadDays: { en: "Days (CSV)", zh: "逐日数据（CSV）" },
  downloadTeams: { en: "Teams (CSV)", zh: "小组数据（CSV）" },
  downloadMembers: { en: "Members (CSV)", zh: "组员数据（CSV）" },
  downloadVisits: { en: "All visits (CSV)", zh: "全部上门记录（CSV）" },
  visitsHold: {
    en: "The table of visits holds names, addresses and results. Who downloads it is recorded.",
    zh: "上门记录含姓名、地址和结果，下载会留下记录。",
  },
  meaning: { en: "What the figures mean", zh: "指标说明" },
  none: { en: "–", zh: "–" },
  minutes: { en: "{n} min", zh: "{n} 分钟" },
  chart: {
    en: "{what}, day by day from {from} to {to}: least {least}, most {most}.",
    zh: "{what}，{from} 至 {to} 逐日：最低 {least}，最高 {most}。",
  },
  emptyChart: { en: "{what}: nothing to count on these days.", zh: "{what}：这些天没有数据。" },
} satisfies Record<string, Text>;

/** Each figure's name and meaning. The glossary says the same. */
export const MEANING = {
  posted: {
    name: { en: "Posted", zh: "新增" },
    means: { en: "Tasks taken in that day.", zh: "当天收到的任务。" },
  },
  on_time: {
    name: { en: "On time", zh: "按时" },
    means: {
      en: "Of the tasks completed that day, the share in which the person was first seen by the due time. A late report counts on the day of the visit.",
      zh: "当天完成的任务中，在时限内首次见到本人的比例。补报按上门当天计算。",
    },
  },
  completed: {
    name: { en: "Completed", zh: "完成" },
    means: { en: "Tasks in which the person was first seen that day.", zh: "当天首次见到本人的任务。" },
  },
  late: {
    name: { en: "Late", zh: "超时完成" },
    means: { en: "Tasks completed that day, after they were due.", zh: "当天完成、但已过时限的任务。" },
  },
  became_overdue: {
    name: { en: "Became overdue", zh: "超时" },
    means: {
      en: "Tasks whose due time passed that day with nobody seen. Another attempt moves the due time; the last one counts.",
      zh: "当天过了时限仍未见到本人的任务。再次上门会顺延时限，以最后的时限为准。",
    },
  },
  closed: {
    name: { en: "Closed otherwise", zh: "其他结束" },
    means: { en: "Tasks not executable, cancelled or expired that day.", zh: "当天无法执行、取消或过期的任务。" },
  },
  waiting: {
    name: { en: "Waited, h", zh: "待派时长（小时）" },
    means: {
      en: "Hours that tasks waited for a team that day, all together. Told by the events; a task that waited for two reasons counts at both.",
      zh: "当天所有任务等待派单的累计小时，依据事件记录；因两种原因等待的任务在两处都计数。",
    },
  },
  response: {
    name: { en: "Response", zh: "响应" },
    means: {
      en: "The middle one of the times from when a task could be begun (posted, or its window opened) to its first visit, of the tasks first visited that day.",
      zh: "从任务可以开始（收到或时段开始）到首次上门的时间中位数，按首次上门当天计算。",
    },
  },
  visits: {
    name: { en: "Visits", zh: "上门" },
    means: {
      en: "Visits and calls made that day, whatever they found. Corrected ones count once.",
      zh: "当天的上门和电话次数，不论结果。更正过的只算一次。",
    },
  },
  travel: {
    name: { en: "Under way", zh: "路途占比" },
    means: {
      en: "Of the time under way and at doors, the share under way. Only stops at which the phones said that the team set out and arrived.",
      zh: "路途和在门口的时间中，路途所占比例。只计算手机报告了出发和到达的地点。",
    },
  },
  seen: {
    name: { en: "Seen of followed", zh: "随访见面率" },
    means: {
      en: "Of the people under follow-up that day, the share that a visit saw.",
      zh: "当天随访对象中，已见到本人的比例。",
    },
  },
  missed: {
    name: { en: "Missed", zh: "漏做" },
    means: {
      en: "What follow-ups had due that day and was not done when the next came. A late visit makes it done.",
      zh: "当天应做、到下一次开始时仍未完成的随访。补做后不再计入。",
    },
  },
  alarms: {
    name: { en: "Alarms", zh: "警报" },
    means: {
      en: "Alarms raised that day, each once however far it went up.",
      zh: "当天发出的警报，逐级上报只算一次。",
    },
  },
  fairness: {
    name: { en: "Visits per team and member", zh: "小组和组员上门数" },
    means: {
      en: "A member's visits are those at which they were on duty with the team. Hours on shift are those of the roster, until now.",
      zh: "组员上门数指其随队在岗时的上门。在班时长按排班计算，截至目前。",
    },
  },
} satisfies Record<string, { name: Text; means: Text }>;
