/** Texts of the phone's screens after log-in. */

import type { Text } from "./language.ts";

/* What every screen may need. */
export const BACK: Text = { en: "Back", zh: "返回" };
export const LOADING: Text = { en: "The route is not on this phone yet.", zh: "本机还没有路线。" };
export const CANCEL: Text = { en: "Cancel", zh: "取消" };

/* A door. */
export const NEXT_DOOR: Text = { en: "Next door", zh: "下一户" };
export const NEXT_CALL: Text = { en: "Next call", zh: "下一个电话" };
export const LATER_DOOR: Text = { en: "Door {n}", zh: "第 {n} 户" };
export const THEN: Text = { en: "Then", zh: "之后" };
export const AT_THE_DOOR: Text = { en: "We are here", zh: "已到门口" };
export const ON_THE_WAY: Text = { en: "We are on our way", zh: "正在前往" };
export const NO_ADDRESS: Text = { en: "No address: ask by phone", zh: "无地址，请电话联系" };
export const PEOPLE: Text = { en: "Who", zh: "住户" };
export const WHAT_TO_DO: Text = { en: "What to do", zh: "任务" };
export const ACCESS: Text = { en: "How to get in", zh: "进门须知" };
export const ATTEMPT: Text = { en: "Attempt {n} of {m}", zh: "第 {n} 次，共 {m} 次" };
export const NEEDS: Text = { en: "Needs: {what}", zh: "需要：{what}" };
export const YOUR_CALL: Text = { en: "your call", zh: "由您拨打" };
export const CALL_OF: Text = { en: "call of {name} ({role})", zh: "由{name}（{role}）拨打" };
export const TUBES: Text = { en: "Tubes to expect: {n}, at {point}", zh: "预计 {n} 管，取自{point}" };
export const NOT_FOR_YOU: Text = { en: "for your colleagues", zh: "由同事完成" };
export const URGENT: Text = { en: "Urgent", zh: "紧急" };
export const GONE: Text = {
  en: "No longer with your team. What you record is kept all the same.",
  zh: "此任务已不在本组；您的记录仍会保存。",
};

/* Times. */
export const DUE_BY: Text = { en: "due by {time}", zh: "{time} 前完成" };
export const LEFT: Text = { en: "{time} left", zh: "还剩 {time}" };
export const LATE: Text = { en: "{time} late", zh: "已超时 {time}" };
export const NOT_BEFORE: Text = { en: "Not before {time}", zh: "{time} 后才可上门" };
export const PLANNED_AT: Text = { en: "Planned at {time}", zh: "预计 {time} 到达" };
export const PLANNED_LATE: Text = { en: "planned {time} late", zh: "预计超时 {time}" };
export const WALK: Text = { en: "{time} on the way", zh: "路上 {time}" };
export const BREAK: Text = { en: "Break", zh: "休息" };
export const BREAK_FROM_TO: Text = { en: "{from} to {to}", zh: "{from} 至 {to}" };

export const WARNINGS = {
  role_missing: { en: "A colleague that this needs is not on duty.", zh: "所需岗位的同事不在岗。" },
  capability_missing: { en: "Nobody on duty has the training that this needs.", zh: "在岗人员缺少所需资质。" },
  no_location: { en: "Not on the map: go by the address.", zh: "地图上无位置，请按地址前往。" },
} satisfies Record<string, Text>;

export const FLAGS: Readonly<Record<string, Text>> = {
  language: { en: "Speaks {value}", zh: "语言：{value}" },
  deaf: { en: "Deaf", zh: "听障" },
  blind: { en: "Blind", zh: "视障" },
  no_smartphone: { en: "No smartphone", zh: "无智能手机" },
  wheelchair: { en: "Wheelchair", zh: "轮椅" },
  bedridden: { en: "Bedridden", zh: "卧床" },
  alone: { en: "Lives alone", zh: "独居" },
  pregnant: { en: "Pregnant", zh: "孕妇" },
  child: { en: "Child", zh: "儿童" },
  children: { en: "Children: {value}", zh: "儿童：{value}" },
  dog: { en: "Dog", zh: "有狗" },
  dialysis: { en: "Dialysis", zh: "透析" },
  woman_only: { en: "Wants a woman", zh: "需女性工作人员" },
};
export const LANGUAGES: Readonly<Record<string, Text>> = {
  en: { en: "English", zh: "英语" },
  zh: { en: "Chinese", zh: "中文" },
  yue: { en: "Cantonese", zh: "粤语" },
  wuu: { en: "Shanghainese", zh: "上海话" },
  ug: { en: "Uyghur", zh: "维吾尔语" },
  bo: { en: "Tibetan", zh: "藏语" },
  ko: { en: "Korean", zh: "朝鲜语" },
  ja: { en: "Japanese", zh: "日语" },
  fr: { en: "French", zh: "法语" },
  ar: { en: "Arabic", zh: "阿拉伯语" },
};
export const CAPABILITIES: Readonly<Record<string, Text>> = {
  swab: { en: "swab training", zh: "采样资质" },
  woman: { en: "a woman", zh: "女性工作人员" },
  english: { en: "English", zh: "英语" },
  driver: { en: "a driver", zh: "驾驶员" },
};

/* What to press at a door. */
export const CALL: Text = { en: "Call", zh: "打电话" };
export const CALL_WHOM: Text = { en: "Call {name}", zh: "打电话给 {name}" };
export const NAVIGATE: Text = { en: "Navigate", zh: "导航" };
export const DEPART: Text = { en: "On our way", zh: "出发" };
export const ARRIVE: Text = { en: "We are here", zh: "已到达" };
export const RECORD: Text = { en: "Record", zh: "记录" };
export const CANNOT_GO: Text = { en: "We cannot do this", zh: "无法前往" };

/* Nothing to do. */
export const NOTHING: Text = { en: "Nothing to do right now", zh: "目前没有任务" };
export const NOTHING_SHIFT: Text = {
  en: "Your shift runs until {time}. New doors appear here by themselves.",
  zh: "本班至 {time}。有新任务会自动显示。",
};
export const SHIFT_AHEAD: Text = { en: "Your shift begins {time}.", zh: "您的班次 {time} 开始。" };
export const NO_SHIFT: Text = { en: "No shift is planned for you.", zh: "目前没有给您排班。" };
export const NO_TEAM: Text = { en: "You are on no team now.", zh: "您目前不在任何小组。" };
export const ALL_DONE: Text = { en: "{n} recorded today", zh: "今日已记录 {n} 条" };
export const OFF_NOW: Text = { en: "You are off duty. Go on duty to get doors.", zh: "您已下班。上岗后才会派单。" };
export const GO_ON: Text = { en: "Go on duty", zh: "上岗" };
export const ON_BREAK: Text = { en: "You are on a break.", zh: "您正在休息。" };

/* The route. */
export const ROUTE: Text = { en: "Route", zh: "路线" };
export const AS_LIST: Text = { en: "List", zh: "列表" };
export const AS_MAP: Text = { en: "Map", zh: "地图" };
export const SHOWN_AS: Text = { en: "Show as", zh: "显示方式" };
export const MAP_LABEL: Text = { en: "Map of the route", zh: "路线地图" };
export const MAP_MISSING: Text = {
  en: "The map is not on this phone yet. It loads when there is a signal.",
  zh: "本机还没有地图，有信号时会加载。",
};
export const STOPS_LEFT: Text = { en: "{n} doors left", zh: "还剩 {n} 户" };
export const STOPS_LEFT_ONE: Text = { en: "1 door left", zh: "还剩 1 户" };
export const ACCEPT_NEXT: Text = { en: "Accept the next {n}", zh: "接下后面 {n} 户" };
export const ACCEPT_ONE: Text = { en: "Accept the next door", zh: "接下一户" };
export const ACCEPT_HINT: Text = {
  en: "What you accept does not go to another team.",
  zh: "接单后不会再改派给其他小组。",
};
export const KEPT: Text = { en: "kept by us", zh: "已接单" };
export const NEW_MARK: Text = { en: "new", zh: "新增" };
export const MOVED_AWAY_MARK: Text = { en: "moved away", zh: "已改派" };

export const CHANGED: Text = { en: "Your route changed", zh: "路线有变化" };
export const CHANGE_NEW: Text = { en: "{n} new", zh: "新增 {n} 户" };
export const CHANGE_AWAY: Text = { en: "{n} moved away", zh: "改派 {n} 户" };
export const CHANGE_DONE: Text = { en: "{n} done by your team", zh: "同事完成 {n} 户" };
export const CHANGE_ORDER: Text = { en: "new order", zh: "顺序调整" };
export const GOT_IT: Text = { en: "Got it", zh: "知道了" };
export const CHANGE_MORE: Text = { en: "and {n} more", zh: "另有 {n} 户" };

export const DECLINE_TITLE: Text = { en: "Why not?", zh: "无法前往的原因" };
export const DECLINE_HINT: Text = {
  en: "The door goes to another team, and the coordinator reads the reason.",
  zh: "将改派给其他小组，调度员会看到原因。",
};
export const DECLINE_SEND: Text = { en: "Give it back", zh: "退回派单" };
export const DECLINE_OTHER: Text = { en: "Another reason", zh: "其他原因" };
export const DECLINED: Text = { en: "Given back.", zh: "已退回。" };
export const REASONS: readonly Text[] = [
  { en: "Too far away", zh: "距离太远" },
  { en: "No time left in this shift", zh: "本班来不及" },
  { en: "Equipment is missing", zh: "缺少物资设备" },
  { en: "A colleague is missing", zh: "缺少同事" },
  { en: "Language", zh: "语言不通" },
  { en: "Not safe for us", zh: "不安全" },
];

/* Recording. */
export const RECORD_TITLE: Text = { en: "Record", zh: "记录" };
export const TASKS_HERE: Text = { en: "Tasks at this door", zh: "本户任务" };
export const NOTE: Text = { en: "Note", zh: "备注" };
export const ADD_NOTE: Text = { en: "Add a note", zh: "添加备注" };
export const OUTCOME: Text = { en: "Outcome", zh: "结果" };
export const ALL_WELL: Text = { en: "All well", zh: "一切正常" };
export const NOT_WELL: Text = { en: "Not all well", zh: "有异常" };
export const FEVER_SAVE: Text = { en: "Record the fever", zh: "记录发热" };
export const NOT_SEEN_VISIT: Text = { en: "Nobody seen", zh: "未见到人" };
export const NOT_SEEN_CALL: Text = { en: "Not reached", zh: "未接通" };
export const NOT_SEEN_TITLE: Text = { en: "What happened?", zh: "什么情况？" };
export const OUTCOMES_CALL = {
  unavailable: { en: "No answer", zh: "无人接听" },
  refused: { en: "Refused", zh: "拒绝配合" },
  wrong_address: { en: "Wrong number", zh: "号码有误" },
  unsafe: { en: "Threatened", zh: "受到威胁" },
} satisfies Record<string, Text>;
export const ONLY_THIS: Text = { en: "Only this task", zh: "仅此任务" };
export const ALL_HERE: Text = { en: "All {n} tasks here", zh: "本户全部 {n} 项" };
export const APPLIES_TO: Text = { en: "This is true of", zh: "适用于" };
export const FILL_IN: Text = {
  en: "Something is missing or impossible: see above.",
  zh: "有内容未填或填写有误，请看上方。",
};
export const FEVER_TITLE: Text = { en: "Fever: above {line} °C", zh: "发热：高于 {line} ℃" };
export const FEVER_NOT_WELL: Text = { en: "It is recorded as not well.", zh: "将记录为异常。" };
export const FEVER_NEXT: Text = { en: "Ordered at once: {what}.", zh: "将立即派单：{what}。" };
export const COLLEAGUES_RECORD: Text = {
  en: "What is found is recorded by your colleagues. You can say that nobody was seen.",
  zh: "结果由同事记录。您可以记录“未见到人”。",
};
export const NO_FORM: Text = {
  en: "The form is not on this phone. Write what you found into the note.",
  zh: "本机没有该表单，请把结果写在备注里。",
};
export const NOT_KEPT: Text = {
  en: "This could not be kept on the phone. Free some of its storage and try again.",
  zh: "本机未能保存，请清理存储空间后重试。",
};
export const NOT_ON_ROUTE: Text = {
  en: "This door is no longer on your route.",
  zh: "此户已不在您的路线上。",
};
export const JUST_RECORDED: Text = { en: "Just recorded", zh: "刚刚记录" };

/* Recorded today. */
export const DONE_TITLE: Text = { en: "Recorded today", zh: "今日记录" };
export const DONE_NONE: Text = { en: "Nothing recorded today.", zh: "今日尚无记录。" };
export const DONE_COUNT: Text = { en: "{n} recorded", zh: "共 {n} 条" };
export const DONE_WAIT: Text = { en: "{n} wait to be sent", zh: "{n} 条待上报" };
export const WAITS: Text = { en: "waits to be sent", zh: "待上报" };
export const STRUCK: Text = { en: "corrected", zh: "已更正" };
export const CORRECTION: Text = { en: "correction", zh: "更正" };
export const CORRECT: Text = { en: "Correct", zh: "更正" };
export const CORRECT_TITLE: Text = { en: "Correct what was recorded", zh: "更正记录" };
export const CORRECT_HINT: Text = {
  en: "The old record stays, struck. Say what it should have been.",
  zh: "原记录会保留并划线。请填写正确内容。",
};
export const WAS: Text = { en: "Recorded as: {what}", zh: "原记录：{what}" };
export const REVIEW: Text = { en: "a coordinator looks at it", zh: "待调度员核实" };
export const NOT_HERE: Text = { en: "This record is not on the phone any more.", zh: "本机已没有这条记录。" };

/* Me. */
export const ME_TITLE: Text = { en: "Me", zh: "我的" };
export const MY_DUTY: Text = { en: "My duty", zh: "我的状态" };
export const DUTY_SHORT = {
  on: { en: "On duty", zh: "在岗" },
  break: { en: "Break", zh: "休息" },
  off: { en: "Off duty", zh: "下班" },
} satisfies Record<string, Text>;
export const OFF_TITLE: Text = { en: "Go off duty?", zh: "确定下班？" };
export const OFF_HINT: Text = {
  en: "What needs you goes to other teams.",
  zh: "需要您的任务将改派给其他小组。",
};
export const OFF_YES: Text = { en: "Yes, go off duty", zh: "确定下班" };
export const SUIT = {
  title: { en: "Protective suit", zh: "防护服" },
  needed: { en: "Protective suit", zh: "须穿防护服" },
  putOn: { en: "I put it on", zh: "我已穿上" },
  takeOff: { en: "I took it off", zh: "我已脱下" },
  since: { en: "On since {time}, for {span}.", zh: "{time} 穿上，已 {span}。" },
  left: { en: "Take it off by {time}.", zh: "请在 {time} 前脱下。" },
  tooLong: { en: "Worn for too long. Nothing new comes until it is off.", zh: "穿着超时。脱下前不再派新任务。" },
} satisfies Record<string, Text>;
export const TEAM: Text = { en: "Team", zh: "小组" };
export const NOBODY_ELSE: Text = { en: "Nobody else is on the team.", zh: "小组目前没有其他成员。" };
export const SHIFT: Text = { en: "Shift", zh: "班次" };
export const SHIFT_NOW: Text = { en: "now, until {time}", zh: "进行中，至 {time}" };
export const SHIFT_NEXT: Text = { en: "next: {from} to {to}", zh: "下一班：{from} 至 {to}" };
export const SET_ASIDE: Text = { en: "Not taken as it was sent", zh: "未按原样接收" };
export const SET_ASIDE_HINT: Text = {
  en: "Nothing is lost. Read why, and tell the coordinator where it matters.",
  zh: "内容没有丢失。请查看原因，必要时告诉调度员。",
};
export const REPORTS = {
  accept: { en: "Accept", zh: "接单" },
  decline: { en: "Give back", zh: "退单" },
  depart: { en: "On our way", zh: "出发" },
  arrive: { en: "We are here", zh: "到达" },
  visit: { en: "Record", zh: "记录" },
  correct: { en: "Correction", zh: "更正" },
  keep: { en: "We finish it", zh: "由本组完成" },
  hand_over: { en: "Hand over", zh: "移交下一班" },
  acknowledge: { en: "Alarm seen", zh: "确认警报" },
  duty: { en: "Duty", zh: "状态" },
  suit: { en: "Protective suit", zh: "防护服" },
  position: { en: "Position", zh: "位置" },
} satisfies Record<string, Text>;
export const REVIEWS = {
  result_breaks_form: {
    en: "The form has changed meanwhile. A coordinator looks at the record.",
    zh: "表单已更新，记录待调度员核实。",
  },
  task_was_closed: {
    en: "The task was closed already. The record is kept.",
    zh: "任务此前已关闭，记录已保存。",
  },
  not_held_by_team: {
    en: "The task had moved to another team. The record is kept.",
    zh: "任务已改派给其他小组，记录已保存。",
  },
  // Phones are not told these.
  too_quick: { en: "The record is kept.", zh: "记录已保存。" },
  too_far: { en: "The record is kept.", zh: "记录已保存。" },
} satisfies Record<string, Text>;
