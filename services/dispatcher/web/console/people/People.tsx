import "../setup/setup.css";
import "./people.css";
import type { ComponentType } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { FOLLOW_UPS, LEDGER } from "../../texts/console-follow-ups.ts";
import { PEOPLE } from "../../texts/console-people.ts";
import { type Text, t } from "../../texts/language.ts";
import { type District, district } from "../model.ts";
import { Contacts } from "./contacts/Contacts.tsx";
import { FollowUps } from "./follow-ups/FollowUps.tsx";
import { LedgerPage } from "./ledger/LedgerPage.tsx";

interface Page {
  title: Text;
  shown: ComponentType<{ district: District; rest: readonly string[] }>;
}

const PAGES: Readonly<Record<string, Page>> = {
  "follow-ups": { title: FOLLOW_UPS.title, shown: FollowUps },
  ledger: { title: LEDGER.title, shown: LedgerPage },
  contacts: { title: PEOPLE.contacts, shown: Contacts },
};

/** The people of a district; `page` is one of the side's, `rest` what follows it in the address. */
export function People({ page, rest }: { page: string; rest: readonly string[] }) {
  const name = page in PAGES ? page : "follow-ups";
  const { title, shown: Shown } = PAGES[name] as Page;
  const here = district.value;
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => top.current?.scrollIntoView(), [name, ...rest]);
  if (!here) return null;
  return (
    <div class="setup" ref={top}>
      <nav class="setup__nav" aria-label={t(PEOPLE.title)}>
        {Object.entries(PAGES).map(([one, { title }]) => (
          <a key={one} href={`#/people/${one}`} aria-current={one === name ? "page" : undefined}>
            {t(title)}
          </a>
        ))}
      </nav>
      <div class="setup__page people__page">
        <h1>{t(title)}</h1>
        <Shown key={`${name} ${here.id}`} district={here} rest={rest} />
      </div>
    </div>
  );
}
