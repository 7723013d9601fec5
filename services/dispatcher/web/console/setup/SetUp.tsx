import "./setup.css";
import type { ComponentType } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { PROTOCOLS } from "../../texts/console-follow-ups.ts";
import { SETUP } from "../../texts/console-setup.ts";
import { SPECIMENS } from "../../texts/console-specimens.ts";
import { type Text, t } from "../../texts/language.ts";
import { type District, district, isAdmin, mayChange } from "../model.ts";
import { AlarmRules } from "./alarms/AlarmRules.tsx";
import { DistrictPage } from "./district/DistrictPage.tsx";
import { FirstDistrict } from "./district/FirstDistrict.tsx";
import { GridsPage } from "./grids/GridsPage.tsx";
import { Kinds } from "./kinds/Kinds.tsx";
import { Members } from "./people/Members.tsx";
import { Protocols } from "./protocols/Protocols.tsx";
import { Steps } from "./Steps.tsx";
import { ImportRosters } from "./shifts/ImportRosters.tsx";
import { Shifts } from "./shifts/Shifts.tsx";
import { Specimens } from "./specimens/Specimens.tsx";
import { Teams } from "./teams/Teams.tsx";

interface Page {
  title: Text;
  shown: ComponentType<{ district: District }>;
  /** The page at the side from which it is opened, where it is not there itself. */
  under?: string;
}

const PAGES: Readonly<Record<string, Page>> = {
  members: { title: SETUP.members, shown: Members },
  teams: { title: SETUP.teams, shown: Teams },
  shifts: { title: SETUP.shifts, shown: Shifts },
  rosters: { title: SETUP.shifts, shown: ImportRosters, under: "shifts" },
  kinds: { title: SETUP.kinds, shown: Kinds },
  protocols: { title: PROTOCOLS.title, shown: Protocols },
  grids: { title: SETUP.grids, shown: GridsPage },
  specimens: { title: SPECIMENS.title, shown: Specimens },
  alarms: { title: SETUP.alarms, shown: AlarmRules },
};
const ADMIN_PAGES: Readonly<Record<string, Page>> = { district: { title: SETUP.district, shown: DistrictPage } };

/** The set-up of a district; `page` is one of the side's. */
export function SetUp({ page }: { page: string }) {
  const pages = isAdmin.value ? { ...PAGES, ...ADMIN_PAGES } : PAGES;
  const name = page in pages ? page : "teams";
  const { title, shown: Shown, under = name } = pages[name] as Page;
  const here = district.value;
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => top.current?.scrollIntoView(), [name]);
  if (!here) return <NoDistrict />;
  return (
    <div class="setup" ref={top}>
      <nav class="setup__nav" aria-label={t(SETUP.title)}>
        {Object.entries(pages).map(
          ([one, page]) =>
            !page.under && (
              <a key={one} href={`#/setup/${one}`} aria-current={one === under ? "page" : undefined}>
                {t(page.title)}
              </a>
            ),
        )}
      </nav>
      <div class="setup__page">
        <h1>{t(title)}</h1>
        {!mayChange.value && <p class="notice notice--info">{t(SETUP.readOnly)}</p>}
        <Steps district={here} />
        <Shown key={`${name} ${here.id}`} district={here} />
      </div>
    </div>
  );
}

function NoDistrict() {
  return (
    <div class="setup setup--alone">
      <div class="setup__page">
        <h1>{t(SETUP.noDistrict)}</h1>
        {isAdmin.value ? <FirstDistrict /> : <p>{t(SETUP.askAdmin)}</p>}
      </div>
    </div>
  );
}
