/** The glossary's words as people read them. */

import type { Text } from "./language.ts";

export const STATUS = {
  pending: { en: "waiting", zh: "待派" },
  assigned: { en: "assigned", zh: "已派" },
  accepted: { en: "accepted", zh: "已接" },
  in_progress: { en: "under way", zh: "进行中" },
  completed: { en: "completed", zh: "已完成" },
  not_executable: { en: "not executable", zh: "无法执行" },
  cancelled: { en: "cancelled", zh: "已取消" },
  expired: { en: "expired", zh: "已过期" },
} satisfies Record<string, Text>;

export const OUTCOME = {
  seen_ok: { en: "Seen, all well", zh: "已见面，正常" },
  seen_not_ok: { en: "Seen, not well", zh: "已见面，异常" },
  unavailable: { en: "Nobody there", zh: "家中无人" },
  refused: { en: "Refused", zh: "拒绝配合" },
  wrong_address: { en: "Wrong address", zh: "地址有误" },
  unsafe: { en: "Unsafe", zh: "现场不安全" },
} satisfies Record<string, Text>;

export const ROLE = {
  grid_worker: { en: "Grid worker", zh: "网格员" },
  doctor: { en: "Doctor", zh: "医生" },
  police: { en: "Police officer", zh: "民警" },
} satisfies Record<string, Text>;

export const DUTY = {
  on: { en: "On duty", zh: "在岗" },
  break: { en: "On a break", zh: "休息" },
  off: { en: "Off duty", zh: "下班" },
} satisfies Record<string, Text>;

export const WAITING = {
  being_planned: { en: "being planned", zh: "正在派单" },
  opens_later: { en: "opens later", zh: "未到时间" },
  no_team_on_shift: { en: "no team on shift", zh: "无在班小组" },
  role_missing: { en: "a role is missing", zh: "岗位缺人" },
  capability_missing: { en: "a capability is missing", zh: "缺少资质" },
  all_teams_full: { en: "all teams are full", zh: "小组已满" },
  no_location: { en: "no location", zh: "缺少位置" },
  outside_every_grid: { en: "outside every grid", zh: "不在任何网格" },
} satisfies Record<string, Text>;

export const ALARM = {
  due_soon: { en: "Due soon", zh: "即将到期" },
  overdue: { en: "Overdue", zh: "任务超时" },
  unaccepted: { en: "Not accepted", zh: "长时间未接单" },
  unassigned: { en: "Without a team for long", zh: "长时间待派" },
  route_late: { en: "Team running late", zh: "小组进度落后" },
  phone_silent: { en: "Phones silent", zh: "手机无响应" },
  role_short: { en: "Role missing", zh: "岗位缺人" },
  fever: { en: "Fever", zh: "发热" },
  refused: { en: "Refused", zh: "拒绝配合" },
  unsafe: { en: "Team threatened", zh: "现场不安全" },
  not_executable: { en: "Not executable", zh: "无法执行" },
  handover_open: { en: "Not handed over", zh: "交接未完成" },
  rest_broken: { en: "Too little rest", zh: "休息不足" },
  suit_too_long: { en: "Too long in the suit", zh: "防护服穿着超时" },
  specimen_late: { en: "Specimens late", zh: "标本送检超时" },
  specimen_count_differs: { en: "Specimen counts differ", zh: "标本数量不符" },
  occurrence_missed: { en: "Follow-up missed", zh: "随访漏做" },
  subject_lost: { en: "Person not seen for days", zh: "随访对象失联" },
} satisfies Record<string, Text>;

export const ALARM_LEVEL = {
  team: { en: "team", zh: "小组" },
  coordinator: { en: "coordinator", zh: "调度员" },
  lead: { en: "district lead", zh: "辖区负责人" },
} satisfies Record<string, Text>;

export const PRODUCT: Text = { en: "Doorstep", zh: "上门" };
