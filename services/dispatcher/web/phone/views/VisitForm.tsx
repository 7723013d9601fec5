import type { ComponentChildren } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { Form } from "../../forms/Form.tsx";
import { type Checked, check, type Draft, fieldsOf } from "../../forms/schema.ts";
import { t } from "../../texts/language.ts";
import { ADD_NOTE, FILL_IN, NO_FORM, NOTE } from "../../texts/phone-views.ts";
import { Field } from "../../ui/Field.tsx";
import { isFever, type Outcome, type PhoneForm, sawThePerson, type VisitDraft } from "./findings.ts";
import { OutcomeBar } from "./OutcomeBar.tsx";
import { Unusual } from "./Unusual.tsx";
import { View } from "./View.tsx";

export interface Said {
  outcome: Outcome;
  checked: Checked;
  /** Of everything at this door, not of this task alone. */
  all: boolean;
}

interface Props {
  form: PhoneForm | undefined;
  /** Whether the member's role may record what was found, and not only that nobody was seen. */
  mayFind: boolean;
  call: boolean;
  /** How many tasks of the door are still to be recorded, this one included. */
  together: number;
  value: VisitDraft;
  hints?: Readonly<Record<string, string>>;
  onChange: (value: VisitDraft) => void;
  onSay: (said: Said) => void;
  /** Above the form. */
  children: ComponentChildren;
}

const NO_FIELDS = {};

/** A kind's form, a note, and what the visit came to. Nothing impossible gets out; what is rare is asked for twice. */
export function VisitForm(props: Props) {
  const { form, mayFind, call, together, value, hints = {}, onChange, onSay, children } = props;
  const fields = useMemo(() => fieldsOf(form?.schema ?? NO_FIELDS), [form]);
  const [tried, setTried] = useState(false);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [doubted, setDoubted] = useState<Said | undefined>();
  const screen = useRef<HTMLDivElement>(null);
  const checked = check(fields, value.form);
  const wrong = Object.fromEntries(
    Object.entries(checked.wrong).filter(([name, { why }]) => tried || (why !== "missing" && left.has(name))),
  );
  const fever = isFever(form, checked.result) ? form : undefined;

  const say = (outcome: Outcome, all = false) => {
    const said = { outcome, checked, all };
    if (!sawThePerson(outcome)) return onSay(said);
    if (Object.keys(checked.wrong).length) {
      setTried(true);
      return requestAnimationFrame(() => showFirst(screen.current, Object.keys(checked.wrong)));
    }
    if (checked.unusual.length) setDoubted(said);
    else onSay(said);
  };

  return (
    <View actions={<OutcomeBar mayFind={mayFind} fever={fever} call={call} together={together} onSay={say} />}>
      {children}
      <div ref={screen} class="visit" onFocusOut={(event) => setLeft(new Set([...left, ...fieldAt(event.target)]))}>
        {mayFind && !form && <p class="notice notice--warn">{t(NO_FORM)}</p>}
        {mayFind && (
          <Form
            fields={fields}
            draft={value.form}
            wrong={wrong}
            hints={hints}
            onChange={(entered: Draft) => onChange({ ...value, form: entered })}
          />
        )}
        <Note value={value.note} onChange={(note) => onChange({ ...value, note })} />
        {Object.keys(wrong).length > 0 && tried && (
          <p class="notice notice--bad" role="alert">
            {t(FILL_IN)}
          </p>
        )}
      </div>
      {doubted && (
        <Unusual values={doubted.checked.unusual} onNo={() => setDoubted(undefined)} onYes={() => onSay(doubted)} />
      )}
    </View>
  );
}

/** Folded away until it is wanted: the common visit needs none. */
function Note({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [open, setOpen] = useState(value !== "");
  if (!open)
    return (
      <button type="button" class="button button--quiet visit__note" onClick={() => setOpen(true)}>
        {t(ADD_NOTE)}
      </button>
    );
  return (
    <Field label={t(NOTE)}>
      {(input) => (
        <textarea
          {...input}
          rows={3}
          maxLength={1500}
          value={value}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

function fieldAt(target: EventTarget | null): string[] {
  const row = target instanceof Element ? target.closest<HTMLElement>("[data-field]") : null;
  return row?.dataset.field ? [row.dataset.field] : [];
}

function showFirst(screen: HTMLElement | null, names: readonly string[]): void {
  const rows = [...(screen?.querySelectorAll<HTMLElement>("[data-field]") ?? [])];
  const row = rows.find((one) => names.includes(one.dataset.field ?? ""));
  row?.scrollIntoView({ block: "center" });
  row?.querySelector<HTMLElement>("input, select, textarea")?.focus({ preventScroll: true });
}
