import { useEffect, useState } from "preact/hooks";
import { NEW } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { Field } from "../../ui/Field.tsx";
import { NavigateIcon } from "../../ui/icons.tsx";
import { type Point, picked, picking } from "../model.ts";
import { pointOf } from "./places.ts";

/** About a tenth of a metre. */
const DIGITS = 6;

interface PointFieldProps {
  point: Point | null;
  onPoint: (point: Point | null) => void;
}

/** A point by a click on the map, or typed. While it is shown, a click on the map is its. */
export function PointField({ point, onPoint }: PointFieldProps) {
  useEffect(() => {
    const pick = (at: Point) => onPoint({ lat: rounded(at.lat), lon: rounded(at.lon) });
    picking.value = pick;
    return () => {
      if (picking.value === pick) picking.value = null;
    };
  }, [onPoint]);
  useEffect(() => {
    picked.value = point;
    return () => {
      picked.value = null;
    };
  }, [point]);
  return (
    <div class="point">
      <p class="point__how">
        <NavigateIcon /> {t(NEW.picking)}
      </p>
      {point ? (
        <p class="row">
          <strong>{t(NEW.point, { lat: point.lat, lon: point.lon })}</strong>
          <button type="button" class="button button--quiet" onClick={() => onPoint(null)}>
            {t(NEW.removePoint)}
          </button>
        </p>
      ) : (
        <p class="task__quiet">{t(NEW.noPointYet)}</p>
      )}
      <TypedPoint key={point ? `${point.lat} ${point.lon}` : ""} point={point} onPoint={onPoint} />
    </div>
  );
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
        <Field label={t(NEW.latitude)} error={tried && !typed ? t(NEW.badPoint) : undefined}>
          {(input) => (
            <input {...input} inputMode="decimal" value={lat} onInput={(event) => setLat(event.currentTarget.value)} />
          )}
        </Field>
        <Field label={t(NEW.longitude)}>
          {(input) => (
            <input {...input} inputMode="decimal" value={lon} onInput={(event) => setLon(event.currentTarget.value)} />
          )}
        </Field>
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
