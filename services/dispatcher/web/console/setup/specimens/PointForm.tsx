import { useRef, useState } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { newId } from "../../../api/ids.ts";
import { SETUP } from "../../../texts/console-setup.ts";
import { POINTS } from "../../../texts/console-specimens.ts";
import { t } from "../../../texts/language.ts";
import { Dialog } from "../../../ui/Dialog.tsx";
import { fieldError } from "../../../ui/refusal.ts";
import { TextField } from "../../../ui/TextField.tsx";
import { say } from "../../../ui/toasts.tsx";
import { type District, kindName, kinds } from "../../model.ts";
import { useSending } from "../asked.ts";
import { FormEnd } from "../FormEnd.tsx";
import { Chips } from "../kinds/Chips.tsx";
import { degrees, StartPlace } from "../teams/StartPlace.tsx";
import type { PickUpPoint } from "./Points.tsx";

interface PointFormProps {
  district: District;
  /** null: a new one */
  point: PickUpPoint | null;
  onClose: () => void;
  onSaved: () => void;
}

/** `lat` and `lon` as they are written. */
interface Draft {
  name: string;
  address: string;
  lab_address: string;
  lat: string;
  lon: string;
  kinds: string[];
  active: boolean;
}

const SHOWN = ["name", "address", "lab_address", "lat", "kinds"];
const HOME_SWAB = "home_swab";
const TRANSPORT = "specimen_transport";

/** A pick-up point, new or known. */
export function PointForm({ district, point, onClose, onSaved }: PointFormProps) {
  const id = useRef(point?.id ?? newId());
  const [draft, setDraft] = useState<Draft>(() => draftOf(point));
  const sending = useSending();
  const submit = async (event: Event) => {
    event.preventDefault();
    await sending.run(async () => {
      const body = bodyOf(draft);
      if (point) await answered(api.PATCH("/v1/pick-up-points/{id}", { params: { path: { id: point.id } }, body }));
      else
        await answered(api.POST("/v1/pick-up-points", { body: { ...body, id: id.current, district: district.code } }));
      say(t(SETUP.saved), "good");
      onSaved();
    });
  };
  return (
    <Dialog title={t(point ? POINTS.edit : POINTS.add)} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <PointFields draft={draft} set={(change) => setDraft({ ...draft, ...change })} error={sending.error} />
        <FormEnd sending={sending} shown={SHOWN} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

function draftOf(point: PickUpPoint | null): Draft {
  if (!point) return { name: "", address: "", lab_address: "", lat: "", lon: "", kinds: [HOME_SWAB], active: true };
  const { name, address, lab_address, kinds, active } = point;
  return { name, address, lab_address, kinds, active, lat: degrees(point.lat), lon: degrees(point.lon) };
}

function bodyOf({ lat, lon, address, ...draft }: Draft) {
  return { ...draft, lat: Number(lat), lon: Number(lon), address: address || draft.name };
}

interface FieldsProps {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  error: unknown;
}

function PointFields({ draft, set, error }: FieldsProps) {
  const codes = [...new Set([...kinds.value.keys(), ...draft.kinds])].filter((code) => code !== TRANSPORT);
  return (
    <>
      <TextField
        label={t(POINTS.name)}
        hint={t(POINTS.nameHint)}
        error={fieldError(error, "name")}
        required
        maxLength={200}
        autocomplete="off"
        value={draft.name}
        onText={(text) => set({ name: text })}
      />
      <TextField
        label={t(POINTS.address)}
        hint={t(SETUP.optional)}
        error={fieldError(error, "address")}
        maxLength={500}
        autocomplete="off"
        value={draft.address}
        onText={(text) => set({ address: text })}
      />
      <TextField
        label={t(POINTS.lab)}
        hint={t(POINTS.labHint)}
        error={fieldError(error, "lab_address")}
        required
        maxLength={500}
        autocomplete="off"
        value={draft.lab_address}
        onText={(text) => set({ lab_address: text })}
      />
      <StartPlace
        legend={t(POINTS.place)}
        hint={t(POINTS.placeHint)}
        required
        lat={draft.lat}
        lon={draft.lon}
        set={set}
        error={fieldError(error, "lat")}
      />
      <Chips
        legend={t(POINTS.kinds)}
        hint={t(POINTS.kindsHint)}
        options={codes.map((code) => [code, kindName(code)] as const)}
        chosen={draft.kinds}
        choose={(chosen) => set({ kinds: chosen })}
        error={fieldError(error, "kinds")}
      />
      <label class="setup__check">
        <input
          type="checkbox"
          checked={draft.active}
          onChange={(event) => set({ active: event.currentTarget.checked })}
        />
        {t(POINTS.active)}
      </label>
    </>
  );
}
