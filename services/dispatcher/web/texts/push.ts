/** Texts of waking a phone: its settings, and the notification itself. */

import type { Text } from "./language.ts";

export const NOTIFICATION = {
  new_urgent_task: { en: "New urgent task", zh: "有新的紧急任务" },
  alarm: { en: "An alarm for your team", zh: "小组有一条警报" },
  body: { en: "Open Doorstep to see it.", zh: "请打开上门查看。" },
} satisfies Record<string, Text>;

export const PUSH = {
  title: { en: "Wake-up", zh: "紧急提醒" },
  on: { en: "Wake this phone for urgent tasks", zh: "有紧急任务时提醒" },
  why: {
    en: "Also while it is locked. The message says only that there is a new urgent task, or an alarm.",
    zh: "锁屏时也会提醒。消息只说有新的紧急任务或警报，不含个人信息。",
  },
  sound: { en: "Sound", zh: "声音" },
  vibration: { en: "Vibration", zh: "振动" },
  vibrationOnly: {
    en: "Without sound it vibrates only while this page is open.",
    zh: "关闭声音后，仅在本页打开时振动。",
  },
  tryIt: { en: "Try it", zh: "试一下" },
  tried: { en: "It should have sounded and shown a message just now.", zh: "刚才应已弹出消息提醒。" },
  unsupported: { en: "This browser cannot be woken.", zh: "此浏览器不支持提醒。" },
  install: {
    en: "Add this page to the home screen first: Share, then Add to Home Screen. Then open it from there.",
    zh: "请先把本页添加到主屏幕：点“分享”，再点“添加到主屏幕”，然后从主屏幕打开。",
  },
  blocked: {
    en: "Notifications are blocked. Allow them for this page in the phone's settings.",
    zh: "通知已被禁止。请在手机设置中允许本页发送通知。",
  },
} satisfies Record<string, Text>;

export const NOT_ON = {
  blocked: PUSH.blocked,
  not_now: { en: "Not allowed yet, so this phone is not woken.", zh: "尚未允许通知，暂不提醒。" },
  no_signal: { en: "No signal. Try again when there is one.", zh: "没有信号，请稍后再试。" },
  service_away: {
    en: "The browser does not reach its push service. Tasks still show while this page is open.",
    zh: "浏览器连不上推送服务。打开本页时仍会显示新任务。",
  },
  refused: { en: "Doorstep does not send to this browser's push service.", zh: "系统未开通此浏览器的推送服务。" },
  broken: { en: "That did not work.", zh: "操作未成功。" },
} satisfies Record<string, Text>;
