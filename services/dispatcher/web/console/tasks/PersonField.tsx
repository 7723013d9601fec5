import { useEffect, useState } from "preact/hooks";
import { NEW, TASK } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { TextField } from "../../ui/TextField.tsx";
import { Combobox } from "./Combobox.tsx";
import { type Door, findPeople, livingAt, type NewPerson, NOBODY, type Person, type Subject } from "./places.ts";
import { flagWords, listed } from "./words.ts";

interface PersonFieldProps {
  door: Door;
  person: Person;
  onPerson: (person: Person) => void;
  error?: string | undefined;
  /** Whether it must be somebody. */
  needed?: boolean;
}

/** Whom the task is about: somebody known at the door, somebody known elsewhere, or somebody new. */
export function PersonField({ door, person, onPerson, error, needed = false }: PersonFieldProps) {
  const known = usePeopleAt(door);
  const fresh = (text: string): NewPerson =>
    /^[+\d][\d ()-]*$/.test(text) ? { is: "new", name: "", phone: text } : { is: "new", name: text, phone: "" };
  return (
    <div class="stack">
      {known.length > 0 && (
        <fieldset class="task__choices">
          <legend>{t(NEW.livesHere)}</legend>
          {known.map((subject) => (
            <button
              type="button"
              key={subject.id}
              class="chip"
              aria-pressed={person.is === "known" && person.subject.id === subject.id}
              onClick={() => onPerson({ is: "known", subject })}
            >
              {subject.name || subject.phone || subject.ref}
            </button>
          ))}
        </fieldset>
      )}
      {person.is === "none" && (
        <Combobox
          label={t(NEW.searchPerson)}
          hint={t(NEW.searchPersonHint)}
          find={findPeople}
          keyOf={(one) => one.id}
          show={(one) => <PersonLine subject={one} />}
          onChoose={(subject) => onPerson({ is: "known", subject })}
          asNew={(text) => t(NEW.asNewPerson, { text })}
          onNew={(text) => onPerson(fresh(text))}
          nothing={t(NEW.noPersonFound)}
        />
      )}
      {person.is === "known" && (
        <div class="chosen">
          <PersonLine subject={person.subject} />
          <button type="button" class="button button--quiet" onClick={() => onPerson(NOBODY)}>
            {t(NEW.otherDoor)}
          </button>
        </div>
      )}
      {person.is === "new" && <NewPersonFields person={person} onPerson={onPerson} error={error} />}
      {person.is === "none" && (
        <div class="row">
          <button type="button" class="button" onClick={() => onPerson(fresh(""))}>
            {t(NEW.newPerson)}
          </button>
          {!needed && <span class="task__quiet">{t(NEW.nobody)}</span>}
        </div>
      )}
      {person.is !== "new" && error && <p class="field__error">{error}</p>}
    </div>
  );
}

function PersonLine({ subject }: { subject: Subject }) {
  return (
    <span class="task-door">
      <span>{subject.name || t(TASK.noPerson)}</span>
      <span class="task__quiet">{listed([subject.phone ?? "", ...flagWords(subject.flags)].filter(Boolean))}</span>
    </span>
  );
}

interface NewPersonFieldsProps {
  person: NewPerson;
  onPerson: (person: Person) => void;
  error?: string | undefined;
}

function NewPersonFields({ person, onPerson, error }: NewPersonFieldsProps) {
  return (
    <>
      <div class="edit__pair">
        <TextField
          label={t(NEW.name)}
          maxLength={200}
          autocomplete="off"
          value={person.name}
          onText={(text) => onPerson({ ...person, name: text })}
        />
        <TextField
          label={t(NEW.phoneNumber)}
          error={error}
          type="tel"
          maxLength={32}
          autocomplete="off"
          value={person.phone}
          onText={(text) => onPerson({ ...person, phone: text })}
        />
      </div>
      <button type="button" class="button button--quiet task__left" onClick={() => onPerson(NOBODY)}>
        {t(NEW.searchPerson)}
      </button>
    </>
  );
}

function usePeopleAt(door: Door): readonly Subject[] {
  const [found, setFound] = useState<readonly Subject[]>([]);
  const id = door.is === "known" ? door.household.id : "";
  useEffect(() => {
    setFound([]);
    if (!id) return;
    let gone = false;
    // Who lives there is a help, not a need: the search finds them too.
    livingAt(id).then(
      (people) => {
        if (!gone) setFound(people);
      },
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [id]);
  return found;
}
