import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../texts/language.ts";
import {
  HAND_IT_OVER,
  NOTE_CHIPS,
  NOTE_HINT,
  NOTE_LABEL,
  SEND_HANDOVER,
  WE_FINISH,
} from "../../texts/phone-handover.ts";
import { CANCEL } from "../../texts/phone-views.ts";
import { Field } from "../../ui/Field.tsx";
import { draft, dropDraft, keepDraft } from "../drafts.ts";
import type { AskedDoor } from "./ending.ts";
import { useTellOnce } from "./keeping.ts";
import { View } from "./View.tsx";
import { WhatDoor } from "./WhatDoor.tsx";

const LONGEST = 2000;

interface Props {
  door: AskedDoor;
  head: ComponentChildren;
  /** Beside the two answers. */
  children: ComponentChildren;
}

/** One door, and the two answers. A note that was begun is there again when the door is. */
export function AskDoor({ door, head, children }: Props) {
  const key = `handover:${door.tasks.map((task) => task.id).join()}`;
  const [note, setNote] = useState(draft<string>(key) ?? "");
  const [writing, setWriting] = useState(note !== "");
  const tell = useTellOnce();
  const ids = door.tasks.map((task) => task.id);
  const write = (text: string) => {
    setNote(text);
    keepDraft(key, text);
  };
  const keepIt = async () => {
    if (await tell({ report: "keep", task_ids: ids })) dropDraft(key);
  };
  const handIt = async () => {
    if (await tell({ report: "hand_over", task_ids: ids, note: note.trim() })) dropDraft(key);
  };
  const answers = writing ? (
    <div class="actions">
      <button type="button" class="button" onClick={() => setWriting(false)}>
        {t(CANCEL)}
      </button>
      <button type="button" class="button button--primary" onClick={() => void handIt()}>
        {t(SEND_HANDOVER)}
      </button>
    </div>
  ) : (
    <div class="actions">
      <button type="button" class="button" onClick={() => setWriting(true)}>
        {t(HAND_IT_OVER)}
      </button>
      <button type="button" class="button button--primary" onClick={() => void keepIt()}>
        {t(WE_FINISH)}
      </button>
    </div>
  );
  return (
    <View actions={answers}>
      {head}
      <WhatDoor door={door} />
      {writing ? <Note text={note} onInput={write} /> : children}
    </View>
  );
}

/** In words, or with a tap: whoever comes next reads it at the door. */
function Note({ text, onInput }: { text: string; onInput: (text: string) => void }) {
  const add = (words: string) => onInput(text.trim() ? `${text.trim()} ${words}` : words);
  const here = useRef<HTMLDivElement>(null);
  useEffect(() => here.current?.scrollIntoView({ block: "nearest" }), []);
  return (
    <div class="stack" ref={here}>
      <Field label={t(NOTE_LABEL)} hint={t(NOTE_HINT)}>
        {(input) => (
          <textarea
            {...input}
            rows={3}
            maxLength={LONGEST}
            value={text}
            onInput={(event) => onInput(event.currentTarget.value)}
          />
        )}
      </Field>
      <div class="row" role="group" aria-label={t(NOTE_LABEL)}>
        {NOTE_CHIPS.filter((words) => !text.includes(t(words))).map((words) => (
          <button key={words.en} type="button" class="chip" onClick={() => add(t(words))}>
            {t(words)}
          </button>
        ))}
      </div>
    </div>
  );
}
