import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../texts/language.ts";
import { MAP_LABEL, MAP_MISSING } from "../../texts/phone-views.ts";
import { go } from "../place.ts";
import type { Stop } from "../route-overlay.ts";
import type { DrawnRoute } from "./drawnRoute.ts";

/** The walk and its numbered stops. The map's code is loaded when it is first looked at. */
export function RouteMap({ stops }: { stops: readonly Stop[] }) {
  const element = useRef<HTMLDivElement>(null);
  const drawn = useRef<DrawnRoute | undefined>(undefined);
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    let gone = false;
    import("./drawnRoute.ts").then(
      ({ drawRoute }) => {
        if (gone || !element.current) return;
        drawn.current = drawRoute(element.current, t(MAP_LABEL), (key) => go("route", "stop", key));
        drawn.current.show(stops);
      },
      () => setMissing(!gone),
    );
    return () => {
      gone = true;
      drawn.current?.remove();
    };
  }, []);
  useEffect(() => drawn.current?.show(stops), [stops]);
  return missing ? <p class="notice notice--warn">{t(MAP_MISSING)}</p> : <div ref={element} class="route-map" />;
}
