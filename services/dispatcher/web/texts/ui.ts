/** Texts of the parts that both pages share. */

import type { Text } from "./language.ts";

export const CLOSE: Text = { en: "Close", zh: "关闭" };
export const NOT_SAVED: Text = {
  en: "What you have typed is not saved. Close once more to leave it.",
  zh: "填写的内容尚未保存。再关闭一次将放弃。",
};
export const NO_ANSWER: Text = {
  en: "No answer from Doorstep. Nothing is lost; try again in a moment.",
  zh: "连接不上系统。内容未丢失，请稍后再试。",
};
export const BROKEN: Text = { en: "Something went wrong on this page.", zh: "页面出错了。" };
export const LANGUAGE: Text = { en: "Language", zh: "语言" };
export const MINUTES: Text = { en: "{n} min", zh: "{n} 分钟" };
export const HOURS: Text = { en: "{h} h", zh: "{h} 小时" };
export const HOURS_MINUTES: Text = { en: "{h} h {n} min", zh: "{h} 小时 {n} 分钟" };
export const DAYS_HOURS: Text = { en: "{d} d {h} h", zh: "{d} 天 {h} 小时" };
export const IN_TIME: Text = { en: "in {time}", zh: "还有 {time}" };
export const LATE_BY: Text = { en: "{time} late", zh: "已超时 {time}" };
export const COLON: Text = { en: ": ", zh: "：" };
