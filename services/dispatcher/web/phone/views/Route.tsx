import "./views.css";
import { useState } from "preact/hooks";
import { t } from "../../texts/language.ts";
import {
  ACCEPT_HINT,
  ACCEPT_NEXT,
  ACCEPT_ONE,
  AS_LIST,
  AS_MAP,
  LOADING,
  NOTHING,
  ROUTE,
  SHOWN_AS,
  STOPS_LEFT,
  STOPS_LEFT_ONE,
} from "../../texts/phone-views.ts";
import { LockIcon } from "../../ui/icons.tsx";
import { place } from "../place.ts";
import { route } from "../route.ts";
import type { PhoneRoute } from "../route-overlay.ts";
import { Alarms } from "./Alarms.tsx";
import { ChangeNotice } from "./ChangeNotice.tsx";
import { acceptable, numbered } from "./doors.ts";
import { EndingNotice } from "./EndingNotice.tsx";
import { tell } from "./keeping.ts";
import { Record } from "./Record.tsx";
import { RouteMap } from "./RouteMap.tsx";
import { RouteRow } from "./RouteRow.tsx";
import { StopScreen } from "./StopScreen.tsx";
import { View } from "./View.tsx";

/** All stops in order, as a list or on a map. */
export function Route() {
  const { screen, id } = place.value;
  if (screen === "record" && id) return <Record stopKey={id} tab="route" />;
  if (screen === "stop" && id) return <StopScreen stopKey={id} tab="route" />;
  return <WholeRoute />;
}

function WholeRoute() {
  const [onMap, setOnMap] = useState(false);
  const now = route.value;
  const doors = now?.stops.filter((stop) => !stop.break).length ?? 0;
  return (
    <View>
      <header class="row row--apart">
        <h1>{t(ROUTE)}</h1>
        {now && <span class="quiet">{t(doors === 1 ? STOPS_LEFT_ONE : STOPS_LEFT, { n: doors })}</span>}
      </header>
      <Alarms />
      <ChangeNotice />
      <EndingNotice />
      {doors > 0 && now ? (
        <>
          <div class="segments" role="group" aria-label={t(SHOWN_AS)}>
            {[false, true].map((map) => (
              <button key={String(map)} type="button" aria-pressed={onMap === map} onClick={() => setOnMap(map)}>
                {t(map ? AS_MAP : AS_LIST)}
              </button>
            ))}
          </div>
          {onMap ? <RouteMap stops={now.stops} /> : <StopList route={now} />}
        </>
      ) : (
        <p class="quiet">{t(now ? NOTHING : LOADING)}</p>
      )}
    </View>
  );
}

function StopList({ route: { stops, accept_limit } }: { route: PhoneRoute }) {
  return (
    <>
      <Accept doors={acceptable(stops, accept_limit)} />
      <ol class="plain stops">
        {numbered(stops).map(({ stop, number }) => (
          <RouteRow key={stop.key} stop={stop} number={number} />
        ))}
      </ol>
    </>
  );
}

/** Door by door: one that has moved away meanwhile does not take the others along. */
function Accept({ doors }: { doors: string[][] }) {
  if (!doors.length) return null;
  const accept = () => tell(...doors.map((ids) => ({ report: "accept", task_ids: ids }) as const));
  return (
    <div class="accept">
      <button type="button" class="button button--primary" onClick={() => void accept()}>
        <LockIcon /> {t(doors.length === 1 ? ACCEPT_ONE : ACCEPT_NEXT, { n: doors.length })}
      </button>
      <p class="quiet">{t(ACCEPT_HINT)}</p>
    </div>
  );
}
