import { useState } from "preact/hooks";
import { answered, api, type Schemas } from "../../../api/client.ts";
import { FOLLOW_UPS } from "../../../texts/console-follow-ups.ts";
import { FOLLOW_UP_STATUS } from "../../../texts/console-people.ts";
import { named, t } from "../../../texts/language.ts";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { type District, mayChange } from "../../model.ts";
import { go } from "../../router.ts";
import { useAsked, useEvents } from "../../setup/asked.ts";
import { pagesOf } from "../pages.ts";
import { CountsLine } from "./CountsLine.tsx";
import { FollowUpTable } from "./FollowUpTable.tsx";
import { NEWS } from "./news.ts";
import { StartDialog } from "./StartDialog.tsx";
import { type Protocol, useProtocols } from "./useProtocols.ts";

type Status = Schemas["FollowUpStatus"];

interface Wanted {
  q: string;
  status: Status | "";
  protocol: string;
  missing: boolean;
}

const AT_FIRST: Wanted = { q: "", status: "under_follow_up", protocol: "", missing: false };

/** Whom the district follows up: what they lack today and what comes next. */
export function FollowUpList({ district }: { district: District }) {
  const [wanted, setWanted] = useState(AT_FIRST);
  const [pages, setPages] = useState(1);
  const [starting, setStarting] = useState(false);
  const protocols = useProtocols(district);
  const asked = useAsked(() => search(district, wanted, pages), [district.id, wanted, pages]);
  useEvents(NEWS, asked.again);
  const want = (change: Partial<Wanted>) => {
    setWanted({ ...wanted, ...change });
    setPages(1);
  };
  const found = asked.value;
  return (
    <>
      <CountsLine district={district} />
      <div class="setup__tools">
        <Search wanted={wanted} want={want} protocols={protocols.value ?? []} />
        {mayChange.value && (
          <button type="button" class="button button--primary" onClick={() => setStarting(true)}>
            {t(FOLLOW_UPS.start)}
          </button>
        )}
      </div>
      <ProblemNote error={asked.error ?? protocols.error} />
      {found?.items.length === 0 && (
        <p class="setup__empty">{t(isNarrowed(wanted) ? FOLLOW_UPS.nobody : FOLLOW_UPS.none)}</p>
      )}
      {found && found.items.length > 0 && <FollowUpTable followUps={found.items} zone={district.time_zone} />}
      {found?.more && (
        <button type="button" class="button" onClick={() => setPages(pages + 1)}>
          {t(FOLLOW_UPS.more)}
        </button>
      )}
      {starting && (
        <StartDialog
          district={district}
          protocols={protocols.value ?? []}
          onClose={() => setStarting(false)}
          onStarted={(id) => go(`/people/follow-ups/${id}`)}
        />
      )}
    </>
  );
}

function isNarrowed({ q, status, protocol, missing }: Wanted): boolean {
  return Boolean(q.trim() || protocol || missing || status !== AT_FIRST.status);
}

function search(district: District, { q, status, protocol, missing }: Wanted, pages: number) {
  const query = {
    district: district.id,
    ...(q.trim() && { q: q.trim() }),
    ...(status && { status: [status] }),
    ...(protocol && { protocol }),
    ...(missing && { missing_today: true }),
  };
  return pagesOf(pages, (page) => answered(api.GET("/v1/follow-ups", { params: { query: { ...query, ...page } } })));
}

interface SearchProps {
  wanted: Wanted;
  want: (change: Partial<Wanted>) => void;
  protocols: readonly Protocol[];
}

function Search({ wanted, want, protocols }: SearchProps) {
  return (
    <search class="setup__search">
      <input
        type="search"
        class="setup__input"
        value={wanted.q}
        maxLength={200}
        aria-label={t(FOLLOW_UPS.search)}
        placeholder={t(FOLLOW_UPS.search)}
        onInput={(event) => want({ q: event.currentTarget.value })}
      />
      <select
        class="setup__input"
        aria-label={t(FOLLOW_UPS.status)}
        value={wanted.status}
        onChange={(event) => want({ status: event.currentTarget.value as Wanted["status"] })}
      >
        <option value="">{t(FOLLOW_UPS.anyStatus)}</option>
        {Object.entries(FOLLOW_UP_STATUS).map(([status, text]) => (
          <option key={status} value={status}>
            {t(text)}
          </option>
        ))}
      </select>
      <select
        class="setup__input"
        aria-label={t(FOLLOW_UPS.protocol)}
        value={wanted.protocol}
        onChange={(event) => want({ protocol: event.currentTarget.value })}
      >
        <option value="">{t(FOLLOW_UPS.anyProtocol)}</option>
        {protocols.map(({ code, names }) => (
          <option key={code} value={code}>
            {named(names)}
          </option>
        ))}
      </select>
      <label class="setup__check">
        <input
          type="checkbox"
          checked={wanted.missing}
          onChange={(event) => want({ missing: event.currentTarget.checked })}
        />
        {t(FOLLOW_UPS.onlyMissing)}
      </label>
    </search>
  );
}
