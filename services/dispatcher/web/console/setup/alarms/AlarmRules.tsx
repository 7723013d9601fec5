import "./rules.css";
import { useState } from "preact/hooks";
import { answered, api, type Schemas } from "../../../api/client.ts";
import { RULES } from "../../../texts/console-alarms.ts";
import { SETUP } from "../../../texts/console-setup.ts";
import { t } from "../../../texts/language.ts";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { say } from "../../../ui/toasts.tsx";
import { askWhere } from "../../leaving.ts";
import { type District, mayChange } from "../../model.ts";
import { useAsked, useEvents, useSending } from "../asked.ts";
import { Confirm } from "../Confirm.tsx";
import { changedRules, sentRules } from "./draft.ts";
import { RuleRow } from "./RuleRow.tsx";

export type Rule = Schemas["AlarmRuleOut"];
type Changed = ReadonlyMap<string, Rule>;

const HEADS = [RULES.what, RULES.enabled, RULES.after, RULES.first, RULES.toCoordinator, RULES.toLead];
let typed = false;
askWhere(() => typed);

function withChange(before: Changed, rule: Rule, change: (rule: Rule) => Rule): Changed {
  return new Map(before).set(rule.what, { ...change(before.get(rule.what) ?? rule), own: true });
}

/** When who is told of what, alarm by alarm. */
export function AlarmRules({ district }: { district: District }) {
  const params = { path: { id: district.id } };
  const asked = useAsked(() => answered(api.GET("/v1/districts/{id}/alarm-rules", { params })), [district.id]);
  useEvents(["alarm_rules.changed", "district.changed"], asked.again);
  const [changed, setChanged] = useState<Changed>(new Map());
  const [resets, setResets] = useState(false);
  const sending = useSending();
  typed = changed.size > 0;
  const known = asked.value?.rules ?? [];
  const rules = changedRules(known, changed);
  const put = (sent: Schemas["AlarmRulesIn"]["rules"]) =>
    sending.run(async () => {
      await answered(api.PUT("/v1/districts/{id}/alarm-rules", { params, body: { rules: sent } }));
      setChanged(new Map());
      asked.again();
      say(t(SETUP.saved), "good");
    });
  const submit = (event: Event) => {
    event.preventDefault();
    void put(sentRules(rules, changed));
  };
  return (
    <form class="stack" onSubmit={submit}>
      <p class="setup__quiet">
        {t(RULES.intro)} {t(RULES.never)}
      </p>
      <ProblemNote error={asked.error ?? (resets ? null : sending.error)} />
      {known.length > 0 && (
        <div class="setup__scroll">
          <table class="setup__table rules">
            <thead>
              <tr>
                {HEADS.map((text) => (
                  <th key={text.en} scope="col">
                    {t(text)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rules.map((rule) => (
                <RuleRow
                  key={rule.what}
                  rule={rule}
                  set={(change) => setChanged((before) => withChange(before, rule, change))}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {mayChange.value && (
        <div class="setup__end">
          <button type="button" class="button" disabled={!known.some(({ own }) => own)} onClick={() => setResets(true)}>
            {t(RULES.defaults)}
          </button>
          <button type="submit" class="button button--primary" disabled={sending.busy || changed.size === 0}>
            {t(SETUP.save)}
          </button>
        </div>
      )}
      {resets && (
        <Confirm
          title={t(RULES.defaults)}
          says={t(RULES.defaultsAsk)}
          yes={t(RULES.defaults)}
          sending={sending}
          onYes={() => void put([]).then((well) => well && setResets(false))}
          onClose={() => setResets(false)}
        />
      )}
    </form>
  );
}
