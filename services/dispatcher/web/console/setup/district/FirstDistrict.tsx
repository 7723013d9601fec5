import { useRef, useState } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { newId } from "../../../api/ids.ts";
import { DISTRICT } from "../../../texts/console-district.ts";
import { t } from "../../../texts/language.ts";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { say } from "../../../ui/toasts.tsx";
import { chooseDistrict, loadDistricts } from "../../load.ts";
import { useSending } from "../asked.ts";
import { DistrictFields } from "./About.tsx";

/** A new district; it starts with the usual slots, settings and kinds. The console looks at it from then on. */
export function FirstDistrict({ onMade }: { onMade?: () => void }) {
  const id = useRef(newId());
  const [draft, setDraft] = useState({
    name: "",
    code: "",
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  });
  const sending = useSending();
  const submit = (event: Event) => {
    event.preventDefault();
    void sending.run(async () => {
      const made = await answered(api.POST("/v1/districts", { body: { ...draft, id: id.current } as never }));
      await loadDistricts();
      chooseDistrict(made.id);
      say(t(DISTRICT.made, { name: made.name }), "good");
      onMade?.();
    });
  };
  return (
    <form class="stack" onSubmit={submit}>
      <DistrictFields draft={draft} set={(change) => setDraft({ ...draft, ...change })} error={sending.error} />
      <ProblemNote error={sending.error} shown={["name", "code", "time_zone"]} />
      <div class="setup__end">
        <button type="submit" class="button button--primary" disabled={sending.busy}>
          {t(DISTRICT.make)}
        </button>
      </div>
    </form>
  );
}
