import { answered, api } from "../../../api/client.ts";
import { FOLLOW_UPS } from "../../../texts/console-follow-ups.ts";
import { t } from "../../../texts/language.ts";
import type { District } from "../../model.ts";
import { useFresh } from "../useFresh.ts";
import { countAll } from "./counts.ts";
import { NEWS } from "./news.ts";

/** How many are followed up and how many lack something today, counted again while things happen. */
export function CountsLine({ district }: { district: District }) {
  const { value: counts } = useFresh(
    () =>
      countAll((page) => {
        const query = { district: district.id, status: ["under_follow_up" as const], ...page };
        return answered(api.GET("/v1/follow-ups", { params: { query } }));
      }),
    NEWS,
    [district.id],
  );
  if (!counts) return null;
  const number = (n: number) => (counts.more ? t(FOLLOW_UPS.atLeast, { n }) : String(n));
  return (
    <section class="people__counts" aria-label={t(FOLLOW_UPS.counts)}>
      <span>
        <strong>{number(counts.live)}</strong> {t(FOLLOW_UPS.live)}
      </span>
      <span class={counts.lacking ? "people__lacking" : undefined}>
        <strong>{number(counts.lacking)}</strong> {t(FOLLOW_UPS.lacking)}
      </span>
    </section>
  );
}
