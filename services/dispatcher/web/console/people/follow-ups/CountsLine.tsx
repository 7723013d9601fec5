import { useEffect, useState } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { FOLLOW_UPS } from "../../../texts/console-follow-ups.ts";
import { t } from "../../../texts/language.ts";
import { atMostEvery } from "../../backlog.ts";
import { type District, hear } from "../../model.ts";
import { type Counts, countAll } from "./counts.ts";
import { NEWS } from "./news.ts";

/** Counting asks for everybody: not more often than anybody would look. */
const PAUSE_MS = 5_000;

/** How many are followed up and how many lack something today, counted again while things happen. */
export function CountsLine({ district }: { district: District }) {
  const counts = useCounts(district.id);
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

function useCounts(districtId: string): Counts | null {
  const [counts, setCounts] = useState<Counts | null>(null);
  useEffect(() => {
    let gone = false;
    const count = atMostEvery(PAUSE_MS, async () => {
      const counted = await countAll((page) => {
        const query = { district: districtId, status: ["under_follow_up" as const], ...page };
        return answered(api.GET("/v1/follow-ups", { params: { query } }));
      });
      if (!gone) setCounts(counted);
    });
    count();
    const deaf = hear(({ name }) => {
      if (NEWS.includes(name)) count();
    });
    return () => {
      gone = true;
      deaf();
      count.stop();
    };
  }, [districtId]);
  return counts;
}
