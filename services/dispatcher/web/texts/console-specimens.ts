/** Texts of pick-up points and of the legs on which specimens travel. */

import type { Text } from "./language.ts";

export const SPECIMENS = {
  title: { en: "Specimens", zh: "标本转运" },
  legs: { en: "Legs of today", zh: "今日转运" },
  noLegs: {
    en: "No tubes were left at a pick-up point today.",
    zh: "今日各收样点还没有采样管。",
  },
  round: { en: "Picked up at", zh: "取走时间" },
  point: { en: "Pick-up point", zh: "收样点" },
  due: { en: "At the lab by", zh: "送达时限" },
  status: { en: "Status", zh: "状态" },
  team: { en: "Team", zh: "小组" },
  tubes: { en: "Left there", zh: "应有" },
  out: { en: "Taken", zh: "取走" },
  in: { en: "Handed to the lab", zh: "送达" },
  late: { en: "late", zh: "超时" },
  differs: { en: "counts differ", zh: "数量不符" },
  agrees: { en: "counts agree", zh: "数量一致" },
  openLeg: { en: "Open the leg of {time}, {point}", zh: "查看 {time} {point} 的转运" },
  open: { en: "Open", zh: "查看" },
  tubesOf: { en: "{point}, {time}", zh: "{point}，{time}" },
  code: { en: "Tube code", zh: "采样管编号" },
  swabbed: { en: "Swabbed", zh: "采样时间" },
  noCode: { en: "no code", zh: "无编号" },
  struck: { en: "entered in error", zh: "记录有误" },
  swabTask: { en: "Task", zh: "任务" },
  transport: { en: "The transport's task", zh: "转运任务" },
  nothingOn: { en: "Nothing is on it (any more).", zh: "没有采样管。" },
} satisfies Record<string, Text>;

export const LEG_STATUS = {
  waiting: { en: "to be picked up", zh: "待取" },
  picked_up: { en: "on the way", zh: "运送中" },
  delivered: { en: "delivered", zh: "已送达" },
  void: { en: "given up", zh: "已取消" },
} satisfies Record<string, Text>;

export const POINTS = {
  title: { en: "Pick-up points", zh: "收样点" },
  what: {
    en: "Where teams leave their tubes. Of every round with tubes a transport to the lab becomes a task.",
    zh: "小组放置采样管的地点。每一轮有采样管时，自动生成送往实验室的转运任务。",
  },
  empty: {
    en: "No pick-up points yet. Without one nobody is sent to fetch tubes.",
    zh: "还没有收样点。没有收样点就不会安排转运。",
  },
  add: { en: "Add a pick-up point", zh: "添加收样点" },
  edit: { en: "Pick-up point", zh: "收样点" },
  name: { en: "Name", zh: "名称" },
  nameHint: { en: "As teams know it, such as the north gate.", zh: "小组熟悉的叫法，例如北门。" },
  address: { en: "Address", zh: "地址" },
  lab: { en: "Lab it goes to", zh: "送往的实验室" },
  labHint: { en: "Name and address; teams read it on the phone.", zh: "名称和地址，显示在小组手机上。" },
  place: { en: "Where it is", zh: "位置" },
  placeHint: { en: "Click on the map, or write it.", zh: "在地图上点选，或直接填写。" },
  kinds: { en: "Tubes of", zh: "接收的任务" },
  kindsHint: { en: "Visits of these kinds leave something here.", zh: "这些任务采集的标本放在此处。" },
  active: { en: "Active: the nearest active point is where tubes go", zh: "启用：采样管送到最近的启用收样点" },
} satisfies Record<string, Text>;
