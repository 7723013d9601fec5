import { answered, api } from "../../api/client.ts";
import { USUAL } from "../../texts/console-setup.ts";
import { type Text, t } from "../../texts/language.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { say } from "../../ui/toasts.tsx";
import type { District } from "../model.ts";
import { useSending } from "./asked.ts";

interface UsualProps {
  path: "/v1/kinds/usual" | "/v1/protocols/usual";
  district: District;
  label: Text;
  /** Reads anew what is shown. */
  onMade: () => unknown;
}

/** Makes what every new district begins with and this one does not have; what it has stays as it is. */
export function Usual({ path, district, label, onMade }: UsualProps) {
  const sending = useSending();
  const make = async () => {
    const { made } = await answered<{ made: readonly unknown[] }>(
      api.POST(path, { body: { district: district.code } }),
    );
    await onMade();
    say(made.length > 0 ? t(USUAL.made, { n: made.length }) : t(USUAL.there), "good");
  };
  return (
    <>
      <button type="button" class="button" disabled={sending.busy} onClick={() => void sending.run(make)}>
        {t(label)}
      </button>
      <ProblemNote error={sending.error} />
    </>
  );
}
