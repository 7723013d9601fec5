import { t } from "../../texts/language.ts";
import { FEVER_NEXT, FEVER_NOT_WELL, FEVER_TITLE } from "../../texts/phone-views.ts";
import { ThermometerIcon } from "../../ui/icons.tsx";
import type { PhoneForm } from "./findings.ts";
import { allNamed } from "./naming.ts";

/** What a temperature above the line brings about, said before it is sent and without a signal. */
export function FeverNotice({ form }: { form: PhoneForm }) {
  return (
    <p class="fever" role="status">
      <ThermometerIcon />
      <span>
        <strong>{t(FEVER_TITLE, { line: (form.fever_above_c ?? 0).toFixed(1) })}</strong>
        <br />
        {t(FEVER_NOT_WELL)}
        {form.on_fever.length > 0 && <br />}
        {form.on_fever.length > 0 && t(FEVER_NEXT, { what: allNamed(form.on_fever) })}
      </span>
    </p>
  );
}
