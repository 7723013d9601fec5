/** What the API refuses, as the pages say it: by the problem's code, and of a field by the API's own words. */

import type { Text } from "./language.ts";

/** By code. A test holds that every code has its words. */
export const REFUSALS: Readonly<Record<string, Text>> = {
  not_found: { en: "It is not there any more, or not yours to see.", zh: "内容已不存在，或您无权查看。" },
  invalid: { en: "Something is not right yet.", zh: "有内容需要修改。" },
  naive_time: { en: "A time must say its time zone.", zh: "时间须注明时区。" },
  taken: { en: "That name, number, code or reference is in use already.", zh: "该名称、号码、代码或编号已被使用。" },
  in_use: { en: "Others still refer to it.", zh: "仍在使用中，不能删除。" },
  not_allowed: { en: "Your permission does not reach this.", zh: "您没有此权限。" },
  not_logged_in: { en: "Your log-in is over. Log in again.", zh: "登录已失效，请重新登录。" },
  wrong_credentials: { en: "Name and secret do not match.", zh: "名称与密码不匹配。" },
  too_many_attempts: { en: "Too many attempts. Wait a while before the next one.", zh: "尝试次数过多，请稍后再试。" },
  last_admin: { en: "This is the last active admin.", zh: "这是最后一个启用的管理员。" },
  which_district: { en: "Say which district this is about.", zh: "请选择辖区。" },
  body_differs: { en: "It came before with other content.", zh: "同一编号之前已提交过不同内容。" },
  still_in_flight: { en: "The first try is still being answered. Wait a moment.", zh: "上一次提交仍在处理，请稍候。" },
  changed_meanwhile: { en: "Somebody else changed it meanwhile. Look again.", zh: "内容已被他人修改，请重新查看。" },
  task_closed: { en: "The task was closed already.", zh: "任务此前已关闭。" },
  not_your_task: { en: "The task is with another team now.", zh: "任务已改派给其他小组。" },
  already_under_way: { en: "A team is already on its way to it or at the door.", zh: "小组已在途中或门口。" },
  too_far_ahead: { en: "It was not among the next few stops any more.", zh: "已不在最近几户之内，不能接单。" },
  too_early_to_hand_over: {
    en: "The shift goes on for longer. Work is handed over shortly before its end.",
    zh: "本班尚未临近结束，暂不能移交。",
  },
  too_late_to_correct: { en: "Only today's records can be corrected.", zh: "只能更正当天的记录。" },
  corrected_already: { en: "Somebody had corrected it already.", zh: "此记录已被更正过。" },
  not_on_a_team: { en: "The member was on no team at that moment.", zh: "当时该成员不在任何小组。" },
  shift_overlaps: { en: "The team has another shift at that time.", zh: "该小组在此时段已有班次。" },
  slot_filled: {
    en: "The slot is filled at that time, or the member is on another team then.",
    zh: "该时段岗位已有人，或该成员在其他小组。",
  },
  team_cannot: { en: "The team cannot do it.", zh: "小组做不了。" },
  followed_up_already: { en: "The person is under follow-up already.", zh: "此人已在随访中。" },
  follow_up_ended: { en: "The follow-up has ended already.", zh: "该随访已结束。" },
  malformed_body: { en: "Doorstep could not read what the page sent.", zh: "系统无法识别提交的内容。" },
  body_too_large: { en: "That is too large to be sent at once.", zh: "内容过大，无法一次提交。" },
  wrong_content_type: { en: "Doorstep does not take this sort of content.", zh: "系统不接受这种格式。" },
  two_credentials: { en: "The page showed two log-ins at once. Log in again.", zh: "登录信息冲突，请重新登录。" },
  cross_origin: {
    en: "Open the page under its own address: changes from elsewhere are not taken.",
    zh: "请从系统网址打开页面，其他来源的修改不被接受。",
  },
  no_such_route: { en: "This Doorstep does not know that. Load the page anew.", zh: "系统没有此功能，请刷新页面。" },
  wrong_method: { en: "This Doorstep does not know that. Load the page anew.", zh: "系统没有此功能，请刷新页面。" },
  too_many_requests: { en: "Too many at once. Wait a moment.", zh: "操作过于频繁，请稍候。" },
  unavailable: {
    en: "The database does not answer just now. Try again in a moment.",
    zh: "数据库暂无响应，请稍后再试。",
  },
  pages_not_built: { en: "The pages are not built on this server.", zh: "服务器上没有页面文件。" },
  refused: { en: "The request cannot be answered.", zh: "系统无法处理此请求。" },
  broken: { en: "Something went wrong on the server. It has been logged.", zh: "服务器出错，已记录。" },
};

/** What keeps a team from a task, or costs it; codes of `effect.breaks`. */
export const BREAKS: Readonly<Record<string, Text>> = {
  no_shift: { en: "not on shift", zh: "不当班" },
  role_missing: { en: "a role is missing", zh: "缺少岗位" },
  capability_missing: { en: "a capability is missing", zh: "缺少资质" },
  declined: { en: "declined it in this shift", zh: "本班已拒绝" },
  beyond_shift: { en: "runs beyond the shift", zh: "超出下班时间" },
  makes_break_late: { en: "delays the break", zh: "推迟休息" },
  makes_others_late: { en: "makes other tasks late", zh: "使其他任务超时" },
  too_many_visits: { en: "too many visits in the shift", zh: "超过本班上门数" },
};
export const TEAM_CANNOT: Text = { en: "The team cannot: {what}.", zh: "小组做不了：{what}。" };

/** What a field wants where the API's words on it name no more than a pattern or a bound. By the last part of the field's name. */
export const WANTED: Readonly<Record<string, Text>> = {
  name: { en: "Give a name.", zh: "请填写名称。" },
  phone: { en: "Give a phone number, such as 138 0013 8000.", zh: "请填写电话号码，如 138 0013 8000。" },
  pin: { en: "Give 4 to 12 digits.", zh: "请填写 4 至 12 位数字。" },
  code: { en: "Letters and digits without spaces.", zh: "请使用字母和数字，不含空格。" },
  capabilities: { en: "Small letters, digits and _ only.", zh: "只能使用小写字母、数字和下划线。" },
  secret: { en: "Give 10 characters or more.", zh: "请至少填写 10 个字符。" },
  role: { en: "Choose a role of the district.", zh: "请选择辖区的角色。" },
  lat: { en: "From −90 to 90.", zh: "−90 至 90。" },
  lon: { en: "From −180 to 180.", zh: "−180 至 180。" },
};

interface Said {
  /** Absent: as the API says it. */
  readonly en?: string;
  readonly zh: string;
}

/** What the API says of a bad field, and what the page says instead; `{1}` is what the first group found. */
export const FIELD_REFUSALS: readonly (readonly [RegExp, Said])[] = [
  [/^Field required/, { en: "Give this one.", zh: "必填。" }],
  [/^In use already/, { zh: "已被使用。" }],
  [/^This id is in use already/, { zh: "该 id 已被使用。" }],
  [
    /^It came before with another body/,
    { en: "It came before with other content.", zh: "该编号之前已提交过不同内容。" },
  ],
  [/^(?:The district has|There is) no such slot/, { zh: "辖区没有该岗位。" }],
  [/^(?:The district has|There is) no such kind/, { zh: "辖区没有该任务类型。" }],
  [/^(?:The district has|There is) no such member/, { zh: "辖区没有该成员。" }],
  [/^(?:The district has|There is) no such team/, { zh: "辖区没有该小组。" }],
  [/^(?:The district has|There is) no such grid/, { zh: "辖区没有该网格。" }],
  [/^(?:The district has|There is) no such household/, { zh: "辖区没有该住户。" }],
  [/^(?:The district has|There is) no such subject/, { zh: "辖区没有该人员。" }],
  [/^There is no such district/, { zh: "没有该辖区。" }],
  [/^There is no such task/, { zh: "没有该任务。" }],
  [/^There is no such (?:setting|parameter)/, { zh: "没有该设置项。" }],
  [/^Say which district/, { zh: "请选择辖区。" }],
  [/^This kind is not in use any more/, { zh: "该任务类型已停用。" }],
  [/^These kinds require a role that is missing here: (.*)\./, { zh: "以下任务类型需要的岗位不在其中：{1}。" }],
  [/^Overlaps another shift/, { en: "Overlaps another shift of the team.", zh: "与该小组的其他班次重叠。" }],
  [
    /^Give a time after starts_at, at most 24 hours later/,
    { en: "Give an end after the start, at most 24 hours later.", zh: "结束时间须晚于开始时间，且不超过 24 小时。" },
  ],
  [/^Give a time in the shift/, { en: "Give a time within the shift.", zh: "须在班次时间内。" }],
  [
    /^Give a time that is not before earliest/,
    { en: "Give a time not before the earliest.", zh: "不能早于最早时间。" },
  ],
  [/^A break that begins then ends after the shift/, { zh: "从那时开始的休息会超出班次。" }],
  [/^Give a time from now on/, { zh: "请填写现在或以后的时间，历史不能修改。" }],
  [/^Give a time after from, from now on/, { en: "Give a time after the beginning.", zh: "须晚于开始时间。" }],
  [/^Give a time at most a year away/, { zh: "时间须在一年之内。" }],
  [/^Give a time after earliest/, { en: "Give a time after the opening.", zh: "须晚于最早开始时间。" }],
  [/^Give a time before due_at/, { en: "Give a time before the due time.", zh: "须早于截止时间。" }],
  [/^Give a time from (\d+) to (\d+)/, { zh: "时间须在 {1} 至 {2} 年之间。" }],
  [/^Use RFC 3339/, { en: "Write date and time as 2026-02-03 08:00.", zh: "时间格式如 2026-02-03 08:00。" }],
  [/^This is (?:not in|beyond) the calendar/, { zh: "没有这个日期。" }],
  [/^Give the name of an IANA time zone/, { zh: "请填写 IANA 时区名，如 Asia/Shanghai。" }],
  [/^A call needs a phone number/, { zh: "电话任务需要电话号码。" }],
  [/^A visit needs a place/, { zh: "上门任务需要地点：住户编号、地址或坐标，或人员电话。" }],
  [/^A point has lat and lon/, { zh: "坐标须同时有纬度和经度。" }],
  [/^Give a ref, an address or a point/, { zh: "请填写外部编号、地址或坐标。" }],
  [/^Give a ref, a phone, or a name and a household/, { zh: "请填写外部编号、电话，或姓名和住户。" }],
  [/^Give the id alone/, { zh: "填写 id 时不要再填其他内容。" }],
  [/^Use a UUID/, { zh: "须为 UUID。" }],
  [/^Name each once/, { zh: "每项只能出现一次。" }],
  [/^Give a GeoJSON FeatureCollection/, { zh: "须为 GeoJSON FeatureCollection。" }],
  [/^Give the coordinates in WGS 84/, { zh: "坐标须为 WGS 84。" }],
  [/^A district has at most (\d+) grids/, { zh: "一个辖区最多 {1} 个网格。" }],
  [/^The form has no such field/, { zh: "表单没有该项。" }],
  [/^The form nests too deep/, { zh: "表单嵌套过深。" }],
  [/^The row has more cells than the header/, { zh: "该行的列数多于表头。" }],
  [/^There is no column '(.*?)'/, { zh: "没有名为“{1}”的列。" }],
  [/^There is no column kind/, { zh: "缺少 kind 列。" }],
  [/^The column (\S+) is there twice/, { zh: "列 {1} 重复。" }],
  [/^There is no header/, { zh: "没有表头。" }],
  [/^Text must not contain the character NUL/, { zh: "文字中有不允许的字符（NUL）。" }],
  [/^Use true or false/, { zh: "须为 true 或 false。" }],
  [/^Give a finite number/, { zh: "须为数字。" }],
  [/^(?:Give|Use) a whole number/, { zh: "须为整数。" }],
  [/^Give a number/, { zh: "须为数字。" }],
  [/^Input should be a valid integer/, { en: "Write a whole number.", zh: "须为整数。" }],
  [/^Input should be a valid number/, { en: "Write a number.", zh: "须为数字。" }],
  [/^Input should be greater than or equal to (\S+)/, { en: "Not less than {1}.", zh: "不能小于 {1}。" }],
  [/^Input should be greater than (\S+)/, { en: "More than {1}.", zh: "须大于 {1}。" }],
  [/^Input should be less than or equal to (\S+)/, { en: "Not more than {1}.", zh: "不能大于 {1}。" }],
  [/^Input should be less than (\S+)/, { en: "Less than {1}.", zh: "须小于 {1}。" }],
  [/^String should have at most (\d+) character/, { en: "At most {1} characters.", zh: "最多 {1} 个字符。" }],
  [/^String should have at least (\d+) character/, { en: "At least {1} characters.", zh: "至少 {1} 个字符。" }],
  [/^(?:String|Input|Value) /, { en: "Not in the right form.", zh: "格式不正确。" }],
  [/^List should have at most (\d+) item/, { en: "At most {1}.", zh: "最多 {1} 项。" }],
  [/^List should have at least (\d+) item/, { en: "At least {1}.", zh: "至少 {1} 项。" }],
  [/^Dictionary should have at most (\d+) item/, { en: "At most {1}.", zh: "最多 {1} 项。" }],
];
