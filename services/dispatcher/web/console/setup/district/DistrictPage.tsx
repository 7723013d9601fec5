import { useState } from "preact/hooks";
import { DISTRICT } from "../../../texts/console-district.ts";
import { t } from "../../../texts/language.ts";
import { Dialog } from "../../../ui/Dialog.tsx";
import type { District } from "../../model.ts";
import { About } from "./About.tsx";
import { Accounts } from "./Accounts.tsx";
import { FirstDistrict } from "./FirstDistrict.tsx";
import { Settings } from "./Settings.tsx";

/** What only admins set: the district itself, its numbers, and who may log in at a desk. */
export function DistrictPage({ district }: { district: District }) {
  const [making, setMaking] = useState(false);
  return (
    <div class="stack setup__wide">
      <About key={`about ${district.id}`} district={district} />
      <Settings key={`settings ${district.id}`} district={district} />
      <Accounts district={district} />
      <div>
        <button type="button" class="button" onClick={() => setMaking(true)}>
          {t(DISTRICT.another)}
        </button>
      </div>
      {making && (
        <Dialog title={t(DISTRICT.another)} onClose={() => setMaking(false)}>
          <FirstDistrict onMade={() => setMaking(false)} />
        </Dialog>
      )}
    </div>
  );
}
