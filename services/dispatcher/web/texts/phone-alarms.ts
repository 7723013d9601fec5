/** Texts of a team's alarms on its phones. */

import type { Text } from "./language.ts";

export const ALARMS_OF_TEAM: Text = { en: "Alarms", zh: "警报" };
export const SEEN_IT: Text = { en: "Seen", zh: "知道了" };
export const SEEN_IT_OF: Text = { en: "Seen: {what}", zh: "知道了：{what}" };
export const SHOW_STOP: Text = { en: "Show", zh: "查看" };
export const DUE_AT: Text = { en: "due {time}", zh: "应于 {time} 前完成" };
export const ALARMS_ACKNOWLEDGED: Text = { en: "Alarms seen: {n}", zh: "已确认的警报：{n}" };
export const LOOKS_AT_IT: Text = { en: "seen by {name}", zh: "{name} 已确认" };
