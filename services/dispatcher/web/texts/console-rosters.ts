/** Texts of rosters: who must rest, and tables of weeks. */

import { IMPORT } from "./console-tasks.ts";
import type { Text } from "./language.ts";

export const REST = {
  between: { en: "{name} must rest until {until}.", zh: "{name}须休息至 {until}。" },
  betweenAll: {
    en: "{name} does not count in this shift: the rest goes on until {until}.",
    zh: "{name}本班不计：须休息至 {until}。",
  },
  days: {
    en: "{name} does not count in this shift: at work each day since {since}.",
    zh: "{name}本班不计：自 {since} 起每天上班。",
  },
  somebody: { en: "A member", zh: "一名成员" },
  mustRest: { en: "must rest: {n}", zh: "{n} 人须休息" },
  saved: { en: "Saved. Somebody must rest: look at what is marked.", zh: "已保存。有人须休息，请看标记。" },
  why: {
    en: "Until then nothing is given to the team that needs them.",
    zh: "在此之前，需要其岗位的任务不会派给本组。",
  },
  keptOff: { en: "{role} must rest until {until}.", zh: "{role}须休息至 {until}。" },
  onlyFree: { en: "Only who is free then and has had the rest", zh: "仅显示届时空闲且休息够的成员" },
  nobodyFree: { en: "Nobody is free then with enough rest.", zh: "届时没有空闲且休息够的成员。" },
  suit: { en: "in a suit", zh: "穿着防护服" },
  inSuit: { en: "In a protective suit since {time}.", zh: "{time} 起穿着防护服。" },
  suitOff: { en: "It is off", zh: "已脱下" },
} satisfies Record<string, Text>;

export const ROSTER_IMPORT = {
  ...IMPORT,
  open: { en: "Import a table", zh: "导入排班表" },
  title: { en: "Rosters from a table", zh: "导入排班表" },
  intro: {
    en: "A CSV file, one shift a row, with who works in it. It is checked first; nothing is sent before you say so.",
    zh: "CSV 文件，每行一个班次及其成员。先检查，确认后才提交。",
  },
  columnsHint: {
    en: "A column a role: phone, whole name or id of a member; empty: as it is. break: minutes (30), or when (11:30-13:00 30). Times are those of {zone}.",
    zh: "每个岗位一列：填成员电话、全名或编号，留空不变。break：分钟数（30），或时段（11:30-13:00 30）。时间按 {zone}。",
  },
  twins: { en: "{n} in which somebody must rest", zh: "{n} 行有人须休息" },
  skipTwins: { en: "Leave out the rows in which somebody must rest", zh: "不提交有人须休息的行" },
  created: { en: "{n} shifts made", zh: "新建 {n} 个班次" },
  merged: { en: "{n} shifts changed", zh: "更新 {n} 个班次" },
  repeated: { en: "{n} were so already", zh: "{n} 个班次无变化" },
  known: { en: "{n} are so already", zh: "{n} 行无变化" },
  sentBefore: { en: "is so already", zh: "无变化" },
  leftOut: { en: "{n} left out: somebody must rest", zh: "{n} 行因有人须休息未提交" },
  leftOutReason: { en: "left out: somebody must rest", zh: "未提交：有人须休息" },
  toShifts: { en: "To the week", zh: "返回周表" },
  back: { en: "Week of shifts", zh: "排班周表" },
  tooLarge: {
    en: "The file is too large for the page ({most} rows). Split it.",
    zh: "文件过大（页面最多 {most} 行）。请拆分。",
  },
} satisfies Record<string, Text>;
