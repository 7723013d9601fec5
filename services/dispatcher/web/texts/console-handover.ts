/** Texts of the end of a shift at the console. */

import type { Text } from "./language.ts";

export const HANDOVER = {
  title: { en: "End of the shift", zh: "交接班" },
  ends: { en: "Ends {time}", zh: "{time} 结束" },
  ended: { en: "Ended {time}", zh: "已于 {time} 结束" },
  asked: { en: "asked from {time} on", zh: "{time} 起逐户确认" },
  goesOn: { en: "The next shift begins at once: nothing is handed over.", zh: "下一班紧接，无需交接。" },
  open: { en: "Still with the team ({n})", zh: "仍在本组（{n}）" },
  kept: { en: "they finish it", zh: "本组完成" },
  silent: { en: "not answered", zh: "未答复" },
  handed: { en: "Handed over ({n})", zh: "已移交（{n}）" },
  received: { en: "From teams before ({n})", zh: "接自上一班（{n}）" },
  to: { en: "to {team}", zh: "移交{team}" },
  toNobody: { en: "to nobody: no team that follows could take it", zh: "没有接班小组能接" },
  from: { en: "from {team}", zh: "来自{team}" },
  by: { en: "by {name}", zh: "移交人：{name}" },
  byEnd: { en: "by the end of the shift", zh: "下班自动移交" },
  holder: { en: "now with {team}", zh: "现由{team}负责" },
  nothing: { en: "Nothing was handed over.", zh: "没有移交任务。" },
  fromTo: { en: "{from} → {to}", zh: "{from} → {to}" },
  nobody: { en: "waiting", zh: "待派" },
} satisfies Record<string, Text>;
