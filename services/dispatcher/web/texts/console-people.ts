/** The console's pages of people: contacts. */

import { IMPORT } from "./console-tasks.ts";
import type { Text } from "./language.ts";

export const PEOPLE = {
  title: { en: "People", zh: "人员随访" },
  contacts: { en: "Contacts", zh: "密接人员" },
} satisfies Record<string, Text>;

export const CLASS = {
  close: { en: "close", zh: "密接" },
  secondary: { en: "secondary", zh: "次密接" },
} satisfies Record<string, Text>;

export const FOLLOW_UP_STATUS = {
  under_follow_up: { en: "followed up", zh: "随访中" },
  completed: { en: "completed", zh: "已完成" },
  lost: { en: "lost", zh: "失联" },
  cancelled: { en: "cancelled", zh: "已取消" },
  converted: { en: "converted", zh: "已转方案" },
} satisfies Record<string, Text>;

export const CONTACTS = {
  back: { en: "Contacts of this person", zh: "该病例的密接人员" },
  import: { en: "Import contacts", zh: "导入密接人员" },
  importOf: { en: "Import contacts of {name}", zh: "导入{name}的密接人员" },
  search: { en: "Search by name or phone", zh: "按姓名或电话查找" },
  none: { en: "No contacts yet. Import a table of them.", zh: "还没有密接人员，请导入表格。" },
  nobody: { en: "Nobody is like that.", zh: "没有符合条件的人员。" },
  person: { en: "Person", zh: "姓名" },
  phone: { en: "Phone", zh: "电话" },
  count: { en: "Contacts", zh: "接触者" },
  close: { en: "Close", zh: "密接" },
  reached: { en: "Reached", zh: "已联系上" },
  reachedOf: { en: "{n} of {all}", zh: "{n} / {all}" },
  lastExposure: { en: "Last exposure", zh: "末次接触" },
  class: { en: "Class", zh: "类别" },
  asked: { en: "Call", zh: "流调" },
  followUp: { en: "Follow-up", zh: "随访" },
  of: { en: "Contacts of {name}", zh: "{name}的密接人员" },
  allPersons: { en: "All index persons", zh: "全部病例" },
  notReached: { en: "Not reached yet", zh: "尚未联系上" },
  nameless: { en: "(no name)", zh: "（未留姓名）" },
  noTask: { en: "nobody is set to ask", zh: "未安排" },
  noFollowUp: { en: "none", zh: "无" },
  notStarted: { en: "not started: {why}", zh: "未开始：{why}" },
  attempts: { en: "{n} attempts", zh: "{n} 次" },
  saidOtherwise: { en: "Also said: {what}", zh: "另有说法：{what}" },
  more: { en: "Show more", zh: "显示更多" },
} satisfies Record<string, Text>;

/** Why the district's policy started no follow-up, by the code that the API tells. */
export const NOT_STARTED: Readonly<Record<string, Text>> = {
  exposure_over: { en: "the exposure is too long ago", zh: "接触时间已过" },
};

/** What an import may say otherwise than it is known. */
export const SAID: Readonly<Record<string, Text>> = {
  name: { en: "name", zh: "姓名" },
  phone: { en: "phone", zh: "电话" },
  household: { en: "address", zh: "住址" },
  household_id: { en: "address", zh: "住址" },
  class: { en: "class", zh: "类别" },
  "index.name": { en: "name of the index person", zh: "病例姓名" },
  "index.phone": { en: "phone of the index person", zh: "病例电话" },
};

export const CONTACT_IMPORT = {
  ...IMPORT,
  title: { en: "Contacts from a table", zh: "批量导入密接人员" },
  intro: {
    en: "A CSV file, one contact a row. People who are known are found by phone or reference. It is checked first; nothing is sent before you say so.",
    zh: "CSV 文件，每行一名接触者，按电话或编号自动识别已有人员。先检查，确认后才提交。",
  },
  columnsHint: {
    en: "Needed: class (close or secondary), the index person and a phone, a reference or name and address. last_exposure is a day, such as 2026-02-03.",
    zh: "必填：class（close 密接或 secondary 次密接）、病例，以及电话、编号或姓名加住址。last_exposure 为日期，如 2026-02-03。",
  },
  twins: { en: "{n} to look at", zh: "{n} 行需留意" },
  known: { en: "{n} known already", zh: "{n} 行已有" },
  sentBefore: { en: "known already", zh: "已有" },
  created: { en: "{n} contacts made; everybody new is being asked", zh: "新建 {n} 条接触记录，已安排流调" },
  repeated: { en: "{n} said nothing new", zh: "{n} 条没有新内容" },
  differs: {
    en: "Known otherwise: {fields}. What is known stays; this is kept beside it.",
    zh: "与已有信息不同：{fields}。保留已有信息，另行记录。",
  },
  samePerson: { en: "Same person as row {row}.", zh: "与第 {row} 行为同一人。" },
  sharesPhone: { en: "Somebody else has that phone.", zh: "此电话另有其人。" },
  sharesPhoneOfRow: { en: "Row {row} has the same phone.", zh: "与第 {row} 行电话相同。" },
  noTask: { en: "Neither a phone nor a home is known: nobody can ask.", zh: "没有电话和住址，无法联系。" },
  toContacts: { en: "To the contacts", zh: "查看密接人员" },
} satisfies Record<string, Text>;
