import { LATE_RING, shapeOf } from "../../map/shapes.ts";
import { t } from "../../texts/language.ts";
import { STATUS } from "../../texts/words.ts";

/** The sign of a task's status, as the map draws it. */
export function Sign({ status, overdue = false }: { status: string; overdue?: boolean }) {
  const { path, hollow } = shapeOf(status);
  const tone = overdue ? "overdue" : status === "pending" ? "waiting" : "held";
  return (
    <svg
      class={`sign sign--${tone}`}
      viewBox="0 0 24 24"
      role="img"
      aria-label={t(STATUS[status as keyof typeof STATUS])}
    >
      {overdue && <circle class="sign__ring" cx="12" cy="12" r={LATE_RING.radius} />}
      <path
        d={path}
        class={hollow ? "sign__hollow" : undefined}
        transform={overdue ? `translate(12 12) scale(${LATE_RING.inner}) translate(-12 -12)` : undefined}
      />
    </svg>
  );
}
