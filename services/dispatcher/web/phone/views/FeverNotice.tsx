import { t } from "../../texts/language.ts";
import { FEVER_NEXT, FEVER_NOT_WELL, FEVER_TITLE } from "../../texts/phone-views.ts";
import { ThermometerIcon } from "../../ui/icons.tsx";
import type { PhoneForm } from "./findings.ts";
import { allNamed } from "./naming.ts";

/** What a temperature above the line brings about, said before it is sent and without a signal. */
export function FeverNotice({ form }: { form: PhoneForm }) {
  return (
    <div class="notice notice--bad fever" role="status">
      <p>
        <strong>
          <ThermometerIcon /> {t(FEVER_TITLE, { line: (form.fever_above_c ?? 0).toFixed(1) })}
        </strong>
      </p>
      <p>{t(FEVER_NOT_WELL)}</p>
      {form.on_fever.length > 0 && <p>{t(FEVER_NEXT, { what: allNamed(form.on_fever) })}</p>}
    </div>
  );
}
