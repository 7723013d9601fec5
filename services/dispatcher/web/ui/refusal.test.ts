import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { NoAnswer, type Problem, Refused } from "../api/client.ts";
import { language } from "../texts/language.ts";
import { fieldError, ofField, otherErrors, refusal, sentence } from "./refusal.ts";

beforeEach(() => {
  language.value = "zh";
});

test("a refusal is said by its code, in the page's language", () => {
  assert.equal(sentence(new Refused(problem({ code: "last_admin" }))), "这是最后一个启用的管理员。");
  assert.equal(sentence(new NoAnswer("away")), "连接不上系统。内容未丢失，请稍后再试。");
});

test("of a team that cannot, what it lacks is said", () => {
  const lacks = problem({ code: "team_cannot", detail: "It breaks: role_missing, beyond_shift." });
  assert.equal(refusal(lacks), "小组做不了：缺少岗位、超出下班时间。");
});

test("a code that is newer than the page is said as the API says it", () => {
  assert.equal(refusal(problem({ code: "constructor", title: "Something new." })), "Something new.");
});

test("a bad field is said in the page's language, with its number", () => {
  assert.equal(ofField("household.address", "Give at most 300 characters."), "最多 300 个字符。");
  assert.equal(ofField("name", "Give at most 100 characters."), "最多 100 个字符。");
  assert.equal(ofField("name", "Give at least 1 character."), "请填写名称。");
  assert.equal(ofField("household.lat", "Give 90 or less."), "−90 至 90。");
  language.value = "en";
  assert.equal(ofField("due_at", "Give a time at most a year away."), "Give a time at most a year away.");
});

test("a field that shows its own error is not said again", () => {
  const error = new Refused(
    problem({
      code: "invalid",
      errors: [
        { in: "body", loc: "capabilities.0", msg: "Give a text that matches ^x$." },
        { in: "body", loc: "name", msg: "This is missing." },
      ],
    }),
  );
  assert.equal(fieldError(error, "capabilities"), "只能使用小写字母、数字和下划线。");
  assert.deepEqual(otherErrors(error, ["capabilities"]), [{ loc: "name", msg: "必填。" }]);
});

function problem(some: Partial<Problem>): Problem {
  return { type: "", title: "", status: 409, code: "", detail: "", errors: [], request_id: "", ...some };
}
