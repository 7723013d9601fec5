import { useState } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { START } from "../../../texts/console-follow-ups.ts";
import { t } from "../../../texts/language.ts";
import { useAsked } from "../../setup/asked.ts";
import { degrees, StartPlace } from "../../setup/teams/StartPlace.tsx";
import { DoorField } from "../../tasks/DoorField.tsx";
import type { PointFieldProps } from "../../tasks/PointField.tsx";
import { type Door, type Person, pointOf } from "../../tasks/places.ts";

interface HomeFieldProps {
  person: Person;
  door: Door;
  onDoor: (door: Door) => void;
  error: string | undefined;
}

/** The home of whoever is known, unless another one is wanted; of anybody else, a door. */
export function HomeField({ person, door, onDoor, error }: HomeFieldProps) {
  const [moves, setMoves] = useState("");
  const subject = person.is === "known" ? person.subject : null;
  const id = subject?.household_id ?? null;
  const asked = useAsked(
    async () => (id ? answered(api.GET("/v1/households/{id}", { params: { path: { id } } })) : null),
    [id],
  );
  if (subject && id && moves !== subject.id)
    return (
      <div class="chosen">
        <span>{asked.value?.address ?? ""}</span>
        <button type="button" class="button button--quiet" onClick={() => setMoves(subject.id)}>
          {t(START.otherHome)}
        </button>
      </div>
    );
  return <DoorField door={door} onDoor={onDoor} error={error} Place={OnItsOwnMap} />;
}

/** The board's map lies under the dialog: this one has a map of its own. */
function OnItsOwnMap({ point, onPoint }: PointFieldProps) {
  const [typed, setTyped] = useState({
    lat: point ? degrees(point.lat) : "",
    lon: point ? degrees(point.lon) : "",
  });
  return (
    <StartPlace
      legend={t(START.point)}
      hint={t(START.pointHint)}
      lat={typed.lat}
      lon={typed.lon}
      set={(place) => {
        setTyped(place);
        onPoint(pointOf(place.lat, place.lon));
      }}
      error={undefined}
    />
  );
}
