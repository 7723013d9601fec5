import { shown } from "../../forms/number.ts";
import type { Checked } from "../../forms/schema.ts";
import { UNUSUAL, UNUSUAL_NO, UNUSUAL_TITLE, UNUSUAL_YES } from "../../texts/forms.ts";
import { listed, t } from "../../texts/language.ts";
import { Dialog } from "../../ui/Dialog.tsx";

interface Props {
  values: Checked["unusual"];
  onYes: () => void;
  onNo: () => void;
}

/** Possible, but rare: is it so? */
export function Unusual({ values, onYes, onNo }: Props) {
  const said = values.map(({ field, value }) => shown(field, value));
  return (
    <Dialog title={t(UNUSUAL_TITLE)} onClose={onNo}>
      <div class="stack">
        {values.map(({ field }, index) => (
          <p key={field.name}>{t(UNUSUAL, { label: t(field.label), value: said[index] ?? "" })}</p>
        ))}
        <button type="button" class="button button--primary" onClick={onNo}>
          {t(UNUSUAL_NO)}
        </button>
        <button type="button" class="button" onClick={onYes}>
          {t(UNUSUAL_YES, { value: listed(said) })}
        </button>
      </div>
    </Dialog>
  );
}
