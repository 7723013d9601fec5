import { REST } from "../../../texts/console-rosters.ts";
import { t } from "../../../texts/language.ts";
import { memberName, useMemberNames } from "../people/memberNames.ts";
import type { Shift } from "./plan.ts";
import { restWords } from "./rest.ts";

/** Who must rest in a shift. */
export function RestNotice({ shift, timeZone }: { shift: Shift; timeZone: string }) {
  useMemberNames(shift.warnings.map(({ member_id }) => member_id));
  if (shift.warnings.length === 0) return null;
  return (
    <div class="notice notice--warn">
      <ul class="setup__plain">
        {shift.warnings.map((warning) => (
          <li key={warning.member_id}>{restWords(warning, memberName(warning.member_id), timeZone, shift)}</li>
        ))}
      </ul>
      <p>{t(REST.why)}</p>
    </div>
  );
}
