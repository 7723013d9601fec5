import { t } from "../texts/language.ts";
import { SECTIONS, TABS } from "../texts/phone-shell.ts";
import { CheckIcon, DoorIcon, NavigateIcon, PersonIcon } from "../ui/icons.tsx";
import { go, place, type Tab } from "./place.ts";
import { setAside } from "./queue.ts";

const ICONS = { now: DoorIcon, route: NavigateIcon, done: CheckIcon, me: PersonIcon } satisfies Record<Tab, unknown>;

/** Under the thumb. */
export function TabBar() {
  return (
    <nav class="tabs" aria-label={t(SECTIONS)}>
      {(["now", "route", "done", "me"] as const).map((tab) => {
        const Icon = ICONS[tab];
        const mark = tab === "done" && setAside.value.length > 0;
        return (
          <button
            key={tab}
            type="button"
            class="tabs__tab"
            aria-current={place.value.tab === tab ? "page" : undefined}
            onClick={() => go(tab)}
          >
            <Icon />
            <span>{t(TABS[tab])}</span>
            {mark && <span class="tabs__mark" aria-hidden="true" />}
          </button>
        );
      })}
    </nav>
  );
}
