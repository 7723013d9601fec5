/** Texts around the phone's screens: log-in and log-out, what is connected, what waits. */

import type { LogInProblem } from "../phone/session.ts";
import type { Text } from "./language.ts";

export const TABS = {
  now: { en: "Now", zh: "当前" },
  route: { en: "Route", zh: "路线" },
  done: { en: "Done", zh: "已办" },
  me: { en: "Me", zh: "我的" },
} satisfies Record<string, Text>;
export const SECTIONS: Text = { en: "Sections", zh: "栏目" };

/* What is connected, what waits. */
export const CONNECTION = {
  online: { en: "Connected", zh: "已连接" },
  no_signal: { en: "No signal", zh: "无信号" },
  server_away: { en: "Doorstep does not answer", zh: "系统无响应" },
} satisfies Record<string, Text>;
export const ALL_SENT: Text = { en: "all sent", zh: "已全部上报" };
export const WAIT_ONE: Text = { en: "1 report waits", zh: "1 条待上报" };
export const WAIT: Text = { en: "{n} reports wait", zh: "{n} 条待上报" };
export const AS_OF: Text = { en: "route of {time}", zh: "路线 {time}" };
export const NO_TEAM: Text = { en: "No team", zh: "未编组" };
export const NO_SHIFT: Text = { en: "no shift", zh: "未排班" };

/* The phone's own memory cannot be read. */
export const MEMORY_FAILS: Text = {
  en: "This browser lets the page keep nothing on the phone: its storage is full, or the window is private.",
  zh: "浏览器不允许本页在手机上保存内容：存储空间已满，或正在使用无痕窗口。",
};
export const TRY_AGAIN: Text = { en: "Try again", zh: "重试" };

/* Banners. */
export const EXPIRED: Text = { en: "Your log-in has ended. Your route stays here.", zh: "登录已失效，路线仍可查看。" };
export const EXPIRED_ONE: Text = {
  en: "Your log-in has ended. 1 report goes out when you log in again.",
  zh: "登录已失效。重新登录后会上报 1 条记录。",
};
export const EXPIRED_MANY: Text = {
  en: "Your log-in has ended. {n} reports go out when you log in again.",
  zh: "登录已失效。重新登录后会上报 {n} 条记录。",
};
export const LOG_IN_AGAIN: Text = { en: "Log in again", zh: "重新登录" };
export const NEW_VERSION: Text = { en: "A new version is ready.", zh: "有新版本。" };
export const USE_IT: Text = { en: "Use it now", zh: "立即更新" };
export const SET_ASIDE_ONE: Text = { en: "1 report needs a look.", zh: "有 1 条记录需要查看。" };
export const SET_ASIDE: Text = { en: "{n} reports need a look.", zh: "有 {n} 条记录需要查看。" };
export const LOOK: Text = { en: "Look", zh: "查看" };

/* Log-in. */
export const LOG_IN: Text = { en: "Log in", zh: "登录" };
export const LOGGING_IN: Text = { en: "Logging in…", zh: "正在登录…" };
export const PHONE: Text = { en: "Phone number", zh: "手机号" };
export const PIN: Text = { en: "PIN", zh: "PIN 码" };
export const PIN_HINT: Text = { en: "4 to 12 digits, from your coordinator", zh: "4 至 12 位数字，由调度员提供" };
export const DISTRICT: Text = { en: "District", zh: "辖区" };
export const DISTRICT_HINT: Text = {
  en: "You are known in several districts. Type the code, such as north.",
  zh: "您在多个辖区登记过，请输入辖区代码，例如 north。",
};
export const OR_LINK: Text = {
  en: "Or scan the QR code that your coordinator shows you.",
  zh: "也可以扫描调度员出示的二维码。",
};
export const TRY_LINK_AGAIN: Text = { en: "Try the link again", zh: "再试一次链接" };
export const BACK_TO_ROUTE: Text = { en: "Back to the route", zh: "返回路线" };
export const OTHERS_WAIT_ONE: Text = {
  en: "1 report of another member waits on this phone. It goes out when they log in here.",
  zh: "本机有另一位成员的 1 条记录待上报，本人在此登录后会上报。",
};
export const OTHERS_WAIT: Text = {
  en: "{n} reports of another member wait on this phone. They go out when they log in here.",
  zh: "本机有其他成员的 {n} 条记录待上报，本人在此登录后会上报。",
};
export const PHONE_MISSING: Text = { en: "Type your phone number.", zh: "请输入手机号。" };
export const PIN_MISSING: Text = { en: "The PIN has 4 to 12 digits.", zh: "PIN 码为 4 至 12 位数字。" };
export const WHY_NOT = {
  wrong: { en: "Phone number and PIN do not match.", zh: "手机号与 PIN 码不匹配。" },
  too_many: {
    en: "Too many attempts. Try again in {time}, or ask your coordinator for a QR code.",
    zh: "尝试次数过多。请 {time} 后再试，或请调度员出示二维码。",
  },
  which_district: { en: "Say which district.", zh: "请填写辖区。" },
  link_used: {
    en: "This link was used already, or is too old. Ask your coordinator for a new one.",
    zh: "此链接已使用或已过期，请向调度员索取新的二维码。",
  },
  not_a_number: { en: "That is no phone number, or no district code.", zh: "手机号或辖区代码格式不正确。" },
  no_signal: { en: "No signal. A log-in needs one.", zh: "无信号，登录需要网络。" },
  server_away: { en: "Doorstep does not answer. Try again in a moment.", zh: "系统无响应，请稍后再试。" },
  broken: { en: "The log-in did not work. Ask your coordinator.", zh: "登录失败，请联系调度员。" },
} satisfies Record<LogInProblem, Text>;

/* Log-out. */
export const LOG_OUT: Text = { en: "Log out", zh: "退出登录" };
export const LOG_OUT_ASK: Text = { en: "Log out of this phone?", zh: "要在本机退出登录吗？" };
export const LOG_OUT_WIPES: Text = {
  en: "The route and everything about you is removed from this phone.",
  zh: "本机上的路线和您的所有信息都会被清除。",
};
export const LOG_OUT_ONE: Text = {
  en: "1 report has not been sent. If you log out now, it is deleted and nobody can get it back.",
  zh: "还有 1 条记录未上报。现在退出将被删除，无法找回。",
};
export const LOG_OUT_MANY: Text = {
  en: "{n} reports have not been sent. If you log out now, they are deleted and nobody can get them back.",
  zh: "还有 {n} 条记录未上报。现在退出将被删除，无法找回。",
};
export const STAY: Text = { en: "Stay logged in", zh: "保持登录" };
export const DELETE_AND_LOG_OUT: Text = { en: "Delete them and log out", zh: "删除并退出" };
