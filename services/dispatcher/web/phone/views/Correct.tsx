import { draftOf, fieldsOf } from "../../forms/schema.ts";
import { named, t } from "../../texts/language.ts";
import { CORRECT_HINT, CORRECT_TITLE, NOT_HERE, WAS } from "../../texts/phone-views.ts";
import { go } from "../place.ts";
import { route } from "../route.ts";
import type { Recorded } from "../route-overlay.ts";
import { findings } from "./findings.ts";
import { useTellOnce } from "./keeping.ts";
import { at, outcomeName } from "./naming.ts";
import { useVisitDraft } from "./useVisitDraft.ts";
import { Head, View } from "./View.tsx";
import { type Said, VisitForm } from "./VisitForm.tsx";

/** A slip, mended: the same form, filled in as it was recorded. */
export function Correct({ visitId }: { visitId: string }) {
  const recorded = route.value?.recorded_today.find((one) => one.id === visitId);
  if (recorded && !recorded.struck) return <CorrectForm recorded={recorded} />;
  return (
    <View>
      <CorrectHead />
      <p class="notice notice--warn">{t(NOT_HERE)}</p>
    </View>
  );
}

function CorrectHead() {
  return <Head onBack={() => go("done")}>{t(CORRECT_TITLE)}</Head>;
}

function CorrectForm({ recorded }: { recorded: Recorded }) {
  const form = route.value?.forms.find((one) => one.kind === recorded.kind);
  const was = { form: draftOf(form ? fieldsOf(form.schema) : [], recorded.result ?? {}), note: recorded.note ?? "" };
  const { value, change, drop } = useVisitDraft(`correct:${recorded.id}`, was);
  const tell = useTellOnce();
  const save = async ({ outcome, checked }: Said) => {
    const visit = findings(outcome, form, checked, value.note);
    if (!(await tell({ report: "correct", visit_id: recorded.id, visit }))) return;
    drop();
    go("done", null, null, true);
  };
  return (
    <VisitForm
      form={form}
      mayFind={true}
      call={false}
      together={1}
      value={value}
      onChange={change}
      onSay={(said) => void save(said)}
    >
      <CorrectHead />
      <p class="visit__whose">
        <strong>{named(recorded.names)}</strong>
        <span class="quiet">
          {recorded.address} · {at(recorded.at)}
        </span>
      </p>
      {recorded.outcome && <p>{t(WAS, { what: outcomeName(recorded.outcome, false) })}</p>}
      <p class="quiet">{t(CORRECT_HINT)}</p>
    </VisitForm>
  );
}
