/** Texts of the end of a shift on the phone. */

import type { Text } from "./language.ts";

/* On the screens before. */
export const SHIFT_ENDS: Text = {
  en: "Your shift ends at {time}. {n} accepted doors: who finishes them?",
  zh: "本班 {time} 结束。已接的 {n} 户由谁完成？",
};
export const SHIFT_ENDS_ONE: Text = {
  en: "Your shift ends at {time}. One accepted door: who finishes it?",
  zh: "本班 {time} 结束。还有已接的一户，由谁完成？",
};
export const SHIFT_ENDED: Text = {
  en: "Your shift ended at {time}. {n} doors are still with your team.",
  zh: "本班已于 {time} 结束，还有 {n} 户在本组。",
};
export const SHIFT_ENDED_ONE: Text = {
  en: "Your shift ended at {time}. One door is still with your team.",
  zh: "本班已于 {time} 结束，还有一户在本组。",
};
export const ASK_EACH: Text = { en: "Go through them", zh: "逐户确认" };

/* Door by door. */
export const ASK_TITLE: Text = { en: "End of the shift", zh: "交接班" };
export const SHIFT_ENDS_AT: Text = { en: "Shift ends at {time}", zh: "本班 {time} 结束" };
export const SHIFT_ENDED_AT: Text = { en: "Shift ended at {time}", zh: "本班已于 {time} 结束" };
export const DOOR_OF: Text = { en: "Door {n} of {m}", zh: "第 {n} 户，共 {m} 户" };
export const WE_FINISH: Text = { en: "We finish it", zh: "我们完成" };
export const HAND_IT_OVER: Text = { en: "Hand it over…", zh: "交给下一班…" };
export const LATER_BUTTON: Text = { en: "Decide later", zh: "稍后再定" };
export const NOTE_LABEL: Text = { en: "Note for the next team", zh: "给下一班的留言" };
export const NOTE_HINT: Text = {
  en: "They read it at this door. May stay empty.",
  zh: "下一班到这户时会看到。可不填。",
};
export const NOTE_CHIPS: readonly Text[] = [
  { en: "Not begun yet.", zh: "尚未上门。" },
  { en: "Nobody opened so far.", zh: "敲门无人应答。" },
  { en: "Call before you come.", zh: "上门前请先打电话。" },
];
export const SEND_HANDOVER: Text = { en: "Hand over", zh: "确认移交" };
export const ALL_SAID: Text = { en: "Every door is settled", zh: "各户均已确认" };
export const ALL_SAID_HINT: Text = {
  en: "What nobody has accepted goes to the next team by itself.",
  zh: "未接的任务会自动交给下一班。",
};
export const BACK_TO_DOORS: Text = { en: "Back to the doors", zh: "返回" };
export const FINISHED_BY_US: Text = { en: "we finish it", zh: "本组完成" };

/* On the next team's phone. */
export const FROM_BEFORE: Text = { en: "From {team}, {time}", zh: "{time} 由{team}移交" };
export const FROM_BEFORE_NOTE: Text = { en: "From {team}, {time}:", zh: "{time} {team}留言：" };
