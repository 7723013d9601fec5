import { ITEM } from "../../../texts/console-follow-ups.ts";
import { named, t } from "../../../texts/language.ts";
import { Field } from "../../../ui/Field.tsx";
import { CrossIcon } from "../../../ui/icons.tsx";
import { fieldError } from "../../../ui/refusal.ts";
import { TextField } from "../../../ui/TextField.tsx";
import { kinds } from "../../model.ts";
import { Chips } from "../kinds/Chips.tsx";
import { type Expected, type ItemDraft, newItem } from "./draft.ts";

interface ItemsFieldProps {
  items: readonly ItemDraft[];
  set: (items: ItemDraft[]) => void;
  error: unknown;
}

/** What a day's ledger asks of each person: one line an item, unfolded to change it. */
export function ItemsField({ items, set, error }: ItemsFieldProps) {
  const change = (key: number, some: Partial<ItemDraft>) =>
    set(items.map((item) => (item.key === key ? { ...item, ...some } : item)));
  return (
    <fieldset class="setup__set rules">
      <legend class="field__label">{t(ITEM.title)}</legend>
      <span class="field__hint">{t(ITEM.hint)}</span>
      {items.map((item, place) => (
        <details key={item.key} class="rule" open={!item.code || isRefused(error, place)}>
          <summary>
            <span class="rule__when">
              {named({ ...item.otherNames, ...(item.en && { en: item.en }), ...(item.zh && { zh: item.zh }) }) ||
                t(ITEM.nth, { n: place + 1 })}
            </span>{" "}
            <span class="rule__then">{t(ITEM[item.expected])}</span>
          </summary>
          <ItemFields
            item={item}
            place={place}
            set={(some) => change(item.key, some)}
            remove={() => set(items.filter(({ key }) => key !== item.key))}
            error={error}
          />
        </details>
      ))}
      {items.length === 0 && <p class="setup__quiet setup__says">{t(ITEM.none)}</p>}
      <button type="button" class="button setup__start" onClick={() => set([...items, newItem()])}>
        {t(ITEM.add)}
      </button>
    </fieldset>
  );
}

/** What is refused is unfolded. */
function isRefused(error: unknown, place: number): boolean {
  return fieldError(error, `ledger.${place}`) !== undefined;
}

interface ItemFieldsProps {
  item: ItemDraft;
  place: number;
  set: (some: Partial<ItemDraft>) => void;
  remove: () => void;
  error: unknown;
}

const EXPECTED: readonly Expected[] = ["as_planned", "daily", "optional"];

function ItemFields({ item, place, set, remove, error }: ItemFieldsProps) {
  const wrong = (part: string) => fieldError(error, `ledger.${place}.${part}`);
  const offered = [...kinds.value.values()].filter(({ active, code }) => active || item.kinds.includes(code));
  return (
    <div class="stack rule__parts">
      <div class="setup__three">
        <TextField
          label={t(ITEM.nameZh)}
          error={wrong("names")}
          lang="zh-CN"
          maxLength={100}
          autocomplete="off"
          value={item.zh}
          onText={(zh) => set({ zh })}
        />
        <TextField
          label={t(ITEM.nameEn)}
          lang="en"
          maxLength={100}
          autocomplete="off"
          value={item.en}
          onText={(en) => set({ en })}
        />
        <TextField
          label={t(ITEM.code)}
          error={wrong("code")}
          maxLength={32}
          autocomplete="off"
          autocapitalize="none"
          value={item.code}
          onText={(code) => set({ code })}
        />
      </div>
      <Chips
        legend={t(ITEM.kinds)}
        hint=""
        options={offered.map(({ code, names }) => [code, named(names)])}
        chosen={item.kinds}
        choose={(chosen) => set({ kinds: chosen })}
        error={wrong("kinds")}
      />
      <div class="setup__three">
        <Field label={t(ITEM.expected)} error={wrong("expected")}>
          {(input) => (
            <select
              {...input}
              value={item.expected}
              onChange={(event) => set({ expected: event.currentTarget.value as Expected })}
            >
              {EXPECTED.map((one) => (
                <option key={one} value={one}>
                  {t(ITEM[one])}
                </option>
              ))}
            </select>
          )}
        </Field>
        <TextField
          label={t(ITEM.field)}
          hint={t(ITEM.fieldHint)}
          error={wrong("field")}
          maxLength={63}
          autocomplete="off"
          autocapitalize="none"
          value={item.field}
          onText={(field) => set({ field })}
        />
        <TextField
          label={t(ITEM.value)}
          hint={t(ITEM.valueHint)}
          error={wrong("value")}
          maxLength={200}
          autocomplete="off"
          value={item.value}
          onText={(value) => set({ value })}
        />
      </div>
      <button type="button" class="button button--quiet setup__start" onClick={remove}>
        <CrossIcon /> {t(ITEM.remove, { n: place + 1 })}
      </button>
    </div>
  );
}
