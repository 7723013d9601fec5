import "./kinds.css";
import { answered, api } from "../../../api/client.ts";
import { fieldsOf } from "../../../forms/schema.ts";
import { KINDS, TRIGGER } from "../../../texts/console-kinds.ts";
import { language, named, t } from "../../../texts/language.ts";
import { Field } from "../../../ui/Field.tsx";
import { fieldError } from "../../../ui/refusal.ts";
import { kindName, kinds } from "../../model.ts";
import { useAsked } from "../asked.ts";
import { listed } from "../names.ts";
import { Chips } from "./Chips.tsx";
import { type Draft, type FollowUpRule, hasAlarm, readForm, TRIGGERS, type Trigger } from "./draft.ts";
import type { KindFieldsProps } from "./KindFields.tsx";

interface Protocol {
  readonly code: string;
  readonly names: Readonly<Record<string, string>>;
}

/** What follows from a visit: for each trigger one line that says it, unfolded to change it. */
export function AfterVisit({ district, draft, set, error }: KindFieldsProps) {
  const asked = useAsked(() => protocolsOf(district.id), [district.id]);
  const known = asked.value ?? [];
  return (
    <fieldset class="setup__set rules">
      <legend class="field__label">{t(KINDS.afterVisit)}</legend>
      <span class="field__hint">{t(KINDS.afterVisitHint)}</span>
      {TRIGGERS.map((trigger) => (
        <details key={trigger} class="rule" open={isRefused(error, trigger)}>
          <summary>
            <span class="rule__when">{t(TRIGGER[trigger])}</span>{" "}
            <span class="rule__then">{said(trigger, draft, known)}</span>
          </summary>
          <div class="stack rule__parts">
            <Rule trigger={trigger} protocols={known} draft={draft} set={set} error={error} />
          </div>
        </details>
      ))}
    </fieldset>
  );
}

async function protocolsOf(district: string): Promise<readonly Protocol[]> {
  const query = { district, limit: 200 };
  return (await answered(api.GET("/v1/protocols", { params: { query } }))).items.filter((one) => one.active);
}

/** What is refused is unfolded. */
function isRefused(error: unknown, trigger: Trigger): boolean {
  return ["follow_on", "then_follow_up"].some((rules) => fieldError(error, `${rules}.${trigger}`) !== undefined);
}

/** What follows, in one line. */
function said(trigger: Trigger, draft: Draft, protocols: readonly Protocol[]): string {
  const codes = draft.follow_on[trigger] ?? [];
  const rule = draft.then_follow_up[trigger];
  const all = [
    codes.length ? t(KINDS.makesNow, { kinds: listed(codes.map(kindName)) }) : "",
    draft.raises_alarm.includes(trigger) ? t(KINDS.alarmNow) : "",
    rule ? t(KINDS.followUpNow, { what: saidOf(rule, protocols) }) : "",
  ].filter(Boolean);
  return all.length ? all.join(language.value === "zh" ? "；" : "; ") : t(KINDS.nothingMore);
}

function saidOf(rule: FollowUpRule, protocols: readonly Protocol[]): string {
  if (rule.end) return t(rule.end === "completed" ? KINDS.endsCompleted : KINDS.endsCancelled);
  const protocol = protocols.find(({ code }) => code === rule.convert_to);
  return t(KINDS.convertsTo, { protocol: protocol ? named(protocol.names) : (rule.convert_to ?? "") });
}

interface RuleProps extends Omit<KindFieldsProps, "district"> {
  trigger: Trigger;
  protocols: readonly Protocol[];
}

function Rule({ trigger, protocols, draft, set, error }: RuleProps) {
  const alarms = draft.raises_alarm.filter((one) => one !== trigger);
  return (
    <>
      <Chips
        legend={t(KINDS.makes)}
        hint=""
        options={[...kinds.value.values()]
          .filter(isChoice(draft, trigger))
          .map((kind) => [kind.code, named(kind.names)])}
        chosen={draft.follow_on[trigger] ?? []}
        choose={(chosen) => set({ follow_on: { ...draft.follow_on, [trigger]: chosen } })}
        error={fieldError(error, `follow_on.${trigger}`)}
      />
      {hasAlarm(trigger) && (
        <label class="setup__check">
          <input
            type="checkbox"
            checked={draft.raises_alarm.includes(trigger)}
            onChange={(event) => set({ raises_alarm: event.currentTarget.checked ? [...alarms, trigger] : alarms })}
          />
          {t(KINDS.alarm)}
        </label>
      )}
      <OfFollowUp trigger={trigger} protocols={protocols} draft={draft} set={set} error={error} />
    </>
  );
}

/** Kinds in use, and those that are chosen already. */
function isChoice(draft: Draft, trigger: Trigger) {
  return (kind: { code: string; active: boolean }) =>
    kind.active || (draft.follow_on[trigger] ?? []).includes(kind.code);
}

function OfFollowUp({ trigger, protocols, draft, set, error }: RuleProps) {
  const rule = draft.then_follow_up[trigger];
  const { [trigger]: _, ...others } = draft.then_follow_up;
  const write = (next: FollowUpRule | undefined) =>
    set({ then_follow_up: next ? { ...others, [trigger]: next } : others });
  return (
    <div class="setup__pair">
      <Field
        label={t(KINDS.followUp)}
        hint={rule?.end ? t(KINDS.notWell) : ""}
        error={fieldError(error, `then_follow_up.${trigger}`)}
      >
        {(input) => (
          <select {...input} value={written(rule)} onChange={(event) => write(read(event.currentTarget.value, rule))}>
            <option value="">{t(KINDS.stays)}</option>
            <option value="end:completed">{t(KINDS.endsCompleted)}</option>
            <option value="end:cancelled">{t(KINDS.endsCancelled)}</option>
            {codesOf(protocols, rule).map((code) => (
              <option key={code} value={`to:${code}`}>
                {saidOf({ convert_to: code, when: {} }, protocols)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {rule && <OnlyIf rule={rule} draft={draft} write={write} />}
    </div>
  );
}

function codesOf(protocols: readonly Protocol[], rule: FollowUpRule | undefined): string[] {
  const known = protocols.map(({ code }) => code);
  return rule?.convert_to && !known.includes(rule.convert_to) ? [...known, rule.convert_to] : known;
}

function written(rule: FollowUpRule | undefined): string {
  if (!rule) return "";
  return rule.end ? `end:${rule.end}` : `to:${rule.convert_to}`;
}

function read(chosen: string, before: FollowUpRule | undefined): FollowUpRule | undefined {
  const when = before?.when ?? {};
  if (chosen.startsWith("to:")) return { convert_to: chosen.slice(3), when };
  if (!chosen) return undefined;
  return { end: chosen === "end:cancelled" ? "cancelled" : "completed", when };
}

/** A yes that the form must say. What a program asked for besides stays. */
function OnlyIf({ rule, draft, write }: { rule: FollowUpRule; draft: Draft; write: (rule: FollowUpRule) => void }) {
  const schema = readForm(draft.form).schema;
  const fields = schema ? fieldsOf(schema).filter(({ shape }) => shape === "yesno") : [];
  const asked = Object.keys(rule.when).find((name) => rule.when[name] === true) ?? "";
  const kept = Object.fromEntries(Object.entries(rule.when).filter(([name]) => name !== asked));
  const unknown = asked && !fields.some(({ name }) => name === asked);
  return (
    <Field label={t(KINDS.onlyIf)} error={undefined}>
      {(input) => (
        <select
          {...input}
          value={asked}
          onChange={({ currentTarget: { value } }) =>
            write({ ...rule, when: value ? { ...kept, [value]: true } : kept })
          }
        >
          <option value="">{t(KINDS.always)}</option>
          {unknown && <option value={asked}>{asked}</option>}
          {fields.map(({ name, label }) => (
            <option key={name} value={name}>
              {t(label)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
