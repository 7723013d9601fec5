/** Texts of the console's alarms: the list on the board, and their rules in the set-up. */

import type { Text } from "./language.ts";

export const ALARMS = {
  heading: { en: "Alarms", zh: "警报" },
  count: { en: "{n} to look at", zh: "{n} 条待确认" },
  acknowledge: { en: "Acknowledge", zh: "确认" },
  acknowledgeOf: { en: "Acknowledge: {what}", zh: "确认：{what}" },
  acknowledgeAll: { en: "Acknowledge all {n}", zh: "全部确认（{n}）" },
  acknowledged: { en: "Acknowledged.", zh: "已确认。" },
  taken: { en: "Acknowledged: {n}", zh: "已确认 {n} 条" },
  takenBy: { en: "{name}, {time}", zh: "{name}，{time}" },
  withTeams: { en: "Told to the teams so far: {n}", zh: "目前仅通知小组 {n} 条" },
  more: { en: "{n} more", zh: "另有 {n} 条" },
  fewer: { en: "Fewer", zh: "收起" },
  justNow: { en: "just now", zh: "刚刚" },
  since: { en: "for {time}", zh: "已 {time}" },
  lead: { en: "For the district lead", zh: "已上报辖区负责人" },
  next: { en: "the district lead is told {time}", zh: "{time} 上报辖区负责人" },
  cut: { en: "There are more than {n}; the first are shown.", zh: "超过 {n} 条，仅显示最紧急的。" },
} satisfies Record<string, Text>;

export const RULES = {
  intro: {
    en: "When who is told of what. A team is told only while its shift is on, else the coordinator. Whoever acknowledges an alarm keeps it from the next level.",
    zh: "设定什么情况通知谁。小组不在班时直接通知调度员。有人确认后不再上报下一级。",
  },
  what: { en: "Alarm", zh: "警报" },
  enabled: { en: "On", zh: "启用" },
  enabledOf: { en: "Raise: {what}", zh: "启用：{what}" },
  after: { en: "After (min)", zh: "持续（分钟）" },
  afterOf: { en: "After how many minutes: {what}", zh: "持续多少分钟后发出警报：{what}" },
  before: { en: "before", zh: "提前" },
  atOnce: { en: "at once", zh: "立即" },
  first: { en: "Told first", zh: "首先通知" },
  firstOf: { en: "Who is told first: {what}", zh: "首先通知谁：{what}" },
  toCoordinator: { en: "Coordinator after (min)", zh: "升级到调度员（分钟）" },
  toCoordinatorOf: { en: "Minutes until the coordinator is told: {what}", zh: "多少分钟后通知调度员：{what}" },
  toLead: { en: "Lead after (min)", zh: "升级到负责人（分钟）" },
  toLeadOf: { en: "Minutes until the district lead is told: {what}", zh: "多少分钟后通知辖区负责人：{what}" },
  never: { en: "Empty: that level is not told by itself.", zh: "留空则不自动升级。" },
  own: { en: "own rule", zh: "自定义" },
  defaults: { en: "Back to the defaults", zh: "恢复默认" },
  defaultsAsk: {
    en: "All rules of this district are as they were at first. Alarms that stand stay.",
    zh: "本辖区的所有规则将恢复为初始设置，已有警报保留。",
  },
} satisfies Record<string, Text>;
