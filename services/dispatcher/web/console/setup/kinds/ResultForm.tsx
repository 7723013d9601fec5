import { useState } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { Form } from "../../../forms/Form.tsx";
import { fieldsOf, type Schema } from "../../../forms/schema.ts";
import { KINDS } from "../../../texts/console-kinds.ts";
import { t } from "../../../texts/language.ts";
import { Field } from "../../../ui/Field.tsx";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { fieldError } from "../../../ui/refusal.ts";
import { day } from "../../../ui/time.ts";
import { type District, mayChange } from "../../model.ts";
import { useAsked } from "../asked.ts";
import { type FormRead, type KindOut, pretty } from "./draft.ts";

interface ResultFormProps {
  district: District;
  kind: KindOut | null;
  /** The present form as text, perhaps edited. */
  text: string;
  read: FormRead;
  set: (text: string) => void;
  error: unknown;
}

/** A kind's form as teams see it and as JSON; older versions can be looked at. */
export function ResultForm({ district, kind, text, read, set, error }: ResultFormProps) {
  const present = kind?.form_version ?? 1;
  const [version, setVersion] = useState(present);
  const old = useAsked(() => oldForm(kind, version), [kind?.id, version]);
  const isOld = version !== present;
  const schema = isOld ? old.value : read.schema;
  return (
    <section class="stack" aria-label={t(KINDS.form)}>
      <div class="row">
        <h3 class="setup__gap">{t(KINDS.form)}</h3>
        {kind && (
          <select
            class="setup__input"
            aria-label={t(KINDS.version)}
            value={String(version)}
            onChange={(event) => setVersion(Number(event.currentTarget.value))}
          >
            {kind.form_versions.map((one) => (
              <option key={one.version} value={String(one.version)}>
                {t(KINDS.versionOf, { n: one.version, day: day(one.created_at, district.time_zone) })}
                {one.version === present ? ` (${t(KINDS.present)})` : ""}
              </option>
            ))}
          </select>
        )}
      </div>
      <ProblemNote error={old.error} />
      {isOld && <p class="notice notice--info">{t(KINDS.oldVersion)}</p>}
      <Preview schema={schema} />
      <Field
        label={t(KINDS.json)}
        hint={t(KINDS.jsonHint)}
        error={isOld ? undefined : (notJson(read) ?? fieldError(error, "form"))}
      >
        {(input) => (
          <textarea
            {...input}
            class="setup__json"
            spellcheck={false}
            rows={12}
            readOnly={isOld || !mayChange.value}
            value={isOld ? pretty(old.value ?? {}) : text}
            onInput={(event) => set(event.currentTarget.value)}
          />
        )}
      </Field>
    </section>
  );
}

async function oldForm(kind: KindOut | null, version: number): Promise<Schema | undefined> {
  if (!kind || version === kind.form_version) return undefined;
  const path = { id: kind.id, version };
  const { form } = await answered(api.GET("/v1/kinds/{id}/forms/{version}", { params: { path } }));
  return form as Schema;
}

function notJson({ wrong }: FormRead): string | undefined {
  if (!wrong) return undefined;
  return wrong === "no_object" ? t(KINDS.notObject) : t(KINDS.notJson, { line: wrong.line, column: wrong.column });
}

/** The form as it looks; it is filled in on phones. */
function Preview({ schema }: { schema: Schema | undefined }) {
  const fields = schema ? fieldsOf(schema) : [];
  return (
    <div class="setup__preview" role="group" aria-label={t(KINDS.preview)}>
      <span class="setup__quiet">{t(KINDS.preview)}</span>
      {fields.length === 0 ? (
        <p class="setup__quiet">{t(KINDS.noFields)}</p>
      ) : (
        <fieldset class="setup__set" disabled>
          <Form fields={fields} draft={{}} wrong={{}} onChange={() => undefined} />
        </fieldset>
      )}
    </div>
  );
}
