/** Texts of result forms. */

import type { Text } from "./language.ts";

export const WRONG = {
  missing: { en: "Fill this in.", zh: "请填写此项。" },
  no_number: { en: "Type a number.", zh: "请输入数字。" },
  no_date: { en: "Choose a date.", zh: "请选择日期。" },
  not_an_option: { en: "Choose one of these.", zh: "请从中选择。" },
  too_short: { en: "Write at least {low} characters.", zh: "至少写 {low} 个字。" },
  too_long: { en: "Write at most {high} characters.", zh: "最多写 {high} 个字。" },
  few: { en: "Choose at least {low}.", zh: "至少选 {low} 项。" },
  many: { en: "Choose at most {high}.", zh: "最多选 {high} 项。" },
  step: { en: "Only steps of {step} are possible.", zh: "只能以 {step} 为单位。" },
  between: { en: "Only {low} to {high} is possible.", zh: "只能填 {low} 到 {high}。" },
  at_least: { en: "{low} is the least possible.", zh: "最小为 {low}。" },
  at_most: { en: "{high} is the most possible.", zh: "最大为 {high}。" },
} satisfies Record<string, Text>;

export const REQUIRED: Text = { en: "{label} (required)", zh: "{label}（必填）" };
export const NOT_MEASURED: Text = { en: "not measured yet", zh: "尚未测量" };
export const LESS: Text = { en: "{label}: less", zh: "{label}：减" };
export const MORE: Text = { en: "{label}: more", zh: "{label}：加" };
export const QUICK: Text = { en: "{label}: usual values", zh: "{label}：常用值" };
export const YES: Text = { en: "Yes", zh: "是" };
export const NO: Text = { en: "No", zh: "否" };
export const IN_WORDS: Text = { en: "Say it in words; it goes into the note.", zh: "请用文字说明，将写入备注。" };
export const AS_LAST_TIME: Text = { en: "as last time", zh: "与上次相同" };
export const UNUSUAL_TITLE: Text = { en: "Is that right?", zh: "确认数值" };
export const UNUSUAL: Text = {
  en: "{label}: {value} is unusual. Measured again?",
  zh: "{label}：{value} 不常见。是否已复测？",
};
export const UNUSUAL_YES: Text = { en: "Yes, it is {value}", zh: "是，确为 {value}" };
export const UNUSUAL_NO: Text = { en: "Change it", zh: "返回修改" };
