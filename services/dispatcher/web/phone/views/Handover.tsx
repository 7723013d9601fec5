import { useRef, useState } from "preact/hooks";
import { t } from "../../texts/language.ts";
import {
  ALL_SAID,
  ALL_SAID_HINT,
  ASK_TITLE,
  BACK_TO_DOORS,
  DOOR_OF,
  LATER_BUTTON,
  SHIFT_ENDED_AT,
  SHIFT_ENDS_AT,
} from "../../texts/phone-handover.ts";
import { CheckIcon } from "../../ui/icons.tsx";
import { back, go } from "../place.ts";
import { route } from "../route.ts";
import { AskDoor } from "./AskDoor.tsx";
import { type Asked, type AskedDoor, asked } from "./ending.ts";
import { at } from "./naming.ts";
import { useNow } from "./useNow.ts";
import { Head, View } from "./View.tsx";

/** Before the end of the shift, door by door: who finishes it. Nothing hurries; what is put off comes again at the end. */
export function Handover() {
  const shown = asked(route.value, useNow(15_000));
  const [putOff, setPutOff] = useState<readonly string[]>([]);
  const count = useCounted(shown?.doors ?? []);
  if (!shown) return <AllSaid />;
  const inTurn = [...shown.doors].sort((one, other) => turn(putOff, one) - turn(putOff, other));
  const [door] = inTurn;
  if (!door) return <AllSaid />;
  const later = () => setPutOff([...putOff.filter((key) => key !== door.stop.key), door.stop.key]);
  return (
    <AskDoor
      key={door.stop.key}
      door={door}
      head={<Header shown={shown} place={count - shown.doors.length + 1} of={count} />}
    >
      {shown.doors.length > 1 && (
        <button type="button" class="button button--quiet" onClick={later}>
          {t(LATER_BUTTON)}
        </button>
      )}
    </AskDoor>
  );
}

/** Doors put off come behind the others, in the order in which they were. */
function turn(putOff: readonly string[], { stop }: AskedDoor): number {
  return putOff.indexOf(stop.key);
}

/** How many doors were asked about since the screen was opened. */
function useCounted(doors: readonly AskedDoor[]): number {
  const met = useRef(new Set<string>());
  for (const { stop } of doors) met.current.add(stop.key);
  return met.current.size;
}

function Header({ shown, place, of }: { shown: Asked; place: number; of: number }) {
  return (
    <>
      <Head onBack={back}>{t(ASK_TITLE)}</Head>
      <p class="row row--apart quiet">
        <span>{t(shown.over ? SHIFT_ENDED_AT : SHIFT_ENDS_AT, { time: at(shown.endsAt) })}</span>
        <span>{t(DOOR_OF, { n: place, m: of })}</span>
      </p>
    </>
  );
}

function AllSaid() {
  return (
    <View>
      <Head onBack={back}>{t(ASK_TITLE)}</Head>
      <div class="empty">
        <CheckIcon />
        <h2>{t(ALL_SAID)}</h2>
        <p class="quiet">{t(ALL_SAID_HINT)}</p>
        <button type="button" class="button button--primary" onClick={() => go("now", null, null, true)}>
          {t(BACK_TO_DOORS)}
        </button>
      </div>
    </View>
  );
}
