/** Texts of what a coordinator does with tasks: one task, several at once, a new one, a whole table. */

import type { Text } from "./language.ts";

type Texts = Record<string, Text>;

export const TASK = {
  redacted: {
    en: "Personal data was removed: the task was closed more than {n} days ago.",
    zh: "任务已结束超过 {n} 天，个人信息已删除。",
  },
  gone: { en: "There is no such task, or it is not in your districts.", zh: "没有这项任务，或不在您的辖区内。" },
  opens: { en: "Opens", zh: "最早开始" },
  due: { en: "Due", zh: "截止" },
  window: { en: "Window", zh: "时间要求" },
  priority: { en: "Priority", zh: "优先级" },
  attempts: { en: "Attempts", zh: "上门次数" },
  attemptsOf: { en: "{n} of {most}", zh: "第 {n} 次，最多 {most} 次" },
  needs: { en: "Needs", zh: "需要" },
  takes: { en: "Takes", zh: "用时" },
  instructions: { en: "Instructions", zh: "注意事项" },
  place: { en: "Place", zh: "地点" },
  noAddress: { en: "No address", zh: "没有地址" },
  noPoint: { en: "Not on the map yet", zh: "地图上没有位置" },
  accessNotes: { en: "Access notes", zh: "进门说明" },
  grid: { en: "Grid", zh: "网格" },
  outside: { en: "outside every grid", zh: "不在任何网格" },
  person: { en: "Person", zh: "对象" },
  noPerson: { en: "Nobody named", zh: "未指定对象" },
  reference: { en: "Reference", zh: "外部编号" },
  call: { en: "by phone", zh: "电话" },
  pinned: { en: "by hand", zh: "人工指定" },
  whyWaits: { en: "Why it waits", zh: "为什么还在等" },
  whyTeam: { en: "Why this team", zh: "为什么是这个小组" },
  visits: { en: "Visits", zh: "上门记录" },
  history: { en: "History", zh: "经过" },
  closed: { en: "Closed {at}", zh: "{at} 结束" },
  made: { en: "Made by what another visit found.", zh: "由另一次上门的结果生成。" },
  openMaker: { en: "Open that task", zh: "查看该任务" },
  again: { en: "Read again", zh: "重新读取" },
  copyLink: { en: "Reference {ref}", zh: "外部编号 {ref}" },
} satisfies Texts;

export const PRIORITY = {
  1: { en: "1 · can wait", zh: "1 · 不急" },
  2: { en: "2 · low", zh: "2 · 较低" },
  3: { en: "3 · normal", zh: "3 · 普通" },
  4: { en: "4 · high", zh: "4 · 较高" },
  5: { en: "5 · urgent", zh: "5 · 紧急" },
} satisfies Record<number, Text>;

export const FLAG: Texts = {
  language: { en: "speaks {value}", zh: "语言：{value}" },
  no_smartphone: { en: "no smartphone", zh: "没有智能手机" },
  lives_alone: { en: "lives alone", zh: "独居" },
  hard_of_hearing: { en: "hard of hearing", zh: "听力不便" },
  pregnant: { en: "pregnant", zh: "孕妇" },
  wheelchair: { en: "wheelchair", zh: "轮椅" },
  dog: { en: "dog", zh: "有狗" },
};

export const ACTION = {
  edit: { en: "Edit", zh: "修改" },
  give: { en: "Give to a team…", zh: "派给小组…" },
  giveOther: { en: "Give to another team…", zh: "改派…" },
  release: { en: "Take back…", zh: "收回…" },
  cancel: { en: "Cancel task…", zh: "取消任务…" },
  save: { en: "Save", zh: "保存" },
  discard: { en: "Discard", zh: "放弃修改" },
  back: { en: "Back", zh: "返回" },
  tryAgain: { en: "Try again", zh: "重试" },
  saved: { en: "Saved", zh: "已保存" },
  cancelled: { en: "Cancelled", zh: "已取消" },
  released: { en: "Taken back; it is being placed anew", zh: "已收回，正在重新派单" },
  given: { en: "Given to {team}", zh: "已派给{team}" },
  nothingChanged: { en: "Nothing was changed.", zh: "没有改动。" },
} satisfies Texts;

export const EDIT = {
  meanwhile: {
    en: "Somebody changed this task meanwhile. Look at both, then save again.",
    zh: "有人同时修改了这项任务。请对照后再保存。",
  },
  theirs: { en: "Now there:", zh: "对方改为：" },
  takeTheirs: { en: "Take it", zh: "采用" },
  nothing: { en: "nothing", zh: "空" },
  closedMeanwhile: { en: "The task was closed meanwhile.", zh: "任务已结束。" },
  doorHint: {
    en: "This corrects the door itself, for every task there.",
    zh: "修改的是住户资料，对该住户的所有任务生效。",
  },
  address: { en: "Address", zh: "地址" },
  otherDoor: { en: "It is another door", zh: "换一户" },
  sameDoor: { en: "Correct this door", zh: "更正这一户" },
  leaveDoor: { en: "Leave the place as it is", zh: "地点不变" },
  kindNeeds: { en: "asked for by the kind", zh: "任务类型要求" },
  origin: { en: "Origin", zh: "来源" },
  fewMinutes: { en: "Minutes at the door", zh: "入户用时（分钟）" },
  personStays: {
    en: "Who it is about cannot be changed: cancel this task and make another.",
    zh: "对象不能修改：请取消后另建任务。",
  },
} satisfies Texts;

export const CANCEL = {
  title: { en: "Cancel this task?", zh: "取消这项任务？" },
  titleMany: { en: "Cancel {n} tasks?", zh: "取消 {n} 项任务？" },
  warn: {
    en: "{team} has it. It leaves their list at once.",
    zh: "任务在{team}手上，会立刻从他们的列表中消失。",
  },
  reason: { en: "Why", zh: "原因" },
  reasonHint: { en: "Those who read the task later see this.", zh: "以后查看任务的人会看到。" },
  keep: { en: "Keep it", zh: "不取消" },
  do: { en: "Cancel task", zh: "取消任务" },
  doMany: { en: "Cancel {n} tasks", zh: "取消 {n} 项" },
  needReason: { en: "Say why.", zh: "请写明原因。" },
} satisfies Texts;

export const CANCEL_REASONS: readonly Text[] = [
  { en: "No longer needed", zh: "不再需要" },
  { en: "Entered twice", zh: "重复录入" },
  { en: "Done by somebody else", zh: "已由他人完成" },
  { en: "The person moved away", zh: "人员已离开" },
];

export const RELEASE = {
  title: { en: "Take it back from {team}?", zh: "从{team}收回？" },
  titleMany: { en: "Take {n} tasks back?", zh: "收回 {n} 项任务？" },
  hint: {
    en: "It is placed anew within a second, perhaps with the same team.",
    zh: "一秒内重新派单，可能仍派给原小组。",
  },
  reason: { en: "Why (for the history)", zh: "原因（记入经过）" },
  do: { en: "Take back", zh: "收回" },
  keep: { en: "Leave it", zh: "不收回" },
} satisfies Texts;

/** Codes that a coordinator gives when taking a task back. */
export const RELEASE_CODES = {
  team_delayed: { en: "the team is delayed", zh: "小组耽搁" },
  team_unreachable: { en: "the team cannot be reached", zh: "联系不上小组" },
  wrong_team: { en: "wrong team", zh: "小组不合适" },
  member_unwell: { en: "a member is unwell", zh: "成员身体不适" },
  more_urgent_work: { en: "more urgent work came", zh: "有更紧急的任务" },
} satisfies Texts;

export const GIVE = {
  title: { en: "Give to a team", zh: "派给小组" },
  titleMany: { en: "Give {n} tasks to a team", zh: "把 {n} 项任务派给小组" },
  search: { en: "Find a team", zh: "查找小组" },
  sort: { en: "Sort", zh: "排序" },
  nearest: { en: "nearest first", zh: "按距离" },
  leastLoaded: { en: "least to do first", zh: "按任务量" },
  none: { en: "No team of that name.", zh: "没有这个小组。" },
  noTeams: { en: "The district has no teams yet.", zh: "本区还没有小组。" },
  hasIt: { en: "has it now", zh: "现在在此" },
  offShift: { en: "not on shift", zh: "不当班" },
  lacks: { en: "lacks {what}", zh: "缺{what}" },
  away: { en: "{metres} m away", zh: "距 {metres} 米" },
  awayKm: { en: "{km} km away", zh: "距 {km} 公里" },
  placeUnknown: { en: "place unknown", zh: "位置不明" },
  load: { en: "{n} tasks", zh: "{n} 项任务" },
  late: { en: "{n} late", zh: "{n} 项超时" },
  freeAt: { en: "free at {at}", zh: "{at} 空闲" },
  asking: { en: "Asking what it does to the walk of {team}…", zh: "正在计算对{team}路线的影响…" },
  effectOf: { en: "What it does to the walk", zh: "对路线的影响" },
  effect: { en: "What it does to the walk of {team}", zh: "对{team}路线的影响" },
  added: { en: "Added travel", zh: "增加路程" },
  begins: { en: "Would begin", zh: "预计开始" },
  lateBy: { en: "{time} after it is due", zh: "超时 {time}" },
  inTime: { en: "in time", zh: "按时" },
  becomesLate: { en: "Becomes late", zh: "会超时" },
  nobodyLate: { en: "nothing", zh: "没有" },
  overrun: { en: "Beyond the shift", zh: "超出下班" },
  cannot: { en: "What stands against it", zh: "不利之处" },
  stopsAfter: { en: "Stops then", zh: "之后站点" },
  theNew: { en: "this task", zh: "本任务" },
  aBreak: { en: "break", zh: "休息" },
  aStop: { en: "{n} tasks", zh: "{n} 项任务" },
  laterBy: { en: "+{time}", zh: "推迟 {time}" },
  pin: { en: "It stays with {team} until somebody takes it back.", zh: "任务将固定在{team}，直到有人收回。" },
  do: { en: "Give to {team}", zh: "派给{team}" },
  force: {
    en: "Give it all the same. The team hears of it, and what is said above happens.",
    zh: "仍然派给该小组。上述影响会发生。",
  },
  forceDo: { en: "Give it all the same", zh: "仍然派给" },
  forceMany: {
    en: "Also where the team cannot do it, or others become late",
    zh: "即使小组缺条件或其他任务会超时，也派",
  },
  manyHint: {
    en: "Each task goes where it costs the walk least. One that the team cannot do stays where it is.",
    zh: "每项任务插入路线中代价最小的位置。小组做不了的任务保持不变。",
  },
  underWay: { en: "Another team is on its way to it.", zh: "另一个小组正在前往。" },
} satisfies Texts;

export const HISTORY = {
  redacted: { en: "The result was removed.", zh: "结果已删除。" },
  legOpened: { en: "Made for the tubes at a pick-up point", zh: "为取样点的采样管生成" },
  legDelivered: { en: "Tubes counted: all there", zh: "采样管清点：数量一致" },
  legDiffers: { en: "Tubes counted: the counts differ", zh: "采样管清点：数量不符" },
  legGivenUp: { en: "Its tubes go with the next transport", zh: "采样管改由下一趟转运" },
  byYou: { en: "you", zh: "您" },
  byDesk: { en: "a desk or another system", zh: "值班台或其他系统" },
  roleOf: { en: "{role}, {team}", zh: "{team}{role}" },
  created: { en: "Taken in", zh: "接收任务" },
  waiting: { en: "Waits: {why}", zh: "等待：{why}" },
  assigned: { en: "Given to {team}", zh: "派给{team}" },
  pinned: { en: "Given to {team} by hand", zh: "人工派给{team}" },
  accepted: { en: "{team} accepted it", zh: "{team}已接单" },
  departed: { en: "{team} is on the way", zh: "{team}已出发" },
  arrived: { en: "{team} is there", zh: "{team}已到达" },
  released: { en: "Taken from {team}: {why}", zh: "离开{team}：{why}" },
  kept: { en: "{team} finishes it after its shift", zh: "{team}下班后继续完成" },
  handedOver: { en: "{team} hands it over at the end of its shift", zh: "{team}交接班移交" },
  changed: { en: "Changed: {what}", zh: "修改：{what}" },
  visited: { en: "Visit: {outcome}", zh: "上门：{outcome}" },
  corrected: { en: "Visit corrected: {outcome}", zh: "更正上门记录：{outcome}" },
  reopened: { en: "Open again: the visit was corrected", zh: "重新打开：上门记录已更正" },
  completed: { en: "Completed", zh: "已完成" },
  notExecutable: { en: "Not executable", zh: "无法执行" },
  cancelled: { en: "Cancelled", zh: "已取消" },
  expired: { en: "Expired: its window is over", zh: "已过期：超出时间要求" },
  fever: { en: "Fever alarm", zh: "发热警报" },
  feverWithdrawn: { en: "Fever alarm withdrawn", zh: "撤回发热警报" },
  visitReviewed: { en: "Somebody looked at the visit", zh: "记录已核查" },
  notChanged: { en: "The follow-up could not be changed", zh: "随访未能变更" },
  followOnRefused: { en: "The follow-on task {kind} could not be made", zh: "后续任务“{kind}”未能生成" },
  late: { en: "late", zh: "超时" },
  struck: { en: "struck: entered in error", zh: "作废：录入有误" },
  replaces: { en: "replaces an earlier entry", zh: "替换之前的记录" },
  review: { en: "A person should look at this", zh: "需要人工复核" },
  noResult: { en: "No result recorded.", zh: "没有记录结果。" },
  yes: { en: "yes", zh: "是" },
  no: { en: "no", zh: "否" },
  nothing: { en: "Nothing happened yet.", zh: "还没有记录。" },
} satisfies Texts;

/** Why a visit needs a look; codes of `needs_review`. */
export const REVIEW: Texts = {
  result_breaks_form: { en: "The result does not fit its form.", zh: "结果不符合表单。" },
  task_was_closed: {
    en: "The task was closed already; the visit changed nothing.",
    zh: "任务当时已结束，本次记录不影响任务。",
  },
  not_held_by_team: {
    en: "The team did not hold the task then; the visit changed nothing.",
    zh: "任务当时不在该小组，本次记录不影响任务。",
  },
  too_quick: {
    en: "Recorded very soon after another door. The visit counts.",
    zh: "距该小组上一户的记录间隔过短，本次记录有效。",
  },
  too_far: {
    en: "Recorded far from the door. The visit counts.",
    zh: "记录时的位置离门过远，本次记录有效。",
  },
};

/** Visits that need a look, and what followed from visits. */
export const AFTER = {
  reviewed: { en: "Looked at it", zh: "已核查" },
  wasReviewed: { en: "looked at", zh: "已核查" },
  toReview: { en: "visits to look at", zh: "条记录待核查" },
  heading: { en: "Visits to look at", zh: "待核查的记录" },
  hint: {
    en: "They count like any other. Open one, look at it, and say so there.",
    zh: "这些记录照常生效。打开核查后，请在记录上确认。",
  },
  nothing: { en: "Nothing to look at.", zh: "没有待核查的记录。" },
  more: { en: "Show more", zh: "显示更多" },
  followed: { en: "What followed", zh: "后续处置" },
  task: { en: "Task: {kind}", zh: "任务：{kind}" },
  alarm: { en: "Alarm", zh: "警报" },
  follow_up: { en: "Follow-up changed", zh: "随访已变更" },
  withdrawn: { en: "taken back", zh: "已撤回" },
} satisfies Texts;

/** Why an assignment ended. */
export const ENDED: Texts = {
  replanned: { en: "a better plan", zh: "优化路线" },
  released: { en: "taken back", zh: "人工收回" },
  reassigned: { en: "given to another team by hand", zh: "人工改派" },
  declined: { en: "the team declined", zh: "小组拒绝" },
  off_duty: { en: "a member who is needed went off duty", zh: "所需成员下班" },
  shift_ended: { en: "the shift ended", zh: "班次结束" },
  completed: { en: "completed", zh: "已完成" },
  visited_by_another: { en: "another team visited", zh: "其他小组已上门" },
  retry: { en: "nobody seen, to be tried again", zh: "未见到人，稍后再试" },
  not_executable: { en: "not executable", zh: "无法执行" },
  cancelled: { en: "cancelled", zh: "已取消" },
  expired: { en: "expired", zh: "已过期" },
  corrected: { en: "the visit was corrected", zh: "上门记录已更正" },
};

/** The fields of a task as people name them; keys are those of `task.changed`. */
export const FIELDS: Texts = {
  household: { en: "place", zh: "地点" },
  earliest: { en: "opening", zh: "最早开始" },
  due_at: { en: "due time", zh: "截止时间" },
  priority: { en: "priority", zh: "优先级" },
  needs: { en: "needs", zh: "要求" },
  service_s: { en: "time at the door", zh: "用时" },
  instructions: { en: "instructions", zh: "注意事项" },
};

export const BULK = {
  label: { en: "Several tasks at once", zh: "批量处理" },
  chosen: { en: "{n} chosen", zh: "已选 {n} 项" },
  chosenUnseen: { en: "{n} of them not in the list as it is filtered", zh: "其中 {n} 项不在当前筛选结果中" },
  give: { en: "Give to a team…", zh: "派给小组…" },
  release: { en: "Take back…", zh: "收回…" },
  cancel: { en: "Cancel…", zh: "取消…" },
  clear: { en: "Choose none", zh: "取消选择" },
  going: { en: "{done} of {all}", zh: "{done} / {all}" },
  allDone: { en: "All {n} done", zh: "{n} 项全部完成" },
  someDone: { en: "{done} done, {refused} not", zh: "{done} 项完成，{refused} 项未完成" },
  stay: { en: "These stay chosen:", zh: "以下仍保持选中：" },
  more: { en: "and {n} more", zh: "另有 {n} 项" },
  brokeOff: {
    en: "No answer came for the rest. Doing it again is safe.",
    zh: "其余没有收到答复。可以放心重试。",
  },
} satisfies Texts;

export const ONLY_READS: Text = { en: "Your account reads; it changes nothing.", zh: "您的账号只能查看，不能修改。" };

/** A thing, and what is said of it. */

export const NEW = {
  title: { en: "New task", zh: "新建任务" },
  kind: { en: "What is to be done", zh: "任务类型" },
  chooseKind: { en: "Choose…", zh: "请选择…" },
  kindSays: {
    en: "{channel} · {roles} · {minutes} min · due {due}",
    zh: "{channel} · {roles} · {minutes} 分钟 · {due}",
  },
  visit: { en: "at the door", zh: "上门" },
  phone: { en: "by phone", zh: "电话" },
  dueAfter: { en: "{time} after it opens", zh: "开始后 {time} 内" },
  dueDayEnd: { en: "at the end of the day", zh: "当天结束前" },
  where: { en: "Where", zh: "地点" },
  whereCall: { en: "Where (may stay empty for a call)", zh: "地点（电话任务可不填）" },
  who: { en: "Who", zh: "对象" },
  when: { en: "When and how urgent", zh: "时间与优先级" },
  searchDoor: { en: "Find a known door", zh: "查找住户" },
  searchDoorHint: { en: "Part of the address, or the reference", zh: "地址的一部分，或外部编号" },
  newDoor: { en: "New address", zh: "新地址" },
  noDoor: { en: "Nothing found. Give it as a new address.", zh: "没有找到。请按新地址填写。" },
  asNew: { en: "New address: {text}", zh: "新地址：{text}" },
  otherDoor: { en: "Choose another", zh: "另选" },
  pickOnMap: { en: "Click the door on the map", zh: "在地图上点选位置" },
  picking: {
    en: "Click on the map where the door is. Click again to correct.",
    zh: "请在地图上点击门的位置，再点可更正。",
  },
  point: { en: "{lat}, {lon}", zh: "{lat}, {lon}" },
  latitude: { en: "Latitude", zh: "纬度" },
  longitude: { en: "Longitude", zh: "经度" },
  typePoint: { en: "Type the coordinates", zh: "输入坐标" },
  badPoint: {
    en: "Degrees: latitude −90 to 90, longitude −180 to 180.",
    zh: "单位为度：纬度 −90 至 90，经度 −180 至 180。",
  },
  noPointYet: {
    en: "Without a point the task waits until somebody marks it.",
    zh: "没有位置的任务要等标出位置后才能派单。",
  },
  removePoint: { en: "Remove the point", zh: "清除位置" },
  livesHere: { en: "Known at this door", zh: "该住户的人员" },
  nobody: { en: "Nobody in particular", zh: "不指定" },
  newPerson: { en: "Another person", zh: "其他人" },
  searchPerson: { en: "Find a known person", zh: "查找人员" },
  searchPersonHint: { en: "Part of the name or phone number", zh: "姓名或电话的一部分" },
  noPersonFound: { en: "Nobody found. Give them as a new person.", zh: "没有找到。请按新人员填写。" },
  asNewPerson: { en: "New person: {text}", zh: "新人员：{text}" },
  name: { en: "Name", zh: "姓名" },
  phoneNumber: { en: "Phone", zh: "电话" },
  callNeedsPhone: { en: "A call needs a phone number.", zh: "电话任务需要电话号码。" },
  needPlace: { en: "Say where: a door, an address or a point on the map.", zh: "请填写地点：住户、地址或地图位置。" },
  needTime: { en: "Give a value.", zh: "请填写。" },
  needKind: { en: "Choose what is to be done.", zh: "请选择任务类型。" },
  asKind: { en: "{what}, as the kind says", zh: "{what}（类型默认）" },
  earliestHint: { en: "Empty: now", zh: "不填：现在" },
  dueHint: { en: "Empty: {what}", zh: "不填：{what}" },
  dueBeforeOpening: { en: "Give a time after it opens.", zh: "须晚于最早开始时间。" },
  times: { en: "Times are those of {place} ({zone}).", zh: "时间均为{place}当地时间（{zone}）。" },
  addNeed: { en: "Another need, as a code", zh: "其他要求（代码）" },
  otherNeed: { en: "other (code)", zh: "其他（代码）" },
  badNeed: { en: "Lower case letters, digits and underscore.", zh: "仅限小写字母、数字和下划线。" },
  add: { en: "Add", zh: "添加" },
  send: { en: "Send", zh: "提交" },
  sending: { en: "Sending…", zh: "正在提交…" },
  clear: { en: "Start over", zh: "清空" },
  twin: {
    en: "There is an open task like this one: same kind, same door or person.",
    zh: "已有一项相同的未完成任务：同类型、同住户或同对象。",
  },
  openTwin: { en: "Look at it", zh: "查看" },
  sendAnyway: { en: "Send anyway", zh: "仍然提交" },
  dont: { en: "Do not send", zh: "不提交" },
  outside: {
    en: "The point lies outside every grid: the task would wait until the point or a grid is corrected.",
    zh: "位置不在任何网格内：需更正位置或网格后才能派单。",
  },
  cameBefore: {
    en: "An earlier try did arrive, with other content. Look at it, or send this as another task.",
    zh: "之前一次提交其实已成功，但内容不同。请查看，或作为另一项任务提交。",
  },
  sendAsOther: { en: "Send as another task", zh: "作为另一项提交" },
  lost: {
    en: "No answer came. Trying again is safe: it stays one task.",
    zh: "没有收到答复。可以放心重试，不会重复建任务。",
  },
  in: { en: "The task is in.", zh: "任务已提交。" },
  wasIn: { en: "The task was in already.", zh: "任务之前已提交。" },
  placing: { en: "Looking for a team…", zh: "正在派单…" },
  placed: { en: "{team} has it.", zh: "已派给{team}。" },
  waits: { en: "It waits: {why}.", zh: "等待中：{why}。" },
  open: { en: "Open it", zh: "查看任务" },
  sameDoor: { en: "Another one at the same door", zh: "同一住户再建一项" },
  another: { en: "Another task", zh: "再建一项" },
} satisfies Texts;

export const IMPORT = {
  title: { en: "Tasks from a table", zh: "批量导入任务" },
  intro: {
    en: "A CSV file, one task a row. It is checked first; nothing is sent before you say so.",
    zh: "CSV 文件，每行一项任务。先检查，确认后才提交。",
  },
  drop: { en: "Drop the file here, or", zh: "把文件拖到这里，或" },
  choose: { en: "choose a file", zh: "选择文件" },
  example: { en: "Example file", zh: "下载示例文件" },
  columns: { en: "Columns", zh: "列" },
  columnsHint: {
    en: "Only kind and a place (for a call: a phone) are needed. Times without offset are those of {zone}.",
    zh: "只有 kind 和地点（电话任务为电话）必填。未写时区的时间按 {zone}。",
  },
  reading: { en: "Reading…", zh: "正在读取…" },
  elsewhere: { en: "This table belongs to {name}; its rows go there.", zh: "此表属于{name}，将提交到该辖区。" },
  readAs: { en: "{name}: {rows} rows, read as {encoding}", zh: "{name}：{rows} 行，编码 {encoding}" },
  checking: { en: "Checking {done} of {all} rows", zh: "正在检查 {done} / {all} 行" },
  good: { en: "{n} good", zh: "{n} 行可提交" },
  bad: { en: "{n} bad", zh: "{n} 行有误" },
  twins: { en: "{n} possible duplicates", zh: "{n} 行可能重复" },
  known: { en: "{n} sent before", zh: "{n} 行之前已提交" },
  showAll: { en: "All {n}", zh: "全部 {n} 行" },
  row: { en: "Row", zh: "行" },
  verdict: { en: "Verdict", zh: "结果" },
  fine: { en: "good", zh: "可提交" },
  sentBefore: { en: "sent before", zh: "之前已提交" },
  twin: { en: "An open task looks like it.", zh: "与一项未完成任务相似。" },
  twinInFile: { en: "Row {row} has the same {column}.", zh: "与第 {row} 行的 {column} 相同。" },
  likeRow: { en: "Row {row} looks like it.", zh: "与第 {row} 行相似。" },
  openTwin: { en: "Look", zh: "查看" },
  page: { en: "Page {n} of {all}", zh: "第 {n} / {all} 页" },
  previous: { en: "Previous", zh: "上一页" },
  next: { en: "Next", zh: "下一页" },
  nothing: { en: "None.", zh: "没有。" },
  skipTwins: { en: "Leave out the possible duplicates", zh: "不提交可能重复的行" },
  send: { en: "Send the {n} good rows", zh: "提交 {n} 行" },
  sendNone: { en: "There is no good row to send.", zh: "没有可提交的行。" },
  other: { en: "Another file", zh: "换一个文件" },
  stop: { en: "Stop", zh: "停止" },
  sending: { en: "Sending {done} of {all} rows", zh: "正在提交 {done} / {all} 行" },
  paused: { en: "Stopped after {done} of {all} rows.", zh: "已停止，完成 {done} / {all} 行。" },
  lost: {
    en: "No answer came. Going on is safe: no row is made twice.",
    zh: "没有收到答复。可以放心继续，不会重复提交。",
  },
  loggedOut: { en: "Your log-in is over. Log in again, then go on.", zh: "登录已失效。请重新登录后继续。" },
  goOn: { en: "Go on", zh: "继续" },
  done: { en: "Done.", zh: "完成。" },
  created: { en: "{n} tasks made", zh: "新建 {n} 项任务" },
  repeated: { en: "{n} were there already", zh: "{n} 项之前已有" },
  merged: { en: "{n} known before, with more to them now", zh: "{n} 项已有，已补充" },
  rejected: { en: "{n} rows not taken", zh: "{n} 行未接收" },
  download: { en: "Download the {n} rows that were not taken, with reasons", zh: "下载未接收的 {n} 行（含原因）" },
  mend: { en: "Mend them and import that file as it is.", zh: "修改后可直接再次导入该文件。" },
  toBoard: { en: "To the board", zh: "回到总览" },
  leftOut: { en: "{n} left out as possible duplicates", zh: "{n} 行因可能重复未提交" },
  leftOutReason: { en: "left out: possible duplicate", zh: "未提交：可能重复" },
  notSent: { en: "not sent", zh: "未提交" },
  notText: {
    en: "The file is neither UTF-8 nor GB18030 text. Save it as CSV UTF-8.",
    zh: "文件既不是 UTF-8 也不是 GB18030。请另存为 CSV UTF-8。",
  },
  tooLarge: {
    en: "The file is too large for the page ({most} rows). Split it, or use `doorstep import`.",
    zh: "文件过大（页面最多 {most} 行）。请拆分，或使用 doorstep import。",
  },
  noRows: { en: "There are no rows below the header.", zh: "表头下面没有数据。" },
  broken: {
    en: "Row {row} is broken: a quotation mark is not closed, or stands in the wrong place.",
    zh: "第 {row} 行有误：引号没有闭合或位置不对。",
  },
  unreadable: { en: "The file cannot be read.", zh: "无法读取文件。" },
  progress: { en: "Progress", zh: "进度" },
  rowsOfTable: { en: "Rows of the table", zh: "表格内容" },
} satisfies Texts;

export const SEARCHING: Text = { en: "Searching…", zh: "正在查找…" };
export const RESULTS: Text = { en: "{n} found", zh: "找到 {n} 个" };
export const READING: Text = { en: "Reading…", zh: "正在读取…" };
