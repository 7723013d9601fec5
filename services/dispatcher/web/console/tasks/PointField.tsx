import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { NEW } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { NavigateIcon } from "../../ui/icons.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { type Point, picked, picking } from "../model.ts";
import { pointOf } from "./places.ts";

/** About a tenth of a metre. */
const DIGITS = 6;
/** From this width on the map stands beside the panel, so it may listen all the time. */
const MAP_BESIDE = "(width >= 1180px)";

export interface PointFieldProps {
  point: Point | null;
  onPoint: (point: Point | null) => void;
}

/** A point by a click on the map, or typed. Another click corrects it. */
export function PointField({ point, onPoint }: PointFieldProps) {
  const { listening, listen } = usePicking(point, onPoint);
  return (
    <div class={point ? "point point--set" : "point"}>
      <div class="row">
        {listening ? (
          <span>
            <NavigateIcon /> {t(NEW.picking)}
          </span>
        ) : (
          <button type="button" class="button" onClick={listen}>
            <NavigateIcon /> {t(NEW.pickOnMap)}
          </button>
        )}
      </div>
      {point ? (
        <div class="row">
          <strong>{t(NEW.point, { lat: point.lat, lon: point.lon })}</strong>
          <button type="button" class="button button--quiet" onClick={() => onPoint(null)}>
            {t(NEW.removePoint)}
          </button>
        </div>
      ) : (
        <p class="task__quiet">{t(NEW.noPointYet)}</p>
      )}
      <TypedPoint key={point ? `${point.lat} ${point.lon}` : ""} point={point} onPoint={onPoint} />
    </div>
  );
}

function usePicking(point: Point | null, onPoint: (point: Point | null) => void) {
  const latest = useRef(onPoint);
  latest.current = onPoint;
  const pick = useCallback((at: Point) => {
    if (!matchMedia(MAP_BESIDE).matches) picking.value = null;
    latest.current({ lat: rounded(at.lat), lon: rounded(at.lon) });
  }, []);
  const listen = useCallback(() => {
    picking.value = pick;
  }, [pick]);
  useEffect(() => {
    if (matchMedia(MAP_BESIDE).matches) listen();
    return () => {
      picking.value = null;
      picked.value = null;
    };
  }, [listen]);
  useEffect(() => {
    picked.value = point;
  }, [point]);
  return { listening: picking.value === pick, listen };
}

/** For whom a map is no use: the same as two numbers. */
function TypedPoint({ point, onPoint }: PointFieldProps) {
  const [lat, setLat] = useState(point ? String(point.lat) : "");
  const [lon, setLon] = useState(point ? String(point.lon) : "");
  const [tried, setTried] = useState(false);
  const typed = pointOf(lat, lon);
  const take = () => {
    setTried(true);
    if (typed) onPoint(typed);
  };
  return (
    <details>
      <summary>{t(NEW.typePoint)}</summary>
      <div class="point__typed">
        <TextField
          label={t(NEW.latitude)}
          error={tried && !typed ? t(NEW.badPoint) : undefined}
          inputMode="decimal"
          value={lat}
          onText={setLat}
        />
        <TextField label={t(NEW.longitude)} inputMode="decimal" value={lon} onText={setLon} />
        <button type="button" class="button" onClick={take}>
          {t(NEW.add)}
        </button>
      </div>
    </details>
  );
}

function rounded(degrees: number): number {
  return Number(degrees.toFixed(DIGITS));
}
