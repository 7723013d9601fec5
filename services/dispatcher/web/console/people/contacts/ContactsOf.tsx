import { useState } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { LIST } from "../../../texts/console-board.ts";
import { CLASS, CONTACTS } from "../../../texts/console-people.ts";
import { t } from "../../../texts/language.ts";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { type District, mayChange } from "../../model.ts";
import { useAsked, useEvents } from "../../setup/asked.ts";
import { pagesOf } from "../pages.ts";
import { ContactTable } from "./ContactTable.tsx";
import { NEWS } from "./news.ts";

interface Wanted {
  q: string;
  contact_class: "" | "close" | "secondary";
  reached: boolean;
}

/** The contacts of one index person, each with what became of asking them. */
export function ContactsOf({ district, indexId }: { district: District; indexId: string }) {
  const [wanted, setWanted] = useState<Wanted>({ q: "", contact_class: "", reached: true });
  const [pages, setPages] = useState(1);
  const index = useAsked(
    () => answered(api.GET("/v1/subjects/{id}", { params: { path: { id: indexId } } })),
    [indexId],
  );
  const asked = useAsked(() => search(district, indexId, wanted, pages), [district.id, indexId, wanted, pages]);
  useEvents(NEWS, asked.again);
  const name = index.value ? index.value.name || index.value.ref || t(CONTACTS.nameless) : "";
  const want = (change: Partial<Wanted>) => {
    setWanted({ ...wanted, ...change });
    setPages(1);
  };
  return (
    <>
      <a href="#/people/contacts">← {t(CONTACTS.allPersons)}</a>
      <div class="people__lead">
        <h2>{index.value && t(CONTACTS.of, { name })}</h2>
        <span class="setup__number">{index.value?.phone}</span>
      </div>
      <div class="setup__tools">
        <Search wanted={wanted} want={want} />
        {mayChange.value && index.value && (
          <a class="button button--primary" href={`#/people/contacts/import/${indexId}`}>
            {t(CONTACTS.importOf, { name })}
          </a>
        )}
      </div>
      <ProblemNote error={index.error ?? asked.error} />
      {asked.value && <ContactTable contacts={asked.value.items} />}
      {asked.value?.more && (
        <button type="button" class="button" onClick={() => setPages(pages + 1)}>
          {t(CONTACTS.more)}
        </button>
      )}
    </>
  );
}

function search(district: District, indexId: string, { q, contact_class, reached }: Wanted, pages: number) {
  return pagesOf(pages, (page) => {
    const query = {
      district: district.code,
      index_id: indexId,
      ...page,
      ...(q.trim() && { q: q.trim() }),
      ...(contact_class && { contact_class }),
      ...(!reached && { reached: false }),
    };
    return answered(api.GET("/v1/contacts", { params: { query } }));
  });
}

interface SearchProps {
  wanted: Wanted;
  want: (change: Partial<Wanted>) => void;
}

function Search({ wanted, want }: SearchProps) {
  return (
    <search class="setup__search">
      <input
        type="search"
        class="setup__input"
        value={wanted.q}
        aria-label={t(CONTACTS.search)}
        placeholder={t(CONTACTS.search)}
        onInput={(event) => want({ q: event.currentTarget.value })}
      />
      <select
        class="setup__input"
        aria-label={t(CONTACTS.class)}
        value={wanted.contact_class}
        onChange={(event) => want({ contact_class: event.currentTarget.value as Wanted["contact_class"] })}
      >
        <option value="">{t(LIST.any, { what: t(CONTACTS.class) })}</option>
        <option value="close">{t(CLASS.close)}</option>
        <option value="secondary">{t(CLASS.secondary)}</option>
      </select>
      <label class="setup__check">
        <input
          type="checkbox"
          checked={!wanted.reached}
          onChange={(event) => want({ reached: !event.currentTarget.checked })}
        />
        {t(CONTACTS.notReached)}
      </label>
    </search>
  );
}
