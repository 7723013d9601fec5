/** Texts of a district's settings and of accounts. */

import type { Text } from "./language.ts";

export const DISTRICT = {
  about: { en: "The district", zh: "辖区" },
  name: { en: "Name", zh: "名称" },
  code: { en: "Code", zh: "代码" },
  codeHint: { en: "Small letters, digits, _ and -. Programs use it.", zh: "小写字母、数字、_ 和 -，供接口使用。" },
  zone: { en: "Time zone", zh: "时区" },
  zoneHint: { en: "Shifts, days and tables are in it.", zh: "班次、日期和表格均按此时区。" },
  slots: { en: "Roles on a team", zh: "小组岗位" },
  slotsHint: { en: "One member each. A role that is still needed stays.", zh: "每岗一人。仍在使用的岗位不能删除。" },
  addSlot: { en: "Another role", zh: "其他岗位" },
  removeSlot: { en: "Remove {role}", zh: "移除{role}" },
  settings: { en: "Settings", zh: "参数" },
  changedOnly: {
    en: "They count from now on; walks follow at the next planning.",
    zh: "立即生效，路线在下次规划时更新。",
  },
  first: { en: "Make the first district", zh: "新建第一个辖区" },
  another: { en: "Make another district", zh: "新建辖区" },
  make: { en: "Make the district", zh: "新建辖区" },
  made: { en: "{name} is made, with the usual kinds of tasks.", zh: "已新建 {name}，并带有常用任务类型。" },
} satisfies Record<string, Text>;

export interface SettingText {
  readonly label: Text;
  readonly hint: Text;
  readonly unit: Text;
}

const SECONDS: Text = { en: "s", zh: "秒" };
const KMH: Text = { en: "km/h", zh: "公里/时" };
const NONE: Text = { en: "", zh: "" };

/** Every setting of a district, in the order in which people look for them, under a heading. */
export const SETTINGS: readonly { heading: Text; items: Readonly<Record<string, SettingText>> }[] = [
  {
    heading: { en: "Health", zh: "健康" },
    items: {
      fever_line_c: {
        label: { en: "Fever line", zh: "发热线" },
        hint: { en: "Above it a temperature is a fever.", zh: "高于此值即为发热。" },
        unit: { en: "°C", zh: "℃" },
      },
      retention_days: {
        label: { en: "Personal data kept", zh: "个人信息保留" },
        hint: { en: "Closed tasks lose personal data after this.", zh: "任务结束超过此时间后删除个人信息。" },
        unit: { en: "days", zh: "天" },
      },
    },
  },
  {
    heading: { en: "The way", zh: "路程" },
    items: {
      walk_kmh: {
        label: { en: "Pace on foot", zh: "步行速度" },
        hint: { en: "On the ground, between doors.", zh: "门与门之间的实际速度。" },
        unit: KMH,
      },
      scooter_kmh: {
        label: { en: "Pace by scooter", zh: "电动车速度" },
        hint: { en: "Between doors, parking apart.", zh: "不含停车时间。" },
        unit: KMH,
      },
      scooter_parking_s: {
        label: { en: "Parking a scooter", zh: "停车时间" },
        hint: { en: "At each stop.", zh: "每站。" },
        unit: SECONDS,
      },
      detour: {
        label: { en: "Detour", zh: "绕行系数" },
        hint: { en: "Way on the ground for each metre as the crow flies.", zh: "实际路程与直线距离之比。" },
        unit: { en: "times", zh: "倍" },
      },
      setup_s: {
        label: { en: "Set-up at a door", zh: "每户准备时间" },
        hint: { en: "The bell, the stairs, gloves: once a stop.", zh: "按铃、上楼、戴手套，每站一次。" },
        unit: SECONDS,
      },
    },
  },
  {
    heading: { en: "Planning", zh: "派单" },
    items: {
      max_visits_per_shift: {
        label: { en: "Most visits in a shift", zh: "每班最多走访数" },
        hint: { en: "Empty: no limit. A team may have its own.", zh: "留空不限。小组可单独设置。" },
        unit: { en: "visits", zh: "次" },
      },
      accept_limit: {
        label: { en: "Stops a team may accept", zh: "可提前接单数" },
        hint: { en: "The rest of its walk stays plannable.", zh: "其余任务仍可改派。" },
        unit: { en: "stops", zh: "站" },
      },
      home_grid_price_s: {
        label: { en: "Price of leaving the home grid", zh: "离开责任网格的代价" },
        hint: { en: "A team leaves it when that saves more than this.", zh: "节省时间超过此值时才派到其他网格。" },
        unit: SECONDS,
      },
      even_price_s: {
        label: { en: "Price of unevenness", zh: "均衡代价" },
        hint: {
          en: "So much further a visit goes for each visit that the other team has fewer. 0: no matter.",
          zh: "对方每少一次走访，愿意多走的时间。0 表示不考虑。",
        },
        unit: SECONDS,
      },
      freeze_s: {
        label: { en: "Frozen before it begins", zh: "临近锁定" },
        hint: { en: "What starts sooner keeps its team and place.", zh: "即将开始的任务不再调整。" },
        unit: SECONDS,
      },
      plan_ahead_s: {
        label: { en: "Plan shifts ahead", zh: "提前规划" },
        hint: { en: "A shift that begins within this is planned already.", zh: "在此时间内开始的班次会提前规划。" },
        unit: SECONDS,
      },
      handover_ask_s: {
        label: { en: "Ask before the shift ends", zh: "交接提醒" },
        hint: {
          en: "So long before the end a team says what it finishes and what it hands over.",
          zh: "下班前此时间起，请小组逐项确认：自己完成或交给下一班。",
        },
        unit: SECONDS,
      },
      handover_within_s: {
        label: { en: "The next team begins within", zh: "接班间隔" },
        hint: {
          en: "A team of the same grid that begins so soon after a shift follows it.",
          zh: "同一网格内，下班后此时间内上班的小组为接班组。",
        },
        unit: SECONDS,
      },
      follow_up_ahead_s: {
        label: { en: "Follow-up tasks ahead", zh: "随访任务提前生成" },
        hint: { en: "So long before they open.", zh: "在开始时间之前提前生成。" },
        unit: SECONDS,
      },
      look_again_s: {
        label: { en: "Look again", zh: "重新派单间隔" },
        hint: { en: "A task that fits nowhere is tried again after this.", zh: "暂时派不出的任务隔此时间再试。" },
        unit: SECONDS,
      },
    },
  },
  {
    heading: { en: "Specimens", zh: "标本" },
    items: {
      specimen_round_s: {
        label: { en: "Round of a pick-up point", zh: "收样点收运间隔" },
        hint: { en: "So often its tubes are taken to the lab.", zh: "每隔此时间送往实验室一次。" },
        unit: SECONDS,
      },
      specimen_lab_s: {
        label: { en: "To the lab within", zh: "送达实验室时限" },
        hint: { en: "From the end of the round.", zh: "自本轮结束起计算。" },
        unit: SECONDS,
      },
    },
  },
  {
    heading: { en: "Rest and breaks", zh: "休息" },
    items: {
      rest_between_shifts_s: {
        label: { en: "Rest between two shifts", zh: "两班之间至少休息" },
        hint: { en: "Before it a member does not count. Empty: no rule.", zh: "未休息够的成员不参与派单。留空不限。" },
        unit: SECONDS,
      },
      most_days_in_a_row: {
        label: { en: "Most days in a row", zh: "最多连续上班" },
        hint: {
          en: "On one day more a member does not count. Empty: no rule.",
          zh: "超过后当天不参与派单。留空不限。",
        },
        unit: { en: "days", zh: "天" },
      },
      suit_limit_s: {
        label: { en: "Longest in a protective suit", zh: "防护服最长穿着" },
        hint: {
          en: "After it nothing new until it is off. Empty: no limit.",
          zh: "超时后脱下之前不再派新任务。留空不限。",
        },
        unit: SECONDS,
      },
      break_s: {
        label: { en: "Break of a new shift", zh: "新班次默认休息" },
        hint: { en: "Where a shift is made without one. Empty: none.", zh: "新建班次未填写时使用。留空则无。" },
        unit: SECONDS,
      },
      break_after_s: {
        label: { en: "Break from", zh: "休息最早" },
        hint: { en: "So long after the shift begins.", zh: "开班后经过此时间。" },
        unit: SECONDS,
      },
      break_window_s: {
        label: { en: "Break begins within", zh: "休息开始范围" },
        hint: { en: "So long from then on.", zh: "从最早时间起，在此时间内开始。" },
        unit: SECONDS,
      },
    },
  },
  {
    heading: { en: "Warnings", zh: "提醒" },
    items: {
      due_soon_s: {
        label: { en: "About to be due", zh: "即将超时" },
        hint: { en: "A task due within this is shown so.", zh: "剩余时间少于此值时提醒。" },
        unit: SECONDS,
      },
      silent_after_s: {
        label: { en: "Silent phone", zh: "手机失联" },
        hint: {
          en: "A team on shift that was not heard for this long is shown as silent.",
          zh: "在班小组超过此时间无消息即提示失联。",
        },
        unit: SECONDS,
      },
      late_after_s: {
        label: { en: "Walk is late", zh: "路线滞后" },
        hint: { en: "A walk so far behind its plan is laid out anew.", zh: "落后计划超过此值时重新规划。" },
        unit: SECONDS,
      },
    },
  },
];

/** A setting that a newer dispatcher knows and this page does not. */
export const UNKNOWN_SETTING: SettingText = { label: NONE, hint: NONE, unit: NONE };

export const ACCOUNTS = {
  title: { en: "Accounts", zh: "账号" },
  add: { en: "Add an account", zh: "添加账号" },
  edit: { en: "Account {name}", zh: "账号 {name}" },
  name: { en: "Name", zh: "名称" },
  permission: { en: "Permission", zh: "权限" },
  secret: { en: "Password", zh: "密码" },
  secretHint: {
    en: "10 characters or more. Without one nobody logs in by name: a program with tokens.",
    zh: "至少 10 个字符。不设则不能登录，仅供程序使用令牌。",
  },
  newSecret: { en: "New password", zh: "新密码" },
  newSecretHint: { en: "Leave empty to keep it. A new one ends the sessions.", zh: "留空则不变。设置后需重新登录。" },
  districts: { en: "Districts", zh: "辖区" },
  everywhere: { en: "all of them", zh: "全部" },
  active: { en: "Active", zh: "启用" },
  leads: { en: "District lead: is told of alarms that nobody took up", zh: "辖区负责人：接收无人处理的警报" },
  admin: { en: "admin", zh: "管理员" },
  coordinator: { en: "coordinator", zh: "调度员" },
  auditor: { en: "auditor (looks, changes nothing)", zh: "审计员（只读）" },
  integration: { en: "program", zh: "程序接口" },
  tokens: { en: "Sessions and tokens", zh: "会话与令牌" },
  session: { en: "session", zh: "会话" },
  program: { en: "program token", zh: "程序令牌" },
  until: { en: "until {time}", zh: "至 {time}" },
  noTokens: { en: "None.", zh: "无。" },
  label: { en: "What for", zh: "用途" },
  makeToken: { en: "Make a token", zh: "生成令牌" },
  tokenOnce: { en: "Copy it now: it is shown this once.", zh: "请立即复制，仅显示一次。" },
  revoke: { en: "Revoke", zh: "吊销" },
  revokeOf: { en: "Revoke {label}", zh: "吊销 {label}" },
} satisfies Record<string, Text>;
